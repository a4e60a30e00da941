package dev.turnout.proxy.http;

import dev.turnout.proxy.net.Channels;
import dev.turnout.proxy.net.Deadlines;
import dev.turnout.proxy.net.ReadGate;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two connections that speak another protocol from now on (RFC 9110 7.8): bytes go through as they come, in both
 * directions, and so does the end of each. Confined to the event loop of both.
 */
final class Tunnel extends Deadlines.Deadline {
    private static final Logger log = LoggerFactory.getLogger(Tunnel.class);

    private final Deadlines deadlines;
    private final long silentTicks;
    private final long closingTicks;
    private final Runnable whenClosed;
    private final Leg client;
    private final Leg origin;
    private int legsOpen = 2;
    private boolean closing;
    /** What was left to write when that was last looked at, while closing. */
    private long unread;

    /**
     * @param silentTicks how long neither side need say anything
     * @param closingTicks how long a side may take nothing of what was still said to it
     * @param whenClosed called once, when both connections are closed
     */
    Tunnel(Channel client, Channel origin, Deadlines deadlines, long silentTicks, long closingTicks,
            Runnable whenClosed) {
        this.deadlines = deadlines;
        this.silentTicks = silentTicks;
        this.closingTicks = closingTicks;
        this.whenClosed = whenClosed;
        this.client = new Leg(client, origin);
        this.origin = new Leg(origin, client);
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
        Channels.write(origin.channel, fromClient);
        Channels.write(client.channel, fromOrigin);
        client.channel.flush();
        origin.channel.flush();
        client.reads.peerWritable(origin.channel.isWritable());
        origin.reads.peerWritable(client.channel.isWritable());
        deadlines.set(this, silentTicks);
        if (clientEnded) {
            client.end();
        }
    }

    /** Closes both connections when what was said has gone out, or is not taken. */
    private void close() {
        closing = true;
        Channels.closeAfterFlush(client.channel);
        Channels.closeAfterFlush(origin.channel);
        deadlines.set(this, closingTicks);
    }

    @Override
    protected void expired() {
        long left = Channels.pendingBytes(client.channel) + Channels.pendingBytes(origin.channel);
        if (!closing) {
            log.debug("[{}] tunnel closed: nothing was said for too long", client.channel.id());
            close();
        } else if (left > 0 && left != unread) {
            unread = left;
            deadlines.set(this, closingTicks);
        } else {
            Channels.close(client.channel);
            Channels.close(origin.channel);
        }
    }

    private Leg other(Leg leg) {
        return leg == client ? origin : client;
    }

    private void legClosed() {
        legsOpen--;
        if (legsOpen == 0) {
            deadlines.clear(this);
            whenClosed.run();
        } else {
            close();
        }
    }

    /** One of the two connections. */
    final class Leg extends ChannelInboundHandlerAdapter {
        private final Channel channel;
        private final Channel peer;
        private final ReadGate reads;
        private boolean ended;

        Leg(Channel channel, Channel peer) {
            this.channel = channel;
            this.peer = peer;
            reads = new ReadGate(channel);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (!closing) {
                deadlines.set(Tunnel.this, silentTicks);
            }
            Channels.write(peer, message);
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
            if (other(this).ended) {
                close();
            } else {
                Channels.finish(peer);
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
            Channels.reset(peer);
            Channels.close(channel);
        }
    }
}
