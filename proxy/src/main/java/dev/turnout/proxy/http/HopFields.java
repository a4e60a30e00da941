package dev.turnout.proxy.http;

import dev.turnout.config.AddressRange;
import dev.turnout.config.HeadersConfig;
import dev.turnout.proxy.http.head.KnownField;
import dev.turnout.proxy.http.head.RequestHead;
import dev.turnout.proxy.http.rules.ClientAddress;
import dev.turnout.proxy.http.rules.Forwarded;
import dev.turnout.proxy.http.rules.TraceContext;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The fields that a request gets on its way to the endpoint: who asked, by which name, through whom. One for each client
 * connection; confined to its event loop.
 */
final class HopFields {
    private static final byte[] PROTO = ascii("X-Forwarded-Proto: http\r\n");
    private static final byte[] HOST = ascii("X-Forwarded-Host: ");
    private static final byte[] REQUEST_ID = ascii("X-Request-Id: ");
    private static final byte[] TRACE = ascii("traceparent: 00-");
    /** Sampled: an endpoint that follows its caller's choice would else record nothing. */
    private static final byte[] TRACE_FLAGS = ascii("-01\r\n");
    private static final byte[] VIA = ascii("Via: 1.1 turnout\r\n");
    private static final byte[] VIA_HTTP_10 = ascii("Via: 1.0 turnout\r\n");
    private static final byte[] HOST_PARAMETER = ascii(";host=\"");
    private static final byte[] LINE_END = ascii("\r\n");
    /** Room for what {@link #writeTo} writes, but for long names of hosts. */
    static final int ADDED_BYTES = 384;

    private final HeadersConfig config;
    private final InetAddress peer;
    private final Ids ids;
    private final boolean trusted;
    private final byte[] forwardedFor;
    private final byte[] forwarded;

    /** @param peer who sends the requests of this connection */
    HopFields(HeadersConfig config, Ids ids, InetAddress peer) {
        this.config = config;
        this.peer = peer;
        this.ids = ids;
        trusted = isTrusted(peer);
        forwardedFor = config.xForwarded()
                ? ascii("X-Forwarded-For: " + Forwarded.address(peer) + "\r\n")
                : new byte[0];
        forwarded = config.forwarded() ? ascii("Forwarded: " + Forwarded.element(peer)) : new byte[0];
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private boolean isTrusted(InetAddress address) {
        for (AddressRange range : config.trust()) {
            if (range.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /** Whether these are the fields of that configuration. */
    boolean isOf(HeadersConfig other) {
        return config.equals(other);
    }

    /** Who asks: the peer or, when it is believed, whoever it says. Before anything is {@linkplain #sift sifted}. */
    InetAddress client(RequestHead head, ByteBuf in) {
        return trusted && head.has(KnownField.X_FORWARDED_FOR)
                ? ClientAddress.of(head.values(KnownField.X_FORWARDED_FOR, in), peer, this::isTrusted)
                : peer;
    }

    /** Leaves out what the client may not say for itself. Before the head is written. */
    void sift(RequestHead head, ByteBuf in) {
        if (!trusted) {
            if (config.xForwarded()) {
                head.leaveOut(KnownField.X_FORWARDED_FOR, in);
                head.leaveOut(KnownField.X_FORWARDED_HOST, in);
                head.leaveOut(KnownField.X_FORWARDED_PROTO, in);
            }
            if (config.forwarded() || config.xForwarded()) {
                // Whichever of the two an endpoint asks, it gets no stranger's word for it.
                head.leaveOut(KnownField.FORWARDED, in);
            }
            if (config.requestId()) {
                head.leaveOut(KnownField.X_REQUEST_ID, in);
            }
        }
        if (config.traceparent() && head.has(KnownField.TRACEPARENT)) {
            String given = head.value(KnownField.TRACEPARENT, in);
            if (given == null || !TraceContext.isValid(given)) {
                head.leaveOut(KnownField.TRACEPARENT, in);
                // It says nothing about the trace that begins here.
                head.leaveOut(KnownField.TRACESTATE, in);
            }
        }
    }

    /** Writes what the endpoint is told beside the head, in whole field lines. */
    void writeTo(ByteBuf out, RequestHead head, ByteBuf in) {
        if (config.xForwarded()) {
            out.writeBytes(forwardedFor);
            if (!head.has(KnownField.X_FORWARDED_PROTO)) {
                out.writeBytes(PROTO);
            }
            if (!head.has(KnownField.X_FORWARDED_HOST) && head.hasHost()) {
                out.writeBytes(HOST);
                head.writeHostTo(out, in);
                out.writeBytes(LINE_END);
            }
        }
        if (config.forwarded()) {
            out.writeBytes(forwarded);
            if (head.hasHost()) {
                out.writeBytes(HOST_PARAMETER);
                head.writeHostTo(out, in);
                out.writeByte('"');
            }
            out.writeBytes(LINE_END);
        }
        if (config.via()) {
            out.writeBytes(head.http10() ? VIA_HTTP_10 : VIA);
        }
        writeIds(out, head);
    }

    /** The id that the request goes on with; null when it has none. After {@link #writeTo}. Allocates. */
    @Nullable
    String requestId(RequestHead head, ByteBuf in) {
        if (head.has(KnownField.X_REQUEST_ID)) {
            return head.value(KnownField.X_REQUEST_ID, in);
        }
        return config.requestId() ? ids.toString() : null;
    }

    private void writeIds(ByteBuf out, RequestHead head) {
        boolean id = config.requestId() && !head.has(KnownField.X_REQUEST_ID);
        boolean trace = config.traceparent() && !head.has(KnownField.TRACEPARENT);
        if (id || trace) {
            ids.next();
        }
        if (id) {
            out.writeBytes(REQUEST_ID);
            ids.writeTo(out);
            out.writeBytes(LINE_END);
        }
        if (trace) {
            out.writeBytes(TRACE);
            ids.writeTo(out);
            out.writeByte('-');
            ids.writeHalfTo(out);
            out.writeBytes(TRACE_FLAGS);
        }
    }
}
