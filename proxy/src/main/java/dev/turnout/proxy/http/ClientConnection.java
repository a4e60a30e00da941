package dev.turnout.proxy.http;

import dev.turnout.proxy.failure.Kind;
import dev.turnout.proxy.failure.ProxyFailure;
import dev.turnout.proxy.http.head.BodyFraming;
import dev.turnout.proxy.http.head.HeadFault;
import dev.turnout.proxy.http.head.RequestHead;
import dev.turnout.proxy.net.Channels;
import dev.turnout.proxy.net.ReadGate;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client leg: reads one request after the other and hands each to the connection's one {@link Exchange}. The next
 * request waits until this one is answered. Confined to its event loop.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter implements Exchange.Client {
    private static final Logger log = LoggerFactory.getLogger(ClientConnection.class);

    /** What the next bytes from the client are. */
    private enum Expecting {
        HEAD, BODY,
        /** Of the next request, which is not begun before this one is answered. */
        NOTHING,
        /** Nothing more is heard on this connection: it is about to close. */
        END
    }

    private final HttpRoute route;
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

    ClientConnection(HttpRoute route, Channel channel) {
        this.route = route;
        this.channel = channel;
        reads = new ReadGate(channel);
        body = new BodyFraming(route.loop().limits());
        exchange = new Exchange(route, channel, this);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        route.meters().connectionOpened();
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
    }

    private boolean readHead(ByteBuf in) {
        RequestHead reading = head;
        if (reading == null) {
            reading = route.loop().takeHead();
            head = reading;
        }
        return switch (reading.scan(in)) {
            case MORE -> false;
            case REFUSED -> refuse(in, reading.fault().kind(), reading.faultDetail());
            case COMPLETE -> begin(reading, in);
        };
    }

    private boolean begin(RequestHead whole, ByteBuf in) {
        if (whole.chunked()) {
            body.chunked();
        } else if (whole.hasBody()) {
            body.length(whole.contentLength());
        } else {
            body.none();
        }
        expecting = Expecting.BODY;
        exchange.begin(whole, in, body);
        if (whole.droppedNames() > 0) {
            route.meters().fieldsDropped(whole.droppedNames());
        }
        returnHead();
        return afterBody();
    }

    private boolean readBody(ByteBuf in) {
        if (!exchange.takesBody()) {
            reads.close(ReadGate.Reason.CONNECTING);
            return false;
        }
        int bytes = body.next(in);
        if (bytes > 0) {
            exchange.body(in.readRetainedSlice(bytes));
        } else {
            in.skipBytes(-bytes);
        }
        return afterBody() && bytes != 0;
    }

    private boolean afterBody() {
        HeadFault fault = body.fault();
        if (expecting != Expecting.BODY) {
            return true;
        }
        if (fault != null) {
            exchange.fail(new ProxyFailure(fault.kind(), fault.detail(0)));
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

    private boolean refuse(ByteBuf in, Kind kind, String detail) {
        route.meters().refused(kind);
        log.debug("[{}] request refused route={} code={}: {}", channel.id(), route.name(), kind.code(),
                detail);
        Channels.write(channel, ErrorAnswer.of(channel.alloc(), new ProxyFailure(kind, detail), true, true));
        end();
        return drop(in);
    }

    @Override
    public void onConnected() {
        reads.open(ReadGate.Reason.CONNECTING);
        resume();
    }

    @Override
    public void onOriginWritability(boolean writable) {
        if (writable) {
            reads.open(ReadGate.Reason.PEER_NOT_WRITABLE);
        } else {
            reads.close(ReadGate.Reason.PEER_NOT_WRITABLE);
        }
    }

    @Override
    public void onAnswered(boolean persistent) {
        if (!persistent || expecting != Expecting.NOTHING) {
            end();
            return;
        }
        channel.flush();
        expecting = Expecting.HEAD;
        reads.reset();
        resume();
    }

    /** Goes on with what was kept, unless the caller is a step of that very work. */
    private void resume() {
        ByteBuf kept = pending;
        if (kept != null && !processing) {
            pending = null;
            process(kept);
            exchange.flush();
        }
    }

    /** Closes in order: what is written goes out, what comes is dropped. */
    private void end() {
        boolean allRead = expecting == Expecting.NOTHING && pending == null;
        expecting = Expecting.END;
        releaseAll();
        reads.reset();
        if (allRead) {
            Channels.closeAfterFlush(channel);
        } else {
            Channels.lingerAndClose(channel);
        }
    }

    @Override
    public void abort() {
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
    public void channelInactive(ChannelHandlerContext ctx) {
        route.meters().connectionClosed();
        expecting = Expecting.END;
        releaseAll();
        exchange.onClientGone();
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
            route.loop().giveBack(head);
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
