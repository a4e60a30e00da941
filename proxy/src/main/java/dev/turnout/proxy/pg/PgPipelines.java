package dev.turnout.proxy.pg;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;

/**
 * Every PostgreSQL pipeline, in order. client: tls? -> login, later leg. server: tls? -> login, later leg, or answer for a
 * question of the proxy's own.
 */
public final class PgPipelines {
    static final String TLS = "tls";
    static final String LOGIN = "login";
    private static final String LEG = "leg";

    private PgPipelines() {}

    /** For what is accepted at one address. {@code listeners}: the same, as each event loop serves it. */
    public static ChannelInitializer<SocketChannel> client(Map<EventLoop, PgListener> listeners) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                PgListener listener = Objects.requireNonNull(listeners.get(channel.eventLoop()),
                        "a loop of the group");
                // A client that has said everything may still wait for its answers.
                channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
                channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
                channel.pipeline().addLast(LOGIN, new ClientStartup(listener, channel));
            }
        };
    }

    /** The login has ended: the connection is a leg of a session from now on. */
    static void session(Channel channel, Session.Leg leg) {
        channel.pipeline().replace(LOGIN, LEG, leg);
    }

    /** The login has ended: the proxy asks something itself. */
    static void question(Channel channel, Question question) {
        channel.pipeline().replace(LOGIN, LEG, question);
    }

    /** Whether the other end, or the network, is to blame for it. Otherwise it is a defect, and to be logged as one. */
    static boolean isOfPeer(Throwable cause) {
        return cause instanceof IOException || cause instanceof DecoderException;
    }
}
