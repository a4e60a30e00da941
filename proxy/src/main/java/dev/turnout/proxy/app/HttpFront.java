package dev.turnout.proxy.app;

import dev.turnout.config.Address;
import dev.turnout.config.MessageLimits;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.Target;
import dev.turnout.config.UnhealthyPolicy;
import dev.turnout.proxy.http.HttpListener;
import dev.turnout.proxy.http.HttpLoop;
import dev.turnout.proxy.http.HttpPipelines;
import dev.turnout.proxy.http.HttpRoute;
import dev.turnout.proxy.http.head.HeadLimits;
import dev.turnout.proxy.http.upstream.Origins;
import dev.turnout.proxy.metrics.access.AccessLog;
import dev.turnout.proxy.net.Deadlines;
import dev.turnout.proxy.net.EventLoops;
import dev.turnout.proxy.net.Listener;
import dev.turnout.proxy.routing.Decider;
import dev.turnout.proxy.routing.RouteTable;
import dev.turnout.proxy.routing.Snapshots;
import dev.turnout.proxy.upstream.Endpoint;
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
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The HTTP side of the proxy: what each event loop holds, and the listeners with the routes that share each. */
final class HttpFront implements Closeable {
    /** Loops deal from places far apart on the circle; the step is any large odd number. */
    private static final long DRAW_START_STEP = 0xD1B54A32D192ED03L;

    /** What one event loop holds. */
    private record OfLoop(EventLoop loop, HttpLoop http, Origins origins) {}

    /** One bound address, as each loop serves it. */
    private record Bound(Listener listener, Map<EventLoop, HttpListener> loops) {}

    private final EventLoops eventLoops;
    private final RandomGenerator random;
    private final List<OfLoop> loops = new ArrayList<>();
    /** By {@link #key}. Written by one thread at a time. */
    private volatile Map<String, Bound> bound = Map.of();

    /**
     * @param wheels one for each loop
     * @param accessLog null when none is kept
     * @param random for identifiers and choices; safe for any thread
     */
    HttpFront(EventLoops eventLoops, Map<EventLoop, Deadlines> wheels, Snapshots snapshots,
            MessageLimits limits, @Nullable AccessLog accessLog,
            RandomGenerator random) {
        this.eventLoops = eventLoops;
        this.random = random;
        HeadLimits heads = new HeadLimits(limits.headBytes(), limits.fields(), limits.targetBytes());
        for (EventLoop loop : eventLoops.each()) {
            int number = loops.size();
            Deadlines deadlines = Objects.requireNonNull(wheels.get(loop));
            // Ids of users are no secret: one seed for each loop, and no lock for each user.
            Decider decider = new Decider(heads.bytes(), drawStart(number),
                    new SplittableRandom(random.nextLong())::nextLong);
            Origins origins = new Origins(eventLoops, loop, heads, deadlines);
            loops.add(new OfLoop(loop, new HttpLoop(number, random, snapshots, decider, origins,
                    heads, deadlines, accessLog, System::nanoTime), origins));
        }
    }

    /** Where the loop with this number begins to deal out. */
    static long drawStart(int number) {
        return number * DRAW_START_STEP;
    }

    /** Listeners and routes that are about to be served; nothing is accepted yet where nothing was before. */
    final class Prepared {
        private final Map<String, Bound> next = new LinkedHashMap<>();
        private final Map<String, List<LiveRoute>> routes;

        private Prepared(Map<String, List<LiveRoute>> routes) {
            this.routes = routes;
        }

        private void bind() throws IOException {
            for (Map.Entry<String, List<LiveRoute>> entry : routes.entrySet()) {
                Bound known = bound.get(entry.getKey());
                next.put(entry.getKey(), known != null
                        ? known
                        : HttpFront.this.bind(entry.getValue()));
            }
        }

        /** Serves these routes, and no others, from now on. Returns when every loop does. */
        void serve() {
            Map<String, Bound> before = bound;
            List<Future<?>> served = new ArrayList<>();
            for (OfLoop of : loops) {
                Map<String, RouteTable<HttpRoute>> tables = new HashMap<>();
                routes.forEach((key, sharing) -> tables.put(key, table(of.http, sharing)));
                served.add(of.loop.submit(() -> next.forEach((key, on) -> Objects
                        .requireNonNull(on.loops.get(of.loop))
                        .serve(Objects.requireNonNull(tables.get(key), key)))));
            }
            served.forEach(Future::awaitUninterruptibly);
            routes.values().forEach(sharing -> sharing.forEach(LiveRoute::served));
            bound = Map.copyOf(next);
            next.forEach((key, on) -> {
                if (!before.containsKey(key)) {
                    on.listener.accept();
                }
            });
            before.forEach((key, on) -> {
                if (!next.containsKey(key)) {
                    close(on);
                }
            });
        }

