package dev.turnout.proxy.http;

import dev.turnout.config.Target;
import dev.turnout.proxy.failure.Kind;
import dev.turnout.proxy.failure.ProxyFailure;
import dev.turnout.proxy.http.head.BodyFraming;
import dev.turnout.proxy.http.head.Method;
import dev.turnout.proxy.http.head.RequestHead;
import dev.turnout.proxy.http.head.ResponseHead;
import dev.turnout.proxy.http.upstream.OriginConnection;
import dev.turnout.proxy.http.upstream.OriginListener;
import dev.turnout.proxy.metrics.Outcome;
import dev.turnout.proxy.net.Channels;
import dev.turnout.proxy.upstream.Endpoint;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, from the whole head to the last byte: decided once, sent to one endpoint, counted once.
 * A client connection has one, used for each of its requests. Confined to its event loop.
 */
final class Exchange implements OriginListener {
    /** Whose request it is. Every call comes on the event loop. */
    interface Client {
        /** The origin leg is there: what came meanwhile can go on. */
        void onConnected();

        /** The origin leg takes more bytes, or does not. */
        void onOriginWritability(boolean writable);

        /** The answer is written to its end. {@code persistent}: the connection serves another request. */
        void onAnswered(boolean persistent);

        /** The answer broke off: the client must not take what it has for the whole. */
        void abort();
    }

    /*
     *   IDLE --begin--> CONNECTING --onConnected--> SENT --onAnswer--> ANSWERING --onEnd--> IDLE
     *                      |    \__ an idle connection is there: at once _/
     *                      onConnectFailed: the next endpoint of the side, then 502
     *   SENT --onFailure, nothing answered, a reused connection, safe to repeat--> CONNECTING
     *   any but IDLE --fail, client gone--> IDLE
     */
    private enum State {
        IDLE, CONNECTING, SENT, ANSWERING
    }

