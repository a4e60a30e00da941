package dev.turnout.proxy.app;

import dev.turnout.admin.SessionView;
import dev.turnout.config.Address;
import dev.turnout.config.PostgresConfig;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.Target;
import dev.turnout.config.UnhealthyPolicy;
import dev.turnout.proxy.net.Deadlines;
import dev.turnout.proxy.net.EventLoops;
import dev.turnout.proxy.net.Listener;
import dev.turnout.proxy.pg.Cancels;
import dev.turnout.proxy.pg.OpenSession;
import dev.turnout.proxy.pg.PgListener;
import dev.turnout.proxy.pg.PgLoop;
import dev.turnout.proxy.pg.PgPipelines;
import dev.turnout.proxy.pg.PgRoute;
import dev.turnout.proxy.pg.wire.StartupRequest;
import dev.turnout.proxy.routing.Decider;
import dev.turnout.proxy.routing.Snapshots;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The PostgreSQL side of the proxy: what each event loop holds, and a listener for each route. */
final class PgFront implements Closeable {
    /** What one event loop holds. */
    private record OfLoop(EventLoop loop, PgLoop pg) {}

    /** One bound address, as each loop serves it. */
    private record Bound(Listener listener, Map<EventLoop, PgListener> loops, PgParts parts) {}

    private final EventLoops eventLoops;
    private final RandomGenerator random;
    private final List<OfLoop> loops = new ArrayList<>();
    /** By name of the route and address. Written by one thread at a time. */
    private volatile Map<String, Bound> bound = Map.of();
    /** What clients of a former configuration still connect with. */
    private final Queue<PgParts> retired = new ConcurrentLinkedQueue<>();

    /**
     * @param wheels one for each loop
     * @param random cryptographic; safe for any thread
     */
    PgFront(EventLoops eventLoops, Map<EventLoop, Deadlines> wheels, Snapshots snapshots,
            RandomGenerator random) {
        this.eventLoops = eventLoops;
        this.random = random;
        Cancels cancels = new Cancels();
        for (EventLoop loop : eventLoops.each()) {
            int number = loops.size();
            Decider decider = new Decider(StartupRequest.MAX_BYTES, HttpFront.drawStart(number),
                    random::nextLong);
            loops.add(new OfLoop(loop, new PgLoop(number, eventLoops, loop, random, snapshots, decider,
                    Objects.requireNonNull(wheels.get(loop)), cancels, System::nanoTime)));
        }
    }

    /** Listeners and routes that are about to be served; nothing is accepted yet where nothing was before. */
    final class Prepared {
        private final Map<String, Bound> next = new LinkedHashMap<>();
        private final Map<String, LiveRoute> routes = new LinkedHashMap<>();

        private void add(LiveRoute live) throws IOException {
            String key = key(live.config());
            Bound known = bound.get(key);
            PgParts parts = open(live, known);
            boolean done = false;
            try {
                routes.put(key, live);
                next.put(key, known == null
                        ? bind(live, parts)
                        : new Bound(known.listener, known.loops, parts));
                done = true;
            } finally {
                if (!done) {
                    parts.close();
                }
            }
        }

        /** Serves these routes, and no others, from now on. Returns when every loop does. */
        void serve() {
            Map<String, Bound> before = bound;
            List<Future<?>> served = new ArrayList<>();
            for (OfLoop of : loops) {
                Map<String, PgRoute> prepared = new HashMap<>();
                routes.forEach((key, live) -> prepared.put(key, route(of.pg, live, parts(key))));
                served.add(of.loop.submit(() -> next.forEach((key, on) -> Objects
                        .requireNonNull(on.loops.get(of.loop))
                        .serve(Objects.requireNonNull(prepared.get(key), key)))));
            }
            served.forEach(Future::awaitUninterruptibly);
            routes.values().forEach(LiveRoute::served);
            bound = Map.copyOf(next);
            next.forEach((key, on) -> {
                if (!before.containsKey(key)) {
                    on.listener.accept();
                }
            });
            before.forEach((key, on) -> {
                Bound now = next.get(key);
                if (now == null) {
                    close(on);
                }
                if (now == null || !now.parts.equals(on.parts)) {
                    retired.add(on.parts);
                }
            });
        }

        private PgParts parts(String key) {
            return Objects.requireNonNull(next.get(key), key).parts;
        }

        /** Listens nowhere that was not listened on before. */
        void cancel() {
            next.forEach((key, on) -> {
                Bound known = bound.get(key);
                if (known == null) {
                    on.listener.close().awaitUninterruptibly();
                }
                if (known == null || !known.parts.equals(on.parts)) {
                    on.parts.close();
                }
            });
        }
    }

