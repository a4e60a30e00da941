package dev.turnout.proxy.http;

import dev.turnout.proxy.net.Channels;
import dev.turnout.proxy.net.Deadlines;
import dev.turnout.proxy.net.LongLived;
import dev.turnout.proxy.net.ReadGate;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two connections that speak another protocol from now on (RFC 9110 7.8): bytes go through as they come, in both
 * directions, and so does the end of each. Confined to the event loop of both.
 *
 * <p>A tunnel that is to move is retired. Nobody can move the connection itself, but both ends of a WebSocket can be told
 * to open another one: each gets a Close frame as soon as the frame that is under way towards it is whole, hears nothing
 * behind it, and is given the time to answer. Of other protocols only the end can be told.
 */
final class Tunnel extends Deadlines.Deadline implements LongLived.Connection {
    private static final Logger log = LoggerFactory.getLogger(Tunnel.class);

    /** How long the last frames of a retired WebSocket and its closing handshake may take, at most. */
    private static final long FAREWELL_TICKS = Deadlines.ticks(TimeUnit.SECONDS.toNanos(5));

    private final Deadlines deadlines;
    private final HttpRoute.Ticks ticks;
    private final RandomGenerator random;
    private final Consumer<Tunnel> whenClosed;
    private final Leg client;
    private final Leg origin;
    private final Retirement retirement = new Retirement();
    private int legsOpen = 2;
    /** The time of its retirement has come. */
    private boolean retired;
    private boolean closing;
    /** What was left to write when that was last looked at, while closing. */
    private long unread;

    /** How long the tunnel may still go on. */
    private final class Retirement extends Deadlines.Deadline {
        @Override
        protected void expired() {
            sayGoodbye();
        }
    }

    /** How far one leg's bytes go. */
    private enum Flow {
        TO_PEER,
        /** Up to the end of the frame that is under way. */
        LAST_FRAME,
        /** The peer has got our Close instead; they are only looked through for the answer to the other one. */
        NOWHERE
    }

    /**
     * @param ticks how long neither side need say anything, and, as for a request, how long a side may take nothing of what
     *     was still said to it
     * @param webSocket whether both sides speak RFC 6455
     * @param random for masking keys
     * @param whenClosed called once with this tunnel, when both connections are closed
     */
    Tunnel(Channel client, Channel origin, Deadlines deadlines, HttpRoute.Ticks ticks, boolean webSocket,
            RandomGenerator random, Consumer<Tunnel> whenClosed) {
        this.deadlines = deadlines;
        this.ticks = ticks;
        this.random = random;
        this.whenClosed = whenClosed;
        this.client = new Leg(client, origin, webSocket);
        this.origin = new Leg(origin, client, webSocket);
    }

    /**
     * Takes the place of both handlers. Takes ownership of what either side has said already.
     *
     * @param clientEnded whether the client will say nothing more
     */
    void open(ByteBuf fromClient, ByteBuf fromOrigin, boolean clientEnded) {
        origin.channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        HttpPipelines.tunnel(client.channel, client);
        HttpPipelines.tunnel(origin.channel, origin);
        client.pass(fromClient);
        origin.pass(fromOrigin);
        client.channel.flush();
        origin.channel.flush();
        client.reads.peerWritable(origin.channel.isWritable());
        origin.reads.peerWritable(client.channel.isWritable());
        deadlines.set(this, ticks.tunnel());
        if (clientEnded) {
            client.end();
        }
    }

    /** Ends the tunnel so many ticks from now, as its protocol allows, unless that is to happen sooner anyway. */
    @Override
    public void retire(long ticks) {
        assert client.channel.eventLoop().inEventLoop();
        if (!retired && !closing) {
            deadlines.bringForward(retirement, ticks);
        }
    }

    /** Undoes {@link #retire}, unless the time has come already. */
    @Override
    public void cancelRetire() {
        assert client.channel.eventLoop().inEventLoop();
        deadlines.clear(retirement);
    }

    private void sayGoodbye() {
        if (closing) {
            return;
        }
        retired = true;
        if (client.closeBegun() || origin.closeBegun()) {
            // They are about to end it themselves.
            deadlines.set(this, farewellTicks());
        } else if (client.frames == null || client.ended || origin.ended) {
            close();
        } else {
            deadlines.set(this, farewellTicks());
            client.finishFrame();
            origin.finishFrame();
        }
    }

    private long farewellTicks() {
        return Math.min(FAREWELL_TICKS, ticks.request());
    }

