package dev.turnout.proxy.http;

import dev.turnout.proxy.http.upstream.OriginConnection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import java.util.Map;
import java.util.Objects;

/**
 * Every HTTP pipeline, in order. client: connection; after an upgrade: tunnel. (The origin's is in
 * {@code http.upstream}: connection; after an upgrade it is the tunnel's other leg.)
 */
public final class HttpPipelines {
    private static final String CONNECTION = OriginConnection.NAME;
    private static final String TUNNEL = "tunnel";

    private HttpPipelines() {}

    /** For what is accepted at one address. {@code listeners}: the same, as each event loop serves it. */
    public static ChannelInitializer<SocketChannel> client(Map<EventLoop, HttpListener> listeners) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                HttpListener listener = Objects.requireNonNull(listeners.get(channel.eventLoop()),
                        "a loop of the group");
                // A client that has said everything may still wait for its answers.
                channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
                channel.pipeline().addLast(CONNECTION, new ClientConnection(listener, channel));
            }
        };
    }

    /** The connection speaks another protocol from now on. */
    static void tunnel(Channel channel, Tunnel.Leg leg) {
        channel.pipeline().replace(CONNECTION, TUNNEL, leg);
    }
}
