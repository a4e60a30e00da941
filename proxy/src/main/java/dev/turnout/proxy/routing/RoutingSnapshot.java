package dev.turnout.proxy.routing;

import dev.turnout.config.Target;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
     * @param drained the side that gets nothing, whatever else is said
     * @param version 0: as the file has it
     */
    public record Route(Split split, Optional<Target> drained, long version) {}

    /** Null for a route that is not, or no longer, in the configuration. */
    public @Nullable Route route(String name) {
        return routes.get(name);
    }
}