    /** Binds and reads what these routes need. Throws IOException that says what is in the way; nothing has changed then. */
    Prepared prepare(Collection<LiveRoute> routes) throws IOException {
        Prepared prepared = new Prepared();
        boolean done = false;
        try {
            for (LiveRoute live : routes) {
                prepared.add(live);
            }
            done = true;
            return prepared;
        } finally {
            if (!done) {
                prepared.cancel();
            }
        }
    }

    /** Sessions of one route never become another's, so a listener is a route's own. */
    private static String key(RouteConfig route) {
        return route.listen().canonical() + " of " + route.name();
    }

    private PgParts open(LiveRoute live, @Nullable Bound known) throws IOException {
        PostgresConfig config = live.config().postgres().orElseThrow();
        if (known != null && known.parts.config().equals(config)) {
            return known.parts;
        }
        return PgParts.open(live.config(), random);
    }

    private Bound bind(LiveRoute live, PgParts parts) throws IOException {
        Map<EventLoop, PgListener> listeners = new HashMap<>();
        for (OfLoop of : loops) {
            listeners.put(of.loop, new PgListener(of.pg, route(of.pg, live, parts)));
        }
        Address address = live.config().listen();
        return new Bound(Listener.bind(eventLoops, address, PgPipelines.client(listeners)), listeners, parts);
    }

    private static PgRoute route(PgLoop loop, LiveRoute live, PgParts parts) {
        RouteConfig route = live.config();
        Map<Target, PgRoute.Side> sides = new EnumMap<>(Target.class);
        live.endpoints().forEach((target, endpoints) -> sides.put(target, new PgRoute.Side(target, endpoints,
                live.roles(target), Objects.requireNonNull(parts.sides().get(target)),
                live.meters().sessions(loop.number(), target), live.longLived(target, loop.number()))));
        return new PgRoute(route.name(), parts.config(), sides, live.meters().sessionListener(loop.number()),
                live.connections(), live.unauthenticated(), parts.tls(), parts.accounts(),
                route.split().unhealthy() == UnhealthyPolicy.SPILL);
    }

    /** Where a route listens; with the port that the system chose, where 0 was asked for. Empty until it does. */
    Optional<InetSocketAddress> address(RouteConfig route) {
        return Optional.ofNullable(bound.get(key(route))).map(on -> on.listener.address());
    }

    /** The sessions of a route. Blocks until each loop has answered. */
    List<SessionView> sessions(String route) {
        List<Future<List<OpenSession>>> asked = loops.stream()
                .map(of -> of.loop.submit(() -> of.pg.sessions(route))).toList();
        List<SessionView> all = new ArrayList<>();
        asked.forEach(answer -> {
            answer.awaitUninterruptibly();
            if (answer.isSuccess()) {
                answer.getNow().forEach(session -> all.add(view(session)));
            }
        });
        return all;
    }

    private static SessionView view(OpenSession of) {
        return new SessionView(of.id(), of.client(), of.user(), of.database(), of.application(), of.tls(),
                of.state(),
                of.category(), of.reasons(), Optional.of(of.target()), Optional.of(of.endpoint()), of.pid(),
                of.since(),
                of.stateSince());
    }

    /** Certificates that have changed hold for connections that come. Reads files, and blocks until each loop has answered. */
    void refreshTls() {
        bound.values().forEach(on -> on.parts.refresh());
        for (PgParts parts : List.copyOf(retired)) {
            parts.refresh();
            boolean used = loops.stream().map(of -> of.loop.submit(() -> of.pg.serves(parts.accounts())))
                    .toList().stream()
                    .anyMatch(answer -> !answer.awaitUninterruptibly().isSuccess() || answer.getNow());
            if (!used && retired.remove(parts)) {
                parts.close();
            }
        }
    }

    private static void close(Bound on) {
        on.listener.close().awaitUninterruptibly();
        on.loops.entrySet().stream().map(each -> each.getKey().submit(each.getValue()::close)).toList()
                .forEach(Future::awaitUninterruptibly);
    }

    /** Closes every connection, before the loops end: they would leave some open. */
    @Override
    public void close() {
        stopListening();
        loops.stream().map(of -> of.loop.submit(of.pg::close)).toList().forEach(Future::awaitUninterruptibly);
        bound.values().forEach(on -> on.parts.close());
        retired.forEach(PgParts::close);
    }

    void stopListening() {
        bound.values().forEach(on -> on.listener.close().awaitUninterruptibly());
    }

    /** Ends every session as soon as it does nothing. Completes when none is left. */
    CompletableFuture<Void> drainLoops() {
        return CompletableFuture.allOf(loops.stream().map(of -> {
            CompletableFuture<Void> drained = new CompletableFuture<>();
            of.loop.execute(() -> of.pg.drain(() -> drained.complete(null)));
            return drained;
        }).toArray(CompletableFuture[]::new));
    }
}