    /** Closes both connections when what was said has gone out, or is not taken. */
    private void close() {
        closing = true;
        Channels.closeAfterFlush(client.channel);
        Channels.closeAfterFlush(origin.channel);
        deadlines.set(this, ticks.request());
    }

    @Override
    protected void expired() {
        long left = Channels.pendingBytes(client.channel) + Channels.pendingBytes(origin.channel);
        if (!closing) {
            log.debug("[{}] tunnel closed: {}", client.channel.id(),
                    retired ? "its closing handshake took too long" : "nothing was said for too long");
            close();
        } else if (left > 0 && left != unread) {
            unread = left;
            deadlines.set(this, ticks.request());
        } else {
            Channels.close(client.channel);
            Channels.close(origin.channel);
        }
    }

    private Leg other(Leg leg) {
        return leg == client ? origin : client;
    }

    /** RFC 6455 7.1.1: when each side has got a Close and given one, the connections may go. */
    private void closeIfSettled() {
        if (!closing && client.settled() && origin.settled()) {
            close();
        }
    }

    private void legClosed() {
        legsOpen--;
        if (legsOpen == 0) {
            deadlines.clear(this);
            deadlines.clear(retirement);
            whenClosed.accept(this);
        } else {
            close();
        }
    }

    /** One of the two connections. */
    final class Leg extends ChannelInboundHandlerAdapter {
        private final Channel channel;
        private final Channel peer;
        private final ReadGate reads;
        /** Of what comes from this side; null when it is no WebSocket. */
        private final @Nullable WebSocketFrames frames;
        private Flow flow = Flow.TO_PEER;
        private boolean ended;

        Leg(Channel channel, Channel peer, boolean webSocket) {
            this.channel = channel;
            this.peer = peer;
            reads = new ReadGate(channel);
            frames = webSocket ? new WebSocketFrames() : null;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (!closing && !retired) {
                deadlines.set(Tunnel.this, ticks.tunnel());
            }
            pass((ByteBuf) message);
        }

        /** Takes ownership. */
        private void pass(ByteBuf bytes) {
            if (frames == null) {
                Channels.write(peer, bytes);
                return;
            }
            switch (flow) {
                case TO_PEER -> {
                    frames.follow(bytes);
                    Channels.write(peer, bytes);
                }
                case LAST_FRAME -> {
                    int end = frames.followOne(bytes, bytes.readerIndex());
                    if (frames.atBoundary()) {
                        Channels.write(peer, bytes.readRetainedSlice(end - bytes.readerIndex()));
                        putInClose();
                        pass(bytes);
                    } else {
                        Channels.write(peer, bytes);
                        closeIfSettled();
                    }
                }
                case NOWHERE -> {
                    frames.follow(bytes);
                    bytes.release();
                    closeIfSettled();
                }
            }
        }

        boolean closeBegun() {
            return frames != null && frames.closeBegun();
        }

        /** Lets the frame that is under way go through, and nothing behind it. */
        private void finishFrame() {
            flow = Flow.LAST_FRAME;
            if (frames != null && frames.atBoundary()) {
                putInClose();
                peer.flush();
            }
        }

        private void putInClose() {
            flow = Flow.NOWHERE;
            Channels.write(peer, this == origin
                    ? WebSocketClose.toClient(peer.alloc())
                    : WebSocketClose.toServer(peer.alloc(), random.nextInt()));
        }

        /** Whether nothing of this side is waited for any more, now that its peer has got its Close. */
        private boolean settled() {
            // A last frame that was a Close of its own needs no other behind it.
            return switch (flow) {
                case TO_PEER -> false;
                case LAST_FRAME -> frames != null && frames.closed();
                case NOWHERE -> ended || (frames != null && frames.closed());
            };
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            peer.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            other(this).reads.peerWritable(channel.isWritable());
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                end();
            }
        }

        /** Nothing more is said on this side. */
        private void end() {
            ended = true;
            switch (flow) {
                case TO_PEER -> {
                    if (other(this).ended) {
                        close();
                    } else {
                        Channels.finish(peer);
                    }
                }
                // Inside a frame: there is no boundary to wait for.
                case LAST_FRAME -> close();
                case NOWHERE -> closeIfSettled();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            legClosed();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (!(cause instanceof IOException)) {
                log.error("[{}] tunnel failed", channel.id(), cause);
            }
            if (flow != Flow.NOWHERE) {
                Channels.reset(peer);
            }
            Channels.close(channel);
        }
    }
}
