package dev.turnout.proxy.http.upstream;

import dev.turnout.proxy.failure.Kind;
import dev.turnout.proxy.failure.ProxyFailure;
import dev.turnout.proxy.http.head.HeadLimits;
import dev.turnout.proxy.http.head.ResponseHead;
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
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.NoopAddressResolverGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
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
    private final AddressResolverGroup<InetSocketAddress> names;
    private final HeadLimits limits;
    private final Map<Endpoint, IdlePool<OriginConnection>> idle = new HashMap<>();
    private final ArrayDeque<ResponseHead> heads = new ArrayDeque<>();

    /** @param names resolves endpoints that are not IP literals, without blocking */
    public Origins(EventLoops loops, EventLoop loop, AddressResolverGroup<InetSocketAddress> names,
            HeadLimits limits) {
        this.loop = loop;
        this.names = names;
        this.limits = limits;
        bootstrap = new Bootstrap().group(loop)
                .channel(loops.channel())
                .option(ChannelOption.TCP_NODELAY, true)
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

    /** Opens a connection for this listener, and tells it how that went. */
    public void connect(Endpoint endpoint, Duration timeout, OriginListener listener) {
        assert loop.inEventLoop();
        bootstrap.clone()
                .resolver(endpoint.socketAddress().isUnresolved() ? names : NoopAddressResolverGroup.INSTANCE)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast("origin",
                                new OriginConnection(Origins.this, endpoint, channel));
                    }
                })
                .connect(endpoint.socketAddress())
                .addListener(connected -> onConnected((ChannelFuture) connected, endpoint, listener));
    }

    private void onConnected(ChannelFuture connected, Endpoint endpoint, OriginListener listener) {
        Throwable cause = connected.cause();
        if (cause == null) {
            reached(endpoint);
            OriginConnection connection = connected.channel().pipeline().get(OriginConnection.class);
            connection.serve(listener);
            listener.onConnected(connection);
            return;
        }
        log.debug("connect failed endpoint={}: {}", endpoint.address(), cause.getMessage());
        if (cause instanceof IOException) {
            // Anything else, as a lack of descriptors, is our own trouble and says nothing about the endpoint.
            if (endpoint.reachable(false)) {
                log.warn("endpoint lost address={}: {}", endpoint.address(), cause.getMessage());
            }
        }
        // A channel that could not even be made reports from a thread that is not a loop's.
        loop.execute(() -> listener.onConnectFailed(
                new ProxyFailure(Kind.UPSTREAM_CONNECT, "no connection to an endpoint could be opened")));
    }

    /** It has just been connected to, or has answered. */
    void reached(Endpoint endpoint) {
        if (endpoint.reachable(true)) {
            log.info("endpoint back address={}", endpoint.address());
        }
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

    ResponseHead takeHead() {
        ResponseHead head = heads.pollLast();
        return head == null ? new ResponseHead(limits) : head;
    }

    void giveBack(ResponseHead head) {
        head.reset();
        heads.offerLast(head);
    }

    HeadLimits limits() {
        return limits;
    }
}
