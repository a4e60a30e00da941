package dev.turnout.proxy.http.upstream;

import dev.turnout.proxy.failure.Kind;
import dev.turnout.proxy.failure.ProxyFailure;
import dev.turnout.proxy.http.head.BodyFraming;
import dev.turnout.proxy.http.head.HeadFault;
import dev.turnout.proxy.http.head.Method;
import dev.turnout.proxy.http.head.ResponseHead;
import dev.turnout.proxy.net.Channels;
import dev.turnout.proxy.net.Deadlines;
import dev.turnout.proxy.net.ReadGate;
import dev.turnout.proxy.upstream.Endpoint;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an endpoint, and the reader of what comes back on it. Serves one listener after the other; whatever
 * comes while it serves none, or behind an answer, makes it unfit for the next. Confined to its event loop.
 */
public final class OriginConnection extends ChannelInboundHandlerAdapter {
    /** Its name in the pipeline. */
    public static final String NAME = "connection";
    private static final int SWITCHING_PROTOCOLS = 101;
    /** Far more than any server sends before its answer; without a limit it could hold a client with heads for ever. */
    private static final int MOST_INTERIM = 100;
    private static final int GATEWAY_ERRORS_FROM = 502;
    private static final int GATEWAY_ERRORS_TO = 504;

    private final Origins origins;
    private final Endpoint endpoint;
    private final Channel channel;
    private final ReadGate reads;
    private final BodyFraming body;
    /** How long it may be idle, in ticks. */
    private final long poolTicks;
    private final Unused unused = new Unused();
    /** The same, or less, if the endpoint has said that it closes sooner. */
    private long keepTicks;
    private @Nullable OriginListener listener;
    /** Taken from the loop while a head is being read. */
    private @Nullable ResponseHead head;
    /** What came, but does not yet suffice. */
    private @Nullable ByteBuf pending;
    private Method method = Method.OTHER;
    private int interim;
    /** Whose answer ended in this burst of bytes, and is told when that is over. */
    private @Nullable OriginListener ended;
    /** Whether the connection may serve another request then. */
    private boolean fit;
    private boolean inBody;
    /** The answer does not say that the endpoint has failed. */
    private boolean good;
    private boolean answered;
    private boolean persistent;
    private boolean endsWithAnswer;
    private boolean reused;
    /** The protocol that the request asks to go on with. */
    private byte @Nullable [] upgrade;

    /** Ends it when nobody has used it for too long. */
    private final class Unused extends Deadlines.Deadline {
        @Override
        protected void expired() {
            if (listener == null) {
                retire();
            }
        }
    }

    OriginConnection(Origins origins, Endpoint endpoint, Channel channel, long poolTicks) {
        this.origins = origins;
        this.poolTicks = poolTicks;
        keepTicks = poolTicks;
        this.endpoint = endpoint;
        this.channel = channel;
        reads = new ReadGate(channel);
        body = new BodyFraming(origins.limits());
    }

    /** From now on what comes back is for {@code next}. */
    void serve(OriginListener next) {
        assert channel.eventLoop().inEventLoop();
        listener = next;
        interim = 0;
        inBody = false;
        answered = false;
        persistent = false;
    }

    /**
     * Writes the beginning of a request. Takes ownership.
     *
     * @param http10 whether the endpoint will take the connection to end with the answer
     * @param protocol that the request asks to go on with; then the connection serves no other request, whatever comes
     */
    public void begin(Method requestMethod, boolean http10, byte @Nullable [] protocol, ByteBuf request) {
        method = requestMethod;
        upgrade = protocol;
        endsWithAnswer = http10 || protocol != null;
        Channels.write(channel, request);
    }

    /** Writes more of the request. Takes ownership. */
    public void write(ByteBuf part) {
        Channels.write(channel, part);
    }

    public void flush() {
        channel.flush();
    }

    boolean open() {
        return channel.isActive();
    }

    public boolean writable() {
        return channel.isWritable();
    }

