package dev.turnout.proxy.app;

import dev.turnout.config.Address;
import dev.turnout.config.EndpointState;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.Target;
import dev.turnout.proxy.control.LiveRoutes.LiveEndpoint;
import dev.turnout.proxy.control.LiveRoutes.LiveSide;
import dev.turnout.proxy.metrics.RouteMeters;
import dev.turnout.proxy.upstream.EndpointSet;
import dev.turnout.proxy.upstream.EndpointView;
import dev.turnout.proxy.upstream.Surroundings;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What lives as long as a route does, of all event loops together.
 *
 * @param endpoints of both sides; none until they are {@linkplain #apply applied}
 */
record LiveRoute(RouteConfig config, Map<Target, EndpointSet> endpoints, RouteMeters meters) {
    static LiveRoute of(RouteConfig config, int loops, Surroundings around) {
        Map<Target, EndpointSet> endpoints = new EnumMap<>(Target.class);
        for (Target target : Target.values()) {
            endpoints.put(target,
                    new EndpointSet(config.name(), target, config.health(), loops, around));
        }
        return new LiveRoute(config, endpoints, new RouteMeters(loops));
    }

    EndpointSet side(Target target) {
        return Objects.requireNonNull(endpoints.get(target), target.label());
    }

    /** From now on the side has these endpoints. */
    void apply(Target target, Map<Address, EndpointState> wanted) {
        Map<Address, Boolean> drained = new LinkedHashMap<>();
        wanted.forEach((address, state) -> drained.put(address, state == EndpointState.DRAINED));
        side(target).configure(drained);
    }

    Map<Target, LiveSide> sides() {
        Map<Target, LiveSide> sides = new EnumMap<>(Target.class);
        endpoints.forEach((target, side) -> sides.put(target, new LiveSide(
                side.views()
                        .stream()
                        .collect(Collectors.toMap(EndpointView::address,
                                endpoint -> new LiveEndpoint(endpoint.healthy(), endpoint.inFlight()))),
                meters.inFlight(target), meters.requests(target), meters.failures(target))));
        return sides;
    }

    /** Follows no names and checks nothing any more. */
    void close() {
        endpoints.values().forEach(EndpointSet::close);
    }
}
