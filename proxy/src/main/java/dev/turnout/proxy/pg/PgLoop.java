package dev.turnout.proxy.pg;

import dev.turnout.config.AllowedHere;
import dev.turnout.proxy.net.Deadlines;
import dev.turnout.proxy.net.EventLoops;
import dev.turnout.proxy.pg.auth.StartupParameters;
import dev.turnout.proxy.routing.Decider;
import dev.turnout.proxy.routing.Decision;
import dev.turnout.proxy.routing.Snapshots;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.resolver.NoopAddressResolverGroup;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What all PostgreSQL connections of one event loop share. Confined to that loop. */
public final class PgLoop {
    private static final int LOOP_BITS = 8;

    private final int number;
    private final EventLoop loop;
    private final Bootstrap servers;
    private final Snapshots snapshots;
    private final Decider decider;
    private final RandomGenerator random;
    private final Deadlines deadlines;
    private final Cancels cancels;
    private final LongSupplier nanos;
    private final StartupFacts facts = new StartupFacts();
    /** Those that are open, from the first byte on. */
    private final Set<Drainable> clients = Collections.newSetFromMap(new IdentityHashMap<>());
    private long sessionsBegun;
    private @Nullable Runnable onDrained;

    /** What ends by itself, or is ended, when the proxy does. */
    interface Drainable {
        /** The proxy, or this listener, takes nothing more up: end as soon as nothing is under way. Null: all of them. */
        void drain(@Nullable PgListener listener);

        /** End at once. */
        void close();

        /** As it was when the client came. */
        PgRoute route();

        /** For operators; null as long as nobody has logged in. */
        @Nullable
        OpenSession view(String route);
    }

    /**
     * @param number of the loop, from 0
     * @param random cryptographic, and safe for this loop
     * @param cancels shared by all loops
     * @param nanos a clock as {@link System#nanoTime}
     */
    public PgLoop(int number, EventLoops loops, EventLoop loop, RandomGenerator random, Snapshots snapshots,
            Decider decider, Deadlines deadlines, Cancels cancels, LongSupplier nanos) {
        this.number = number;
        this.loop = loop;
        this.random = random;
        this.snapshots = snapshots;
        this.decider = decider;
        this.deadlines = deadlines;
        this.cancels = cancels;
        this.nanos = nanos;
        servers = new Bootstrap().group(loop)
                .channel(loops.channel())
                .resolver(NoopAddressResolverGroup.INSTANCE)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                // A server that takes no more may have said why: that is still to be read.
                .option(ChannelOption.AUTO_CLOSE, false)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT);
    }

    /** Reads the current snapshot, once; answers false when the route is not there any more. */
    boolean decide(String route, StartupParameters parameters, InetAddress client, Decision decision) {
        return decider.decide(snapshots.current(), route, facts.of(parameters, client), decision);
    }

    /** For one connection to a server. */
    Bootstrap server() {
        return servers.clone();
    }

    EventLoop loop() {
        return loop;
    }

    public int number() {
        return number;
    }

    RandomGenerator random() {
        return random;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    Cancels cancels() {
        return cancels;
    }

    long nanos() {
        return nanos.getAsLong();
    }

    @AllowedHere("operators are told when a session began")
    static Instant now() {
        return Instant.now();
    }

    /** For one session; no other of the process has it. */
    long nextId() {
        return ++sessionsBegun << LOOP_BITS | number;
    }

    void opened(Drainable client) {
        clients.add(client);
    }

    void closed(Drainable client) {
        clients.remove(client);
        reportDrained();
    }

    /** Whether no session is to be kept beyond what it is doing. */
    boolean draining() {
        return onDrained != null;
    }

    /** Ends every session as soon as it does nothing; {@code drained} is called when the last has ended. */
    public void drain(Runnable drained) {
        onDrained = drained;
        List.copyOf(clients).forEach(client -> client.drain(null));
        reportDrained();
    }

    void drain(PgListener listener) {
        List.copyOf(clients).forEach(client -> client.drain(listener));
    }

    /** Closes every connection of the loop, on both legs. */
    public void close() {
        List.copyOf(clients).forEach(Drainable::close);
    }

    private void reportDrained() {
        if (onDrained != null && clients.isEmpty()) {
            onDrained.run();
        }
    }

    /** Whether there is a client that came when these held. */
    public boolean serves(Accounts accounts) {
        return clients.stream().anyMatch(client -> client.route().accounts().equals(accounts));
    }

    /** The sessions of a route on this loop. */
    public List<OpenSession> sessions(String route) {
        return clients.stream().map(client -> client.view(route)).flatMap(view -> view == null
                ? Stream.<OpenSession>empty()
                : Stream.of(view)).toList();
    }
}
