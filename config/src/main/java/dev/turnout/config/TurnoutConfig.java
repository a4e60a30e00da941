package dev.turnout.config;

import java.nio.file.Path;
import java.util.List;

/**
 * The whole configuration, checked.
 *
 * @param stateDir holds what an operator changed at run time; one process at a time
 * @param eventLoops threads that move bytes; 1..256, default one for each processor
 * @param routes in the order of their names, at least one; no two listen on the same address
 */
public record TurnoutConfig(
        AdminConfig admin,
        Path stateDir,
        Transport transport,
        int eventLoops,
        List<RouteConfig> routes) {
    public TurnoutConfig {
        routes = List.copyOf(routes);
    }
}
