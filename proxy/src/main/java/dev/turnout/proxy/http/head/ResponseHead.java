package dev.turnout.proxy.http.head;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** The head of a response (RFC 9112 4). Reused from one response to the next; see {@link FieldSection}. */
public final class ResponseHead extends MessageHead {
    private static final int VERSION = 1;
    private static final int STATUS = 2;
    private static final int REASON = 3;
    private static final int LINE_LF = 4;
    /** {@code HTTP/1.1 200}; what follows is a space and a reason, or already the end of the line. */
    private static final int STATUS_BYTES = VERSION_BYTES + 4;

    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    /** What {@link #keepAliveSeconds} answers when the endpoint does not say. */
    public static final int NO_TIMEOUT = -1;
    private static final byte[] TIMEOUT = Octets.ascii("timeout=");
    private static final int MOST_TIMEOUT_DIGITS = 6;

    private static final byte[] VERSION_11 = Octets.ascii("HTTP/1.1");
    private static final byte[] LENGTH_NAME = Octets.ascii("content-length");
    private static final byte[] SET_COOKIE_NAME = Octets.ascii("set-cookie");
    private static final byte[] CODING_NAME = Octets.ascii("transfer-encoding");

    private int status;
    private int keepAliveSeconds;

    public ResponseHead(HeadLimits limits) {
        super(limits);
        reset();
    }

    @Override
    public void reset() {
        super.reset();
        status = 0;
        keepAliveSeconds = NO_TIMEOUT;
    }

    /** Whether the answer sets a cookie of this name; blanks behind it do not count (RFC 6265 5.2). */
    public boolean setsCookie(ByteBuf in, byte[] name) {
        for (int index = find(in, SET_COOKIE_NAME, 0); index >= 0; index = find(in, SET_COOKIE_NAME,
                index + 1)) {
            int start = in.readerIndex() + valueStart(index);
            int equals = in.indexOf(start, in.readerIndex() + valueEnd(index), (byte) '=');
            if (equals >= 0 && Octets.trimEnd(in, start, equals) - start == name.length
                    && ByteBufUtil.equals(in, start, Unpooled.wrappedBuffer(name), 0, name.length)) {
                return true;
            }
        }
        return false;
    }

    @Override
    int scanStartLine(ByteBuf in, int base, int from, int end) {
        int i = from;
        while (i < end) {
            byte octet = in.getByte(base + i);
            switch (state()) {
                case START_LINE -> state(VERSION);
                case VERSION -> i = scanVersion(in, base, 0, i, end, STATUS, HeadFault.STATUS_LINE);
                case STATUS -> i = scanStatus(octet, i);
                case REASON -> i = scanReason(in, base, i, end);
                case LINE_LF -> i = endStartLine(octet, i);
                default -> {
                    return i;
                }
            }
        }
        return i;
    }

    private int scanStatus(byte octet, int i) {
        if (i == VERSION_BYTES) {
            if (octet != ' ') {
                refuse(HeadFault.STATUS_LINE);
            }
        } else if (i < STATUS_BYTES) {
            if (!isDigit(octet)) {
                refuse(HeadFault.STATUS_LINE);
            }
            status = status * 10 + (octet - '0');
        } else if (status < 100 || status > 599 || (octet != ' ' && octet != '\r')) {
            refuse(HeadFault.STATUS_LINE);
        } else {
            // A reason may be empty, and some servers leave out its space with it; nothing hangs on either.
            state(octet == ' ' ? REASON : LINE_LF);
        }
        return i + 1;
    }

    private int scanReason(ByteBuf in, int base, int from, int end) {
        for (int i = from; i < end; i++) {
            byte octet = in.getByte(base + i);
            if ((Octets.kinds(octet) & Octets.VALUE) == 0) {
                if (octet == '\r') {
                    state(LINE_LF);
                    return i + 1;
                }
                refuse(HeadFault.STATUS_LINE);
                return i;
            }
        }
        return end;
    }

    /** What an endpoint says of itself reaches nobody who would take it for a word of ours. */
    @Override
    boolean dropsUnderscores() {
        return false;
    }

    @Override
    void onField(KnownField known, ByteBuf in, int valueStart, int valueEnd, int index) {
        if (known == KnownField.KEEP_ALIVE) {
            onKeepAlive(in, valueStart, valueEnd);
        } else {
            super.onField(known, in, valueStart, valueEnd, index);
        }
    }

    /** As servers write it: {@code timeout=5}, perhaps with {@code , max=100} behind it. */
    private void onKeepAlive(ByteBuf in, int start, int end) {
        int digits = start + TIMEOUT.length;
        if (end <= digits || !Octets.same(in, start, digits, TIMEOUT)) {
            return;
        }
        int seconds = 0;
        for (int i = digits; i < Math.min(end, digits + MOST_TIMEOUT_DIGITS) && isDigit(in.getByte(i)); i++) {
            seconds = seconds * 10 + in.getByte(i) - '0';
            keepAliveSeconds = seconds;
        }
    }

    /** How long the endpoint keeps the connection when nothing comes, or {@link #NO_TIMEOUT}. */
    public int keepAliveSeconds() {
        return keepAliveSeconds;
    }

    @Override
    void onEnd(ByteBuf in, int base) {
        super.onEnd(in, base);
        boolean announcesBody = chunked() || contentLength() > 0;
        if (announcesBody && (interim() || status == NO_CONTENT)) {
            // RFC 9112 6.1, RFC 9110 8.6: never there; a client that believed it would wait, or take the next answer.
            cutAll(in, LENGTH_NAME);
            cutAll(in, CODING_NAME);
        }
    }

    /** 100..599. */
    public int status() {
        return status;
    }

    /** Not the answer yet: another head follows (RFC 9110 15.2). */
    public boolean interim() {
        return status < 200;
    }

    /** Whether it switches to this protocol (RFC 9110 15.2.2); letter case does not count. */
    public boolean switchesTo(byte[] protocol, ByteBuf in) {
        byte[] named = upgrade(in);
        return status == SWITCHING_PROTOCOLS && named != null
                && new String(named, StandardCharsets.US_ASCII)
                        .equalsIgnoreCase(new String(protocol, StandardCharsets.US_ASCII));
    }

    /** Never has a body, whatever its fields say (RFC 9112 6.3). */
    public boolean bodyless() {
        return interim() || status == NO_CONTENT || status == NOT_MODIFIED;
    }

    /** Whether the head can go out as the bytes that came in. */
    public boolean asItStands() {
        return !cutsFields() && !http10();
    }

    @Override
    public void writeTo(ByteBuf out, ByteBuf in) {
        // The version is this hop's, not the endpoint's (RFC 9110 2.5).
        out.writeBytes(VERSION_11);
        copyKept(in, VERSION_BYTES, out);
    }
}
