package dev.turnout.proxy.http;

import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import java.util.Map;
import java.util.Objects;

/** Every HTTP pipeline, in order. client: connection. (The origin's is in {@code http.upstream}: connection.) */
public final class HttpPipelines {
    static final String CONNECTION = "connection";

    private HttpPipelines() {}

    /** For what a route's listener accepts. {@code routes}: the same route, as each event loop serves it. */
    public static ChannelInitializer<SocketChannel> client(Map<EventLoop, HttpRoute> routes) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                HttpRoute route = Objects.requireNonNull(routes.get(channel.eventLoop()),
                        "a loop of the group");
                channel.pipeline().addLast(CONNECTION, new ClientConnection(route, channel));
            }
        };
    }
}
