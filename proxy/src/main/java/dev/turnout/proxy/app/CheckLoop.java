package dev.turnout.proxy.app;

import dev.turnout.config.TurnoutConfig;
import dev.turnout.proxy.net.EventLoops;
import dev.turnout.proxy.pg.Cancels;
import dev.turnout.proxy.pg.ConnectionCheck;
import dev.turnout.proxy.pg.PgLoop;
import dev.turnout.proxy.pg.wire.StartupRequest;
import dev.turnout.proxy.routing.Decider;
import dev.turnout.proxy.routing.RoutingSnapshot;
import dev.turnout.proxy.upstream.dns.EventLoopNames;
import dev.turnout.proxy.upstream.dns.Names;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** One event loop that connects to servers and looks names up as the proxy does, and takes nothing in. */
final class CheckLoop implements Closeable {
    private final EventLoops loops;
    private final EventLoopNames names;
    private final ConnectionCheck servers;

    private CheckLoop(EventLoops loops, EventLoopNames names, ConnectionCheck servers) {
        this.loops = loops;
        this.names = names;
        this.servers = servers;
    }

    static CheckLoop start(TurnoutConfig config, Duration timeout) throws IOException {
        EventLoops loops;
        try {
            loops = EventLoops.start(config.transport(), 1, "turnout-check");
        } catch (IllegalStateException e) {
            throw new IOException(e.getMessage(), e);
        }
        EventLoop loop = loops.each().getFirst();
        SecureRandom random = new SecureRandom();
        PgLoop postgres = new PgLoop(0, loops, loop, random, () -> new RoutingSnapshot(0, 0, Map.of()),
                new Decider(StartupRequest.MAX_BYTES, 0, random::nextLong),
                Objects.requireNonNull(Wheels.turning(loops).get(loop)), new Cancels(), System::nanoTime);
        return new CheckLoop(loops, EventLoopNames.on(loop, loops, config.dns()),
                new ConnectionCheck(postgres, timeout));
    }

    ConnectionCheck servers() {
        return servers;
    }

    /** Of a name or a literal, without a port; none: nobody knows it. Blocks. */
    List<InetSocketAddress> addresses(String host) {
        AtomicReference<List<InetAddress>> found = new AtomicReference<>(List.of());
        if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
            found.set(List.of(InetAddress.ofLiteral(host)));
        } else {
            Names.Following following = names.follow(host, found::set);
            names.firstLookUps().awaitUninterruptibly();
            following.end();
        }
        return found.get().stream().map(address -> new InetSocketAddress(address, 0)).toList();
    }

    @Override
    public void close() {
        loops.stop().awaitUninterruptibly();
    }
}