    /** What it was given and has not taken yet. */
    public long pendingBytes() {
        return Channels.pendingBytes(channel);
    }

    /** Whether it has served another request before this one, so that the endpoint may have closed it meanwhile. */
    public boolean reused() {
        return reused;
    }

    /** Reading stops while the listener's peer takes no more. */
    public void pauseReads(boolean pause) {
        reads.peerWritable(!pause);
    }

    /** Ends the connection; the listener is not told. */
    public void abandon() {
        listener = null;
        ended = null;
        Channels.close(channel);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        ByteBuf earlier = pending;
        if (earlier != null) {
            pending = null;
            in = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), earlier, in);
        }
        boolean kept = false;
        try {
            boolean more = true;
            while (more && in.isReadable()) {
                more = listener != null ? step(listener, in) : drop(in);
            }
            kept = in.isReadable();
        } finally {
            if (kept) {
                pending = in;
            } else {
                in.release();
            }
        }
    }

    /** RFC 9112 9.2: bytes that nobody asked for could pass for the next answer. */
    private boolean drop(ByteBuf in) {
        in.skipBytes(in.readableBytes());
        fit = false;
        if (ended == null) {
            retire();
        }
        return false;
    }

    /** It is free for the next request, if there may be one. */
    void offer() {
        reused = true;
        if (channel.isActive() && keepTicks > 0 && !endpoint.removed() && origins.keep(this)) {
            origins.deadlines().set(unused, keepTicks);
        } else {
            Channels.close(channel);
        }
    }

    /** It serves nobody any more. */
    void retire() {
        origins.forget(this);
        Channels.close(channel);
    }

    /** Answers whether there may be more to do with the bytes that are left. */
    private boolean step(OriginListener current, ByteBuf in) {
        return inBody ? relay(current, in) : readHead(current, in);
    }

    private boolean readHead(OriginListener current, ByteBuf in) {
        answered = true;
        ResponseHead reading = head;
        if (reading == null) {
            reading = origins.heads().take();
            head = reading;
        }
        return switch (reading.scan(in)) {
            case MORE -> false;
            case REFUSED -> refuse(in, reading.faultDetail());
            case COMPLETE ->
                reading.interim() ? onInterim(current, reading, in) : onAnswer(current, reading, in);
        };
    }

    private boolean onInterim(OriginListener current, ResponseHead reading, ByteBuf in) {
        if (reading.status() == SWITCHING_PROTOCOLS) {
            return onSwitch(current, reading, in);
        }
        if (++interim > MOST_INTERIM) {
            return refuse(in,
                    "interim answers: more than " + MOST_INTERIM + " (expected: at most " + MOST_INTERIM
                            + ", then an answer)");
        }
        current.onInterim(reading, in);
        in.skipBytes(reading.length());
        reading.reset();
        return true;
    }

    private boolean onSwitch(OriginListener current, ResponseHead reading, ByteBuf in) {
        byte[] wanted = upgrade;
        if (wanted == null || !reading.switchesTo(wanted, in)) {
            return refuse(in,
                    "status 101 to a protocol that the request did not ask for (expected: the one it asked for)");
        }
        listener = null;
        reads.reset();
        endpoint.succeeded();
        current.onSwitch(reading, in, channel);
        returnHead();
        return false;
    }

    private boolean onAnswer(OriginListener current, ResponseHead reading, ByteBuf in) {
        frame(reading);
        inBody = true;
        persistent = reading.persistent() && !endsWithAnswer && !body.endsWithConnection();
        int seconds = reading.keepAliveSeconds();
        // A second earlier than the endpoint, so that the two do not meet.
        keepTicks = seconds == ResponseHead.NO_TIMEOUT
                ? poolTicks
                : Math.min(poolTicks, Deadlines.ticks(TimeUnit.SECONDS.toNanos(Math.max(0, seconds - 1))));
        good = reading.status() < GATEWAY_ERRORS_FROM || reading.status() > GATEWAY_ERRORS_TO;
        if (!good) {
            endpoint.failed();
        }
        current.onAnswer(reading, in, body);
        returnHead();
        return listener != null && endIfDone(current, in);
    }

    /** RFC 9112 6.3. */
    private void frame(ResponseHead reading) {
        if (method == Method.HEAD || reading.bodyless()) {
            body.none();
        } else if (reading.chunked()) {
            body.chunked();
        } else if (reading.contentLength() >= 0) {
            body.length(reading.contentLength());
        } else {
            body.untilClose();
        }
    }

    private boolean relay(OriginListener current, ByteBuf in) {
        int bytes = body.next(in);
        if (bytes > 0) {
            current.onBody(in.readRetainedSlice(bytes));
        } else {
            in.skipBytes(-bytes);
        }
        HeadFault fault = body.fault();
        if (fault != null) {
            return refuse(in, body.faultDetail());
        }
        return listener != null && endIfDone(current, in) && bytes != 0;
    }

    private boolean endIfDone(OriginListener current, ByteBuf in) {
        if (!body.done()) {
            return true;
        }
        listener = null;
        ended = current;
        fit = persistent && !in.isReadable() && current.requestSent();
        in.skipBytes(in.readableBytes());
        return true;
    }

    /**
     * Hands the connection back, and tells of the end. Not before the burst is over: the bytes behind the answer may come
     * with its next read, and must not meet another request here.
     */
    private void finish() {
        OriginListener current = ended;
        if (current == null) {
            return;
        }
        ended = null;
        reads.reset();
        succeeded();
        if (fit) {
            offer();
        } else {
            Channels.close(channel);
        }
        current.onEnd();
    }

    /** The answer is whole: a good beginning would not be enough. */
    private void succeeded() {
        if (good) {
            endpoint.succeeded();
        }
    }

    private boolean refuse(ByteBuf in, String detail) {
        in.skipBytes(in.readableBytes());
        fail(new ProxyFailure(Kind.UPSTREAM_PROTOCOL, detail));
        return false;
    }

    private void fail(ProxyFailure failure) {
        OriginListener current = listener;
        abandon();
        if (current != null) {
            failed(current, failure);
        }
    }

    /** A reused connection that closes at once says nothing about the endpoint: it may just have been idle for too long. */
    private void failed(OriginListener current, ProxyFailure failure) {
        if (answered || !reused) {
            endpoint.failed();
        }
        current.onFailure(failure, answered);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (listener != null) {
            listener.onBurstEnd();
        } else {
            finish();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (listener != null) {
            listener.onWritability(channel.isWritable());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        finish();
        OriginListener current = listener;
        listener = null;
        releaseAll();
        origins.deadlines().clear(unused);
        if (current == null) {
            origins.forget(this);
        } else if (inBody && body.endsWithConnection()) {
            succeeded();
            current.onEnd();
        } else {
            failed(current, new ProxyFailure(Kind.UPSTREAM_RESET, answered
                    ? "the endpoint closed the connection inside its answer"
                    : "the endpoint closed the connection before it answered"));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof ChannelOutputShutdownException) {
            // It takes no more of the request, but may have answered already: what there is to read decides.
            return;
        }
        fit = false;
        finish();
        if (cause instanceof IOException) {
            // Not a regular end, not even of an answer that ends with its connection.
            fail(new ProxyFailure(Kind.UPSTREAM_RESET, "the endpoint reset the connection"));
            return;
        }
        Origins.log.error("[{}] origin connection failed endpoint={}", channel.id(), endpoint.address(),
                cause);
        fail(new ProxyFailure(Kind.UPSTREAM_RESET, "the proxy failed while it read the answer"));
    }

    private void returnHead() {
        if (head != null) {
            origins.heads().giveBack(head);
            head = null;
        }
    }

    private void releaseAll() {
        returnHead();
        if (pending != null) {
            pending.release();
            pending = null;
        }
    }

    Endpoint endpoint() {
        return endpoint;
    }
}
