package dev.turnout.proxy.app;

import dev.turnout.admin.RouteView;
import dev.turnout.admin.RouteView.TargetView;
import dev.turnout.config.Address;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.Target;
import dev.turnout.proxy.metrics.RouteMeters;
import dev.turnout.proxy.upstream.EndpointSet;
import dev.turnout.proxy.upstream.EndpointView;
import dev.turnout.proxy.upstream.Surroundings;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What lives as long as a route does, of all event loops together.
 *
 * @param endpoints of both sides
 */
record LiveRoute(RouteConfig config, Map<Target, EndpointSet> endpoints, RouteMeters meters) {
    static LiveRoute of(RouteConfig config, int loops, Surroundings around) {
        Map<Target, EndpointSet> endpoints = new EnumMap<>(Target.class);
        for (Target target : Target.values()) {
            EndpointSet set = new EndpointSet(config.name(), target, config.health(), loops, around);
            Map<Address, Boolean> wanted = new LinkedHashMap<>();
            config.endpoints(target).forEach(address -> wanted.put(address, false));
            set.configure(wanted);
            endpoints.put(target, set);
        }
        return new LiveRoute(config, endpoints, new RouteMeters(loops));
    }

    Map<Target, TargetView> views() {
        Map<Target, TargetView> views = new EnumMap<>(Target.class);
        endpoints.forEach((target, side) -> views.put(target, new TargetView(
                side.views().stream().map(LiveRoute::view).toList(), meters.inFlight(target),
                meters.requests(target), meters.failures(target))));
        return views;
    }

    private static RouteView.EndpointView view(EndpointView endpoint) {
        return new RouteView.EndpointView(endpoint.address().toString(), endpoint.healthy());
    }

    /** Follows no names and checks nothing any more. */
    void close() {
        endpoints.values().forEach(EndpointSet::close);
    }
}
