package dev.turnout.proxy.http.upstream;

import dev.turnout.config.Timeouts;
import dev.turnout.proxy.failure.Kind;
import dev.turnout.proxy.failure.ProxyFailure;
import dev.turnout.proxy.http.head.HeadLimits;
import dev.turnout.proxy.http.head.ResponseHead;
import dev.turnout.proxy.http.head.SpareHeads;
import dev.turnout.proxy.net.Deadlines;
import dev.turnout.proxy.net.EventLoops;
import dev.turnout.proxy.upstream.Endpoint;
import dev.turnout.proxy.upstream.IdlePool;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.resolver.NoopAddressResolverGroup;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All origin connections of one event loop: opens them, keeps the idle ones. Confined to that loop. */
public final class Origins {
    static final Logger log = LoggerFactory.getLogger(Origins.class);
    /** Idle connections that are kept for each endpoint. */
    private static final int MOST_IDLE = 1024;
    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final HeadLimits limits;
    private final Deadlines deadlines;
    private final Map<Endpoint, IdlePool<OriginConnection>> idle = new HashMap<>();
    private final SpareHeads<ResponseHead> heads;

    public Origins(EventLoops loops, EventLoop loop, HeadLimits limits, Deadlines deadlines) {
        this.loop = loop;
        this.limits = limits;
        heads = new SpareHeads<>(() -> new ResponseHead(limits));
        this.deadlines = deadlines;
        bootstrap = new Bootstrap().group(loop)
                .channel(loops.channel())
                .resolver(NoopAddressResolverGroup.INSTANCE)
                .option(ChannelOption.TCP_NODELAY, true)
                // An endpoint that takes no more may have said why: its answer is still to be read.
                .option(ChannelOption.AUTO_CLOSE, false)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT);
    }

    /** An idle connection, from now on this listener's; or null. */
    public @Nullable OriginConnection take(Endpoint endpoint, OriginListener listener) {
        IdlePool<OriginConnection> pool = idle.get(endpoint);
        OriginConnection connection = pool == null ? null : pool.take();
        while (pool != null && connection != null && !connection.open()) {
            // Closed in this very burst of events; it has not been told yet.
            connection = pool.take();
        }
        if (connection != null) {
            connection.serve(listener);
        }
        return connection;
    }

    /** A connection that is being opened. Confined to its loop. */
    public static final class Attempt {
        private @Nullable OriginListener listener;

        private Attempt(OriginListener listener) {
            this.listener = listener;
        }

        /** Nobody waits for it any more: if it opens it becomes an idle one. */
        public void cancel() {
            listener = null;
        }
    }

    /** Opens a connection for this listener, and tells it how that went, always later. */
    public Attempt connect(Endpoint endpoint, Timeouts timeouts, OriginListener listener) {
        assert loop.inEventLoop();
        Attempt attempt = new Attempt(listener);
        long poolTicks = Deadlines.ticks(timeouts.pool().toNanos());
        Bootstrap connecting = bootstrap.clone()
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeouts.connect().toMillis())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(OriginConnection.NAME,
                                        new OriginConnection(Origins.this, endpoint, channel, poolTicks));
                    }
                });
        // Not amid epoll's events: a descriptor that was closed there may be had again, with an event of its last owner.
        loop.execute(() -> {
            if (attempt.listener != null) {
                connecting.connect(endpoint.socketAddress())
                        .addListener(connected -> onConnected((ChannelFuture) connected, endpoint, attempt));
            }
        });
        return attempt;
    }

    private void onConnected(ChannelFuture connected, Endpoint endpoint, Attempt attempt) {
        Throwable cause = connected.cause();
        if (cause == null) {
            OriginConnection connection = connected.channel().pipeline().get(OriginConnection.class);
            if (attempt.listener == null) {
                connection.offer();
            } else {
                connection.serve(attempt.listener);
                attempt.listener.onConnected(connection);
            }
            return;
        }
        log.debug("connect failed endpoint={}: {}", endpoint.address(), cause.getMessage());
        if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
            // Anything else, as a lack of descriptors, is our own trouble and says nothing about the endpoint.
            endpoint.connectFailed(String.valueOf(cause.getMessage()));
        }
        // A channel that could not even be made reports from a thread that is not a loop's.
        loop.execute(() -> {
            if (attempt.listener != null) {
                attempt.listener.onConnectFailed(new ProxyFailure(Kind.UPSTREAM_CONNECT,
                        "no connection to an endpoint could be opened"));
            }
        });
    }

    /** The endpoint is gone: nothing idle to it is kept. */
    public void retire(Endpoint endpoint) {
        IdlePool<OriginConnection> pool = idle.remove(endpoint);
        while (pool != null) {
            OriginConnection connection = pool.take();
            if (connection == null) {
                return;
            }
            connection.retire();
        }
    }

    /** Nothing idle is kept any more; what serves a request ends with it. */
    public void close() {
        List.copyOf(idle.keySet()).forEach(this::retire);
    }

    Deadlines deadlines() {
        return deadlines;
    }

    /** Answers false when there are enough idle ones already. */
    boolean keep(OriginConnection connection) {
        return idle.computeIfAbsent(connection.endpoint(), endpoint -> new IdlePool<>(MOST_IDLE))
                .offer(connection);
    }

    void forget(OriginConnection connection) {
        IdlePool<OriginConnection> pool = idle.get(connection.endpoint());
        if (pool != null) {
            pool.remove(connection);
        }
    }

    SpareHeads<ResponseHead> heads() {
        return heads;
    }

    HeadLimits limits() {
        return limits;
    }
}
