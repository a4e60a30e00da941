package dev.turnout.proxy.routing;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What operators want, all of it, at one version. Immutable; a request reads it once and asks nothing else.
 *
 * @param version rises by one with every change
 * @param epoch rises only when a cutover or a rollback commits
 * @param routes by name
 */
public record RoutingSnapshot(long version, long epoch, Map<String, Route> routes) {
    public RoutingSnapshot {
        routes = Map.copyOf(routes);
    }

    /**
     * One route at the version that last changed it.
     *
     * @param version 0: as the file has it
     */
    public record Route(Split split, long version) {}

    /** Throws NullPointerException for a route that was never there: names come from the same configuration. */
    public Route route(String name) {
        return Objects.requireNonNull(routes.get(name), name);
    }

    /** The next version, in which one route has this split. */
    public RoutingSnapshot with(String name, Split split) {
        Map<String, Route> next = new HashMap<>(routes);
        next.put(name, new Route(split, version + 1));
        return new RoutingSnapshot(version + 1, epoch, next);
    }
}
