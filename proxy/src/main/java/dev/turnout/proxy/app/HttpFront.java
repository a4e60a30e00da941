package dev.turnout.proxy.app;

import dev.turnout.config.MessageLimits;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.Target;
import dev.turnout.config.UnhealthyPolicy;
import dev.turnout.proxy.http.ConnectionLimit;
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
import dev.turnout.proxy.routing.Snapshots;
import dev.turnout.proxy.upstream.Endpoint;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP side of the proxy: what each event loop holds, and the listener of each route. */
final class HttpFront implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(HttpFront.class);
    /** Loops deal from places far apart on the circle; the step is any large odd number. */
    private static final long DRAW_START_STEP = 0xD1B54A32D192ED03L;

    /** What one event loop holds. */
    private record OfLoop(EventLoop loop, HttpLoop http, Origins origins) {}

    private final EventLoops eventLoops;
    private final RandomGenerator random;
    private final List<OfLoop> loops = new ArrayList<>();

    /**
     * @param accessLog null when none is kept
     * @param random for identifiers and choices; safe for any thread
     */
    HttpFront(EventLoops eventLoops, Snapshots snapshots, MessageLimits limits, @Nullable AccessLog accessLog,
            RandomGenerator random) {
        this.eventLoops = eventLoops;
        this.random = random;
        HeadLimits heads = new HeadLimits(limits.headBytes(), limits.fields(), limits.targetBytes());
        for (EventLoop loop : eventLoops.each()) {
            int number = loops.size();
            Deadlines deadlines = turning(loop);
            Decider decider = new Decider(heads.bytes(), number * DRAW_START_STEP);
            Origins origins = new Origins(eventLoops, loop, heads, deadlines);
            loops.add(new OfLoop(loop, new HttpLoop(number, random.nextLong(), snapshots, decider, origins,
                    heads, deadlines, accessLog, System::nanoTime), origins));
        }
    }

    private static Deadlines turning(EventLoop loop) {
        Deadlines deadlines = new Deadlines(System.nanoTime());
        loop.scheduleAtFixedRate(() -> deadlines.advance(System.nanoTime()), Deadlines.TICK_NANOS,
                Deadlines.TICK_NANOS, TimeUnit.NANOSECONDS).addListener(ended -> {
                    if (!ended.isCancelled()) {
                        log.error("time limits of an event loop have stopped", ended.cause());
                    }
                });
        return deadlines;
    }

    /** Accepts connections of this route from now on. */
    Listener listen(LiveRoute live) throws IOException {
        RouteConfig route = live.config();
        live.endpoints().values().forEach(side -> side.onRemoved(this::retire));
        ConnectionLimit connections = new ConnectionLimit(route.http().limits().connections());
        Map<EventLoop, HttpRoute> routes = new HashMap<>();
        for (OfLoop of : loops) {
            routes.put(of.loop, route(of.http, live, connections));
        }
        return Listener.bind(eventLoops, route.listen(), HttpPipelines.client(routes));
    }

    private HttpRoute route(HttpLoop loop, LiveRoute live, ConnectionLimit connections) {
        RouteConfig route = live.config();
        Map<Target, HttpRoute.Side> sides = new EnumMap<>(Target.class);
        live.endpoints().forEach((target, side) -> sides.put(target, new HttpRoute.Side(
                side.balancer(loop.number(), random.nextLong()),
                live.meters().requests(loop.number(), target))));
        return new HttpRoute(route.name(), loop, sides, live.meters().listener(loop.number()), connections,
                route.http(), HttpRoute.Ticks.of(route.http().timeouts()),
                route.split().unhealthy() == UnhealthyPolicy.SPILL);
    }

    private void retire(Endpoint endpoint) {
        loops.forEach(of -> of.loop.execute(() -> of.origins.retire(endpoint)));
    }

    /** Closes every connection, before the loops end: they would leave some open. */
    @Override
    public void close() {
        loops.stream().map(of -> of.loop.submit(of.http::close)).toList()
                .forEach(Future::awaitUninterruptibly);
    }

    /** Lets every connection end with the request that is under way; completes when none is left. */
    CompletableFuture<Void> drain() {
        return CompletableFuture.allOf(loops.stream().map(of -> {
            CompletableFuture<Void> drained = new CompletableFuture<>();
            of.loop.execute(() -> of.http.drain(() -> drained.complete(null)));
            return drained;
        }).toArray(CompletableFuture[]::new));
    }
}
