package dev.turnout.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The whole configuration, checked.
 *
 * @param stateDir holds what an operator changed at run time; one process at a time
 * @param shutdownTimeout how long what is under way may take to end after SIGTERM; 0s..1h, default 30s
 * @param accessLog an absolute path, or {@code -} for standard output; empty, the default: requests are not logged
 * @param eventLoops threads that move bytes; 1..256, default one for each processor
 * @param routes in the order of their names, at least one; no two listen on the same address
 */
public record TurnoutConfig(
        AdminConfig admin,
        DnsConfig dns,
        MessageLimits limits,
        Path stateDir,
        Duration shutdownTimeout,
        Optional<String> accessLog,
        Transport transport,
        int eventLoops,
        List<RouteConfig> routes) {
    public TurnoutConfig {
        routes = List.copyOf(routes);
    }

    /** The same but for what a reload changes at once. */
    public TurnoutConfig with(Duration otherShutdownTimeout, List<TokenConfig> tokens,
            List<RouteConfig> otherRoutes) {
        return new TurnoutConfig(new AdminConfig(admin.listen(), tokens), dns, limits, stateDir,
                otherShutdownTimeout, accessLog, transport, eventLoops, otherRoutes);
    }
}