        /** Listens nowhere that was not listened on before. */
        void cancel() {
            next.forEach((key, on) -> {
                if (!bound.containsKey(key)) {
                    on.listener.close().awaitUninterruptibly();
                }
            });
        }
    }

    /** Binds what these routes need. Throws IOException that names the address, and then nothing has changed. */
    Prepared prepare(Collection<LiveRoute> routes) throws IOException {
        Map<String, List<LiveRoute>> sharing = new LinkedHashMap<>();
        routes.forEach(
                route -> sharing.computeIfAbsent(key(route.config()), key -> new ArrayList<>()).add(route));
        Prepared prepared = new Prepared(sharing);
        boolean done = false;
        try {
            prepared.bind();
            done = true;
            return prepared;
        } finally {
            if (!done) {
                prepared.cancel();
            }
        }
    }

    /** Routes with the same one share a listener. With port 0 each has its own. */
    private static String key(RouteConfig route) {
        Address address = route.listen().canonical();
        return address.port() == 0 ? address + " of " + route.name() : address.toString();
    }

    private Bound bind(List<LiveRoute> sharing) throws IOException {
        Map<EventLoop, HttpListener> listeners = new HashMap<>();
        for (OfLoop of : loops) {
            listeners.put(of.loop, new HttpListener(of.http, table(of.http, sharing)));
        }
        Address address = sharing.getFirst().config().listen();
        return new Bound(Listener.bind(eventLoops, address, HttpPipelines.client(listeners)), listeners);
    }

    private RouteTable<HttpRoute> table(HttpLoop loop, List<LiveRoute> sharing) {
        return RouteTable.of(sharing.stream()
                .map(live -> new RouteTable.Entry<>(live.config().match(), route(loop, live)))
                .toList());
    }

    private HttpRoute route(HttpLoop loop, LiveRoute live) {
        RouteConfig route = live.config();
        Map<Target, HttpRoute.Side> sides = new EnumMap<>(Target.class);
        live.endpoints().forEach((target, side) -> sides.put(target, new HttpRoute.Side(
                side.balancer(loop.number(), random.nextLong()),
                live.meters().requests(loop.number(), target), live.longLived(target, loop.number()))));
        return new HttpRoute(route.name(), loop, sides, live.meters().listener(loop.number()),
                live.connections(), route.http(), HttpRoute.Ticks.of(route.http().timeouts()),
                route.split().unhealthy() == UnhealthyPolicy.SPILL);
    }

    /** Where a route listens; with the port that the system chose, where 0 was asked for. Empty until it does. */
    Optional<InetSocketAddress> address(RouteConfig route) {
        return Optional.ofNullable(bound.get(key(route))).map(on -> on.listener.address());
    }

    /** Idle connections to an endpoint that is removed are closed. */
    void retire(Endpoint endpoint) {
        loops.forEach(of -> of.loop.execute(() -> of.origins.retire(endpoint)));
    }

    private void close(Bound on) {
        on.listener.close().awaitUninterruptibly();
        on.loops.forEach((loop, listener) -> loop.execute(listener::close));
    }

    /** Closes every connection, before the loops end: they would leave some open. */
    @Override
    public void close() {
        stopListening();
        loops.stream().map(of -> of.loop.submit(of.http::close)).toList()
                .forEach(Future::awaitUninterruptibly);
    }

    void stopListening() {
        bound.values().forEach(on -> on.listener.close().awaitUninterruptibly());
    }

    /** Lets every connection end with the request that is under way. Completes when none is left. */
    CompletableFuture<Void> drainLoops() {
        return CompletableFuture.allOf(loops.stream().map(of -> {
            CompletableFuture<Void> drained = new CompletableFuture<>();
            of.loop.execute(() -> of.http.drain(() -> drained.complete(null)));
            return drained;
        }).toArray(CompletableFuture[]::new));
    }
}
