package dev.turnout.proxy.app;

import dev.turnout.config.RouteConfig;
import dev.turnout.config.Target;
import dev.turnout.proxy.http.HttpLoop;
import dev.turnout.proxy.http.HttpPipelines;
import dev.turnout.proxy.http.HttpRoute;
import dev.turnout.proxy.http.head.HeadLimits;
import dev.turnout.proxy.http.upstream.Origins;
import dev.turnout.proxy.metrics.RouteMeters;
import dev.turnout.proxy.net.EventLoops;
import dev.turnout.proxy.net.Listener;
import dev.turnout.proxy.routing.Decider;
import dev.turnout.proxy.routing.Snapshots;
import dev.turnout.proxy.upstream.Endpoint;
import dev.turnout.proxy.upstream.Rotation;
import io.netty.channel.EventLoop;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The HTTP side of the proxy: what each event loop holds, and the listener of each route. */
final class HttpFront {
    /** Loops deal from places far apart on the circle; the step is any large odd number. */
    private static final long DRAW_START_STEP = 0xD1B54A32D192ED03L;

    private final List<EventLoop> eventLoops;
    private final EventLoops loops;
    private final Map<EventLoop, HttpLoop> http = new HashMap<>();

    HttpFront(EventLoops loops, Snapshots snapshots) {
        this.loops = loops;
        eventLoops = loops.each();
        DnsAddressResolverGroup names = names(loops);
        HeadLimits limits = HeadLimits.DEFAULT;
        for (EventLoop loop : eventLoops) {
            Decider decider = new Decider(limits.bytes(), http.size() * DRAW_START_STEP);
            Origins origins = new Origins(loops, loop, names, limits);
            http.put(loop, new HttpLoop(snapshots, decider, origins, limits, System::nanoTime));
        }
    }

    private static DnsAddressResolverGroup names(EventLoops loops) {
        return new DnsAddressResolverGroup(
                new DnsNameResolverBuilder().datagramChannelType(loops.datagramChannel()));
    }

    /** Accepts connections of this route from now on. */
    Listener listen(RouteConfig route, Map<Target, List<Endpoint>> endpoints, RouteMeters meters)
            throws IOException {
        Map<EventLoop, HttpRoute> routes = new HashMap<>();
        for (int number = 0; number < eventLoops.size(); number++) {
            routes.put(eventLoops.get(number), route(number, route, endpoints, meters));
        }
        return Listener.bind(loops, route.listen(), HttpPipelines.client(routes));
    }

    private HttpRoute route(int number, RouteConfig route, Map<Target, List<Endpoint>> endpoints,
            RouteMeters meters) {
        Map<Target, HttpRoute.Side> sides = new EnumMap<>(Target.class);
        endpoints.forEach((target, side) -> sides.put(target,
                new HttpRoute.Side(new Rotation(side), meters.requests(number, target))));
        return new HttpRoute(route.name(),
                Objects.requireNonNull(http.get(eventLoops.get(number)), "a loop of the group"),
                sides, meters.listener(number), route.http().timeouts().connect(),
                route.http().exposeTarget());
    }
}
