package dev.turnout.proxy.app;

import dev.turnout.admin.RouteView.EndpointView;
import dev.turnout.admin.RouteView.TargetView;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.Target;
import dev.turnout.proxy.metrics.RouteMeters;
import dev.turnout.proxy.upstream.Endpoint;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What lives as long as a route does, of all event loops together.
 *
 * @param endpoints of both sides
 */
record LiveRoute(RouteConfig config, Map<Target, List<Endpoint>> endpoints, RouteMeters meters) {
    static LiveRoute of(RouteConfig config, int loops) {
        Map<Target, List<Endpoint>> endpoints = new EnumMap<>(Target.class);
        for (Target target : Target.values()) {
            endpoints.put(target, config.endpoints(target).stream().map(Endpoint::new).toList());
        }
        return new LiveRoute(config, endpoints, new RouteMeters(loops));
    }

    Map<Target, TargetView> views() {
        Map<Target, TargetView> views = new EnumMap<>(Target.class);
        endpoints.forEach((target, side) -> views.put(target, new TargetView(
                side.stream()
                        .map(endpoint -> new EndpointView(endpoint.address().toString(),
                                endpoint.reachable()))
                        .toList(),
                meters.inFlight(target), meters.requests(target), meters.failures(target))));
        return views;
    }
}
