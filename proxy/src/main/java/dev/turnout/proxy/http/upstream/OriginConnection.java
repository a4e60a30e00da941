package dev.turnout.proxy.http.upstream;

import dev.turnout.proxy.failure.Kind;
import dev.turnout.proxy.failure.ProxyFailure;
import dev.turnout.proxy.http.head.BodyFraming;
import dev.turnout.proxy.http.head.HeadFault;
import dev.turnout.proxy.http.head.Method;
import dev.turnout.proxy.http.head.ResponseHead;
import dev.turnout.proxy.net.Channels;
import dev.turnout.proxy.net.ReadGate;
import dev.turnout.proxy.upstream.Endpoint;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an endpoint, and the reader of what comes back on it. Serves one listener after the other; whatever
 * comes while it serves none, or behind an answer, makes it unfit for the next. Confined to its event loop.
 */
public final class OriginConnection extends ChannelInboundHandlerAdapter {
    private static final int SWITCHING_PROTOCOLS = 101;

    private final Origins origins;
    private final Endpoint endpoint;
    private final Channel channel;
    private final ReadGate reads;
    private final BodyFraming body;
    private @Nullable OriginListener listener;
    /** Taken from the loop while a head is being read. */
    private @Nullable ResponseHead head;
    /** What came, but does not yet suffice. */
    private @Nullable ByteBuf pending;
    private Method method = Method.OTHER;
    private boolean inBody;
    private boolean answered;
    private boolean persistent;
    private boolean endsWithAnswer;
    private boolean reused;

    OriginConnection(Origins origins, Endpoint endpoint, Channel channel) {
        this.origins = origins;
        this.endpoint = endpoint;
        this.channel = channel;
        reads = new ReadGate(channel);
        body = new BodyFraming(origins.limits());
    }

    /** From now on what comes back is for {@code next}. */
    void serve(OriginListener next) {
        assert channel.eventLoop().inEventLoop();
        listener = next;
        inBody = false;
        answered = false;
        persistent = false;
    }

    /**
     * Writes the beginning of a request. Takes ownership.
     *
     * @param http10 whether the endpoint will take the connection to end with the answer
     */
    public void begin(Method requestMethod, boolean http10, ByteBuf request) {
        method = requestMethod;
        endsWithAnswer = http10;
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

    /** Whether it has served another request before this one, so that the endpoint may have closed it meanwhile. */
    public boolean reused() {
        return reused;
    }

    /** Reading stops while the listener's peer takes no more. */
    public void pauseReads(boolean pause) {
        if (pause) {
            reads.close(ReadGate.Reason.PEER_NOT_WRITABLE);
        } else {
            reads.open(ReadGate.Reason.PEER_NOT_WRITABLE);
        }
    }

    /** Ends the connection; the listener is not told. */
    public void abandon() {
        listener = null;
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
        origins.forget(this);
        Channels.close(channel);
        return false;
    }

    /** Answers whether there may be more to do with the bytes that are left. */
    private boolean step(OriginListener current, ByteBuf in) {
        return inBody ? relay(current, in) : readHead(current, in);
    }

    private boolean readHead(OriginListener current, ByteBuf in) {
        answered = true;
        ResponseHead reading = head;
        if (reading == null) {
            reading = origins.takeHead();
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
            return refuse(in,
                    "status 101 to a request that asked for no other protocol (expected: an answer)");
        }
        current.onInterim(reading, in);
        in.skipBytes(reading.length());
        reading.reset();
        return true;
    }

    private boolean onAnswer(OriginListener current, ResponseHead reading, ByteBuf in) {
        frame(reading);
        inBody = true;
        persistent = reading.persistent() && !endsWithAnswer && !body.endsWithConnection();
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
            return refuse(in, fault.detail(0));
        }
        return listener != null && endIfDone(current, in) && bytes != 0;
    }

    private boolean endIfDone(OriginListener current, ByteBuf in) {
        if (!body.done()) {
            return true;
        }
        listener = null;
        boolean fit = persistent && !in.isReadable() && current.requestSent() && channel.isActive();
        reused = true;
        reads.reset();
        if (fit) {
            origins.reached(endpoint);
        }
        if (!fit || !origins.keep(this)) {
            in.skipBytes(in.readableBytes());
            Channels.close(channel);
        }
        current.onEnd();
        return true;
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
            current.onFailure(failure, answered);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (listener != null) {
            listener.onBurstEnd();
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
        OriginListener current = listener;
        listener = null;
        releaseAll();
        if (current == null) {
            origins.forget(this);
        } else if (inBody && body.endsWithConnection()) {
            current.onEnd();
        } else {
            current.onFailure(new ProxyFailure(Kind.UPSTREAM_RESET, answered
                    ? "the endpoint closed the connection inside its answer"
                    : "the endpoint closed the connection before it answered"), answered);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
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
            origins.giveBack(head);
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