    private static final byte[] LINE_END = ascii("\r\n");
    private static final byte[] CLOSE = ascii("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
    private static final byte[] ANSWERED_BY_BLUE = ascii("X-Turnout-Target: blue\r\n");
    private static final byte[] ANSWERED_BY_GREEN = ascii("X-Turnout-Target: green\r\n");
    /** A body part up to this size is copied behind its head: one write is cheaper than one buffer. */
    private static final int COPIED_BODY_BYTES = 16 * 1024;

    private final HttpRoute route;
    private final Channel client;
    private final Client connection;
    private byte @Nullable [] forwardedFor;

    private State state = State.IDLE;
    private HttpRoute.Side side;
    private Target target = Target.BLUE;
    private Method method = Method.OTHER;
    private boolean http10;
    private boolean persistent;
    private boolean hasBody;
    private boolean requestEnded;
    private boolean repeated;
    private int endpointsLeft;
    private long startedNanos;
    private int status;
    private @Nullable OriginConnection origin;
    /** Head and first part of the body: until it is written, and while it may have to be written again. */
    private @Nullable ByteBuf request;

    Exchange(HttpRoute route, Channel client, Client connection) {
        this.route = route;
        this.client = client;
        this.connection = connection;
        side = route.side(target);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Borrows all; moves {@code in} past the head and past as much of the body as is sent with it. */
    void begin(RequestHead head, ByteBuf in, BodyFraming body) {
        startedNanos = route.loop().nanos();
        target = route.loop().decide(route.name(), head, in).target();
        side = route.side(target);
        method = head.method();
        http10 = head.http10();
        persistent = head.persistent();
        hasBody = head.hasBody();
        requestEnded = false;
        repeated = false;
        endpointsLeft = side.endpoints().size();
        request = compose(head, in, body);
        side.meters().started();
        send();
    }

    private ByteBuf compose(RequestHead head, ByteBuf in, BodyFraming body) {
        byte[] address = forwardedFor();
        ByteBuf out = client.alloc().buffer(in.readableBytes() + address.length + 1);
        head.writeTo(out, in);
        out.writeBytes(address).writeBytes(LINE_END);
        in.skipBytes(head.length());
        int bytes = body.next(in);
        if (bytes > 0) {
            out.writeBytes(in, bytes);
        }
        return out;
    }

    private byte[] forwardedFor() {
        byte[] known = forwardedFor;
        if (known == null) {
            String address = ((InetSocketAddress) client.remoteAddress()).getAddress().getHostAddress();
            known = ascii("X-Forwarded-For: " + address + "\r\n");
            forwardedFor = known;
        }
        return known;
    }

    private void send() {
        state = State.CONNECTING;
        Endpoint endpoint = side.endpoints().next();
        // What met a closing connection once does not try its luck with another idle one.
        OriginConnection idle = repeated ? null : route.loop().origins().take(endpoint, this);
        if (idle != null) {
            sendOn(idle);
        } else {
            endpointsLeft--;
            route.loop().origins().connect(endpoint, route.connectTimeout(), this);
        }
    }

    private void sendOn(OriginConnection connected) {
        ByteBuf first = request;
        if (first == null) {
            throw new IllegalStateException("request: already sent (expected: once for each connection)");
        }
        state = State.SENT;
        origin = connected;
        if (connected.reused() && !repeated && method.idempotent() && !hasBody) {
            first.retain();
        } else {
            request = null;
        }
        // Changes from here on are events; either channel may be full already from what it served before.
        connected.pauseReads(!client.isWritable());
        connection.onOriginWritability(connected.writable());
        connected.begin(method, http10, first);
        connection.onConnected();
    }

    @Override
    public void onConnected(OriginConnection connected) {
        if (state != State.CONNECTING) {
            // The client went away meanwhile.
            connected.abandon();
            return;
        }
        sendOn(connected);
        flush();
    }

    @Override
    public void onConnectFailed(ProxyFailure failure) {
        if (state != State.CONNECTING) {
            return;
        }
        // Nothing was sent, so any method may go to the next endpoint.
        if (endpointsLeft > 0) {
            send();
            flush();
        } else {
            fail(failure);
        }
    }

    /** Whether {@link #body} may be called now. */
    boolean takesBody() {
        return state != State.CONNECTING;
    }

    /** A part of the request's body. Takes ownership. */
    void body(ByteBuf part) {
        OriginConnection to = origin;
        if (to == null) {
            part.release();
            return;
        }
        to.write(part);
    }

    /** The request has been read, and handed over, to its end. */
    void requestEnd() {
        requestEnded = true;
    }

    @Override
    public boolean requestSent() {
        return requestEnded;
    }

    /** Sends what was written to the origin. */
    void flush() {
        if (origin != null) {
            origin.flush();
        }
    }

    @Override
    public void onInterim(ResponseHead head, ByteBuf in) {
        dropRepeat();
        if (!http10) {
            ByteBuf out = client.alloc().buffer(head.length());
            head.writeTo(out, in);
            Channels.write(client, out.writeBytes(LINE_END));
        }
    }

    @Override
    public void onAnswer(ResponseHead head, ByteBuf in, BodyFraming framing) {
        dropRepeat();
        if (http10 && head.chunked()) {
            in.skipBytes(in.readableBytes());
            fail(new ProxyFailure(Kind.UPSTREAM_PROTOCOL,
                    "a chunked answer to HTTP/1.0 (expected: HTTP/1.0)"));
            return;
        }
        state = State.ANSWERING;
        status = head.status();
        persistent &= requestEnded && !framing.endsWithConnection();
        if (head.asItStands() && persistent && !http10 && !route.exposeTarget()) {
            passOn(head, in, framing);
        } else {
            rewrite(head, in, framing);
        }
    }

    /** Head and body as they came, in one write. */
    private void passOn(ResponseHead head, ByteBuf in, BodyFraming framing) {
        int start = in.readerIndex();
        in.skipBytes(head.length());
        // Never negative here: a body does not begin with a part that is left out.
        int bytes = framing.next(in);
        in.skipBytes(bytes);
        Channels.write(client, in.retainedSlice(start, head.length() + bytes));
    }

    private void rewrite(ResponseHead head, ByteBuf in, BodyFraming framing) {
        int headBytes = head.length();
        ByteBuf out = client.alloc()
                .buffer(headBytes + 64 + Math.min(in.readableBytes() - headBytes, COPIED_BODY_BYTES));
        head.writeTo(out, in);
        if (route.exposeTarget()) {
            out.writeBytes(target == Target.BLUE ? ANSWERED_BY_BLUE : ANSWERED_BY_GREEN);
        }
        if (!persistent) {
            out.writeBytes(CLOSE);
        } else if (http10) {
            out.writeBytes(KEEP_ALIVE);
        }
        out.writeBytes(LINE_END);
        in.skipBytes(headBytes);
        int bytes = framing.next(in);
        if (bytes > 0 && bytes <= COPIED_BODY_BYTES) {
            out.writeBytes(in, bytes);
            bytes = 0;
        }
        Channels.write(client, out);
        if (bytes > 0) {
            Channels.write(client, in.readRetainedSlice(bytes));
        }
    }

    @Override
    public void onBody(ByteBuf part) {
        Channels.write(client, part);
    }

    void onClientWritability(boolean writable) {
        if (origin != null) {
            origin.pauseReads(!writable);
        }
    }

    @Override
    public void onWritability(boolean writable) {
        connection.onOriginWritability(writable);
    }

    @Override
    public void onBurstEnd() {
        client.flush();
    }

    @Override
    public void onEnd() {
        origin = null;
        end(Outcome.ofStatus(status));
        connection.onAnswered(persistent);
    }

    @Override
    public void onFailure(ProxyFailure failure, boolean answered) {
        origin = null;
        ByteBuf again = request;
        if (again != null && !answered && state == State.SENT) {
            // RFC 9112 9.3.1: the endpoint closed an idle connection just as the request came.
            again.readerIndex(0);
            endpointsLeft = Math.max(1, endpointsLeft);
            repeated = true;
            send();
            return;
        }
        fail(failure);
    }

    /** Ends the exchange with an answer of the proxy's own; or, when the endpoint's has begun, by breaking it off. */
    void fail(ProxyFailure failure) {
        abandonOrigin();
        boolean begun = state == State.ANSWERING;
        end(Outcome.of(failure.kind()));
        if (begun) {
            connection.abort();
            return;
        }
        // HTTP/1.0 would wait for the end; a client that does not read must not make us write.
        boolean stays = persistent && requestEnded && !http10 && client.isWritable();
        Channels.write(client, ErrorAnswer.of(client.alloc(), failure, !stays, method != Method.HEAD));
        connection.onAnswered(stays);
    }

    void onClientGone() {
        if (state == State.IDLE) {
            return;
        }
        abandonOrigin();
        end(Outcome.of(Kind.CLIENT_ABORT));
    }

    private void abandonOrigin() {
        if (origin != null) {
            origin.abandon();
            origin = null;
        }
    }

    private void end(Outcome outcome) {
        dropRepeat();
        state = State.IDLE;
        status = 0;
        side.meters().ended(outcome, route.loop().nanos() - startedNanos);
    }

    /** The request will not be written again. */
    private void dropRepeat() {
        if (request != null) {
            request.release();
            request = null;
        }
    }
}
