package dev.turnout.proxy.http;

import dev.turnout.proxy.failure.Kind;
import dev.turnout.proxy.failure.ProxyFailure;
import dev.turnout.proxy.http.head.BodyFraming;
import dev.turnout.proxy.http.head.HeadFault;
import dev.turnout.proxy.http.head.Method;
import dev.turnout.proxy.http.head.RequestHead;
import dev.turnout.proxy.net.Channels;
import dev.turnout.proxy.net.Deadlines;
import dev.turnout.proxy.net.ReadGate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client leg: reads one request after the other and hands each to the connection's one {@link Exchange}. The next
 * request waits until this one is answered. Confined to its event loop.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter
        implements
            Exchange.Client,
            HttpLoop.Drainable {
    private static final Logger log = LoggerFactory.getLogger(ClientConnection.class);

    /** How long an idle connection stays open while the proxy ends. */
    private static final long DRAIN_TICKS = Deadlines.ticks(TimeUnit.SECONDS.toNanos(1));
    /** How long a connection above the limit has to read that it is one. */
    private static final long REFUSED_TICKS = Deadlines.ticks(TimeUnit.MILLISECONDS.toNanos(200));
    /** How long a client may go on sending behind the last answer. */
    private static final long LINGER_TICKS = Deadlines.ticks(TimeUnit.SECONDS.toNanos(2));

    /** What the next bytes from the client are. */
    private enum Expecting {
        HEAD, BODY,
        /** Of the next request, which is not begun before this one is answered. */
        NOTHING,
        /** Nothing more is heard on this connection: it is about to close. */
        END
    }

    private final HttpListener listener;
    /** Of the last request; before the first the one that asks least of a request. */
    private HttpRoute route;
    private final Channel channel;
    private final ReadGate reads;
    private final BodyFraming body;
    private final Exchange exchange;
    private Expecting expecting = Expecting.HEAD;
    /** Taken from the loop while a head is being read. */
    private @Nullable RequestHead head;
    /** What came, but cannot be handed on yet. */
    private @Nullable ByteBuf pending;
    private boolean processing;
    /** The client has said all that it will say; it may still listen. */
    private boolean inputEnded;
    /** The connection counts against the limit. */
    private boolean admitted;
    /** Of the request's body, as it came. */
    private long bodyBytes;
    /** What was left to write when that was last looked at, once nothing more is heard. */
    private long unread;
    private final Limit limit = new Limit();

    /** How long the connection may stay as it is. */
    private final class Limit extends Deadlines.Deadline {
        @Override
        protected void expired() {
            onTimeUp();
        }
    }

    ClientConnection(HttpListener listener, Channel channel) {
        this.listener = listener;
        route = listener.routes().lead();
        this.channel = channel;
        reads = new ReadGate(channel);
        body = new BodyFraming(listener.loop().limits());
        exchange = new Exchange(listener, channel, this);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        route.meters().connectionOpened();
        listener.loop().opened(this);
        admitted = route.connections().enter();
        if (admitted) {
            within(route.ticks().head());
        } else {
            refuse(route, Kind.OVERLOAD, tooMany(route), Unpooled.EMPTY_BUFFER);
            // It counts nowhere, so it may not stay.
            within(REFUSED_TICKS);
        }
    }

    private static String tooMany(HttpRoute of) {
        return "connections: more than " + of.connections().most()
                + " (expected: at most as many as limits.connections says)";
    }

    private void within(long ticks) {
        listener.loop().deadlines().set(limit, ticks);
    }

    private void onTimeUp() {
        switch (expecting) {
            case HEAD -> {
                if (head == null) {
                    // Nothing has begun: there is nobody to be told.
                    end();
                } else {
                    refuse(route, Kind.REQUEST_TIMEOUT, "the request's head is not complete in time",
                            pending == null ? Unpooled.EMPTY_BUFFER : pending);
                }
            }
            case BODY, NOTHING -> exchange.onTimeUp();
            case END -> {
                long left = Channels.pendingBytes(channel);
                if (left > 0 && left != unread) {
                    unread = left;
                    within(route.ticks().request());
                } else {
                    Channels.close(channel);
                }
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (expecting == Expecting.END) {
            in.release();
            return;
        }
        ByteBuf kept = pending;
        pending = null;
        process(kept == null ? in : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), kept, in));
    }

    /** Takes ownership; keeps what cannot be handed on yet. */
    private void process(ByteBuf in) {
        processing = true;
        try {
            boolean more = true;
            while (more && in.isReadable()) {
                more = switch (expecting) {
                    case HEAD -> readHead(in);
                    case BODY -> readBody(in);
                    case NOTHING -> holdBack();
                    case END -> drop(in);
                };
            }
        } finally {
            processing = false;
            if (in.isReadable() && expecting != Expecting.END) {
                pending = in;
            } else {
                in.release();
            }
        }
        if (inputEnded && expecting == Expecting.BODY) {
            closeIfCut();
        }
    }

    /** The input has ended: a request whose rest is not here already will never be whole. */
    private void closeIfCut() {
        if (pending == null || exchange.takesBody()) {
            Channels.close(channel);
        }
    }

    private boolean readHead(ByteBuf in) {
        RequestHead reading = head;
        boolean first = reading == null;
        if (reading == null) {
            reading = listener.loop().heads().take();
            head = reading;
        }
        return switch (reading.scan(in)) {
            case MORE -> {
                if (first) {
                    within(route.ticks().head());
                }
                yield false;
            }
            case REFUSED -> {
                refuse(route, reading.fault().kind(), reading.faultDetail(), in);
                yield drop(in);
            }
            case COMPLETE -> begin(reading, in);
        };
    }

    private boolean begin(RequestHead whole, ByteBuf in) {
        HttpRoute asked = listener.loop().find(listener.routes(), whole, in);
        if (asked == null) {
            refuse(route, Kind.NO_ROUTE, "no route of this address is for such a request", in);
            return drop(in);
        }
        if (!moveTo(asked)) {
            refuse(asked, Kind.OVERLOAD, tooMany(asked), in);
            return drop(in);
        }
        if (whole.contentLength() > route.mostBodyBytes()) {
            refuse(route, Kind.BODY_TOO_LARGE, tooLarge(), in);
            return drop(in);
        }
        if (whole.chunked()) {
            body.chunked();
        } else if (whole.hasBody()) {
            body.length(whole.contentLength());
        } else {
            body.none();
        }
        int before = in.readerIndex() + whole.length();
        if (!exchange.begin(route, whole, in, body)) {
            refuse(route, Kind.NO_ROUTE, "the route has just been removed", in);
            return drop(in);
        }
        bodyBytes = (long) in.readerIndex() - before;
        if (whole.droppedNames() > 0) {
            route.meters().fieldsDropped(whole.droppedNames());
        }
        returnHead();
        expecting = Expecting.BODY;
        if (body.done()) {
            expecting = Expecting.NOTHING;
            exchange.requestEnd();
        }
        within(route.ticks().request());
        exchange.start();
        return afterBody();
    }

    /** Counts the connection to the route that it is used for; answers false when that has as many as it may. */
    private boolean moveTo(HttpRoute asked) {
        if (asked.connections() != route.connections()) {
            if (!asked.connections().enter()) {
                return false;
            }
            route.connections().leave();
            route.meters().connectionLeft();
            asked.meters().connectionJoined();
        }
        route = asked;
        return true;
    }

    private boolean readBody(ByteBuf in) {
        if (!exchange.takesBody()) {
            reads.close(ReadGate.Reason.CONNECTING);
            return false;
        }
        int bytes = body.next(in);
        bodyBytes += Math.abs(bytes);
        if (bytes > 0) {
            exchange.body(in.readRetainedSlice(bytes));
        } else {
            in.skipBytes(-bytes);
        }
        return afterBody() && bytes != 0;
    }

    private String tooLarge() {
        return "body: more than " + route.mostBodyBytes() + " bytes (expected: at most as many)";
    }

    private boolean afterBody() {
        HeadFault fault = body.fault();
        if (expecting != Expecting.BODY) {
            return true;
        }
        if (fault != null) {
            exchange.fail(new ProxyFailure(fault.kind(), body.faultDetail()));
        } else if (bodyBytes > route.mostBodyBytes()) {
            exchange.fail(new ProxyFailure(Kind.BODY_TOO_LARGE, tooLarge()));
        } else if (body.done()) {
            expecting = Expecting.NOTHING;
            exchange.requestEnd();
        }
        return true;
    }

    private boolean holdBack() {
        reads.close(ReadGate.Reason.PIPELINED);
        return false;
    }

    private boolean drop(ByteBuf in) {
        in.skipBytes(in.readableBytes());
        return false;
    }

    /**
     * Answers what no exchange was made for, and ends the connection.
     *
     * @param by the route that it counts for
     */
    private void refuse(HttpRoute by, Kind kind, String detail, ByteBuf in) {
        by.meters().refused(kind);
        exchange.refused(by, kind, head, in);
        log.debug("[{}] request refused route={} code={}: {}", channel.id(), by.name(), kind.code(),
                detail);
        boolean withBody = head == null || head.method() != Method.HEAD;
        Channels.write(channel,
                ErrorAnswer.of(channel.alloc(), new ProxyFailure(kind, detail), true, withBody));
        end();
    }

    @Override
    public void onConnected() {
        reads.open(ReadGate.Reason.CONNECTING);
        resume();
    }

    @Override
    public void onOriginWritability(boolean writable) {
        reads.peerWritable(writable);
    }

    @Override
    public void onAnswered(boolean persistent) {
        if (!persistent || expecting != Expecting.NOTHING) {
            end();
            return;
        }
        channel.flush();
        expecting = Expecting.HEAD;
        within(listener.draining() ? DRAIN_TICKS : route.ticks().idle());
        reads.reset();
        resume();
        endIfOver();
    }

    /** The client has said all that it will, and all of it is answered. */
    private void endIfOver() {
        if (inputEnded && expecting == Expecting.HEAD && !processing) {
            end();
        }
    }

    @Override
    public void onProgress() {
        within(route.ticks().request());
    }

    @Override
    public void onSwitched(Channel origin, ByteBuf early, HttpRoute.Side side, boolean webSocket) {
        ByteBuf kept = pending == null ? Unpooled.EMPTY_BUFFER : pending;
        pending = null;
        expecting = Expecting.END;
        reads.reset();
        listener.loop().deadlines().clear(limit);
        Tunnel tunnel = new Tunnel(channel, origin, listener.loop().deadlines(), route.ticks(), webSocket,
                listener.loop().random(), gone -> {
                    side.meters().tunnelClosed();
                    side.tunnels().closed(gone);
                    left();
                });
        side.tunnels().opened(tunnel);
        tunnel.open(kept, early, inputEnded);
    }

    /** Idle connections get a moment, so that a request that is under way already is not met by a closed door. */
    @Override
    public void drain(@Nullable HttpListener of) {
        if ((of == null || of == listener) && expecting == Expecting.HEAD && head == null) {
            within(DRAIN_TICKS);
        }
    }

    /** Goes on with what was kept, unless the caller is a step of that very work. */
    private void resume() {
        ByteBuf kept = pending;
        if (kept != null && !processing) {
            pending = null;
            process(kept);
            exchange.flush();
            endIfOver();
        }
    }

    @Override
    public void close() {
        Channels.close(channel);
    }

    /** Closes in order: what is written goes out, what comes is dropped. */
    private void end() {
        boolean allRead = expecting == Expecting.NOTHING && pending == null && !processing;
        expecting = Expecting.END;
        releaseAll();
        reads.reset();
        if (allRead || inputEnded) {
            Channels.closeAfterFlush(channel);
        } else {
            Channels.finish(channel);
        }
        unread = Channels.pendingBytes(channel);
        within(unread > 0 ? route.ticks().request() : LINGER_TICKS);
    }

    @Override
    public void abort(boolean reset) {
        if (!reset) {
            end();
            return;
        }
        expecting = Expecting.END;
        releaseAll();
        Channels.reset(channel);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        exchange.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        exchange.onClientWritability(channel.isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event != ChannelInputShutdownEvent.INSTANCE) {
            return;
        }
        inputEnded = true;
        switch (expecting) {
            case HEAD -> end();
            case BODY -> closeIfCut();
            case NOTHING -> {
                // RFC 9112 9.6: it still waits for its answers.
            }
            case END -> Channels.closeAfterFlush(channel);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        expecting = Expecting.END;
        releaseAll();
        listener.loop().deadlines().clear(limit);
        exchange.onClientGone();
        left();
    }

    /** Nothing is left of the connection. */
    private void left() {
        route.meters().connectionClosed();
        if (admitted) {
            route.connections().leave();
        }
        listener.loop().closed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            log.error("[{}] client connection failed route={}", channel.id(), route.name(), cause);
        }
        Channels.close(channel);
    }

    private void returnHead() {
        if (head != null) {
            listener.loop().heads().giveBack(head);
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
}
