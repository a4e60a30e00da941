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
    private final Runnable onClosed;
    private final Leg client;
    private final Leg origin;
    private int legsOpen = 2;

    /**
     * @param silentTicks how long neither side need say anything
     * @param onClosed called once, when both connections are closed
     */
    Tunnel(Channel client, Channel origin, Deadlines deadlines, long silentTicks, Runnable onClosed) {
        this.deadlines = deadlines;
        this.silentTicks = silentTicks;
        this.onClosed = onClosed;
        this.client = new Leg(client, origin);
        this.origin = new Leg(origin, client);
    }

    /** Takes the place of both handlers. Takes ownership of what either side has said already. */
    void open(ByteBuf fromClient, ByteBuf fromOrigin) {
        origin.channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        HttpPipelines.tunnel(client.channel, client);
        HttpPipelines.tunnel(origin.channel, origin);
        Channels.write(origin.channel, fromClient);
        Channels.write(client.channel, fromOrigin);
        client.channel.flush();
        origin.channel.flush();
        client.gate(origin.channel.isWritable());
        origin.gate(client.channel.isWritable());
        deadlines.set(this, silentTicks);
    }

    /** Closes both connections when what was said has gone out. */
    void close() {
        Channels.closeAfterFlush(client.channel);
        Channels.closeAfterFlush(origin.channel);
    }

    @Override
    protected void expired() {
        log.debug("[{}] tunnel closed: nothing was said for too long", client.channel.id());
        close();
    }

    private Leg other(Leg leg) {
        return leg == client ? origin : client;
    }

    private void onClosed(Leg leg) {
        legsOpen--;
        if (legsOpen == 0) {
            deadlines.clear(this);
            onClosed.run();
        } else {
            Channels.closeAfterFlush(other(leg).channel);
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
            deadlines.set(Tunnel.this, silentTicks);
            Channels.write(peer, message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            peer.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            other(this).gate(channel.isWritable());
        }

        private void gate(boolean peerWritable) {
            if (peerWritable) {
                reads.open(ReadGate.Reason.PEER_NOT_WRITABLE);
            } else {
                reads.close(ReadGate.Reason.PEER_NOT_WRITABLE);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                ended = true;
                if (other(this).ended) {
                    close();
                } else {
                    Channels.finish(peer);
                }
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            onClosed(this);
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
