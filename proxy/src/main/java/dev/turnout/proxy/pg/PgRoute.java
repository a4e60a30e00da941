package dev.turnout.proxy.pg;

import dev.turnout.config.PostgresConfig;
import dev.turnout.config.Target;
import dev.turnout.proxy.metrics.SessionListenerMeters;
import dev.turnout.proxy.metrics.SessionMeters;
import dev.turnout.proxy.net.ConnectionLimit;
import dev.turnout.proxy.net.LongLived;
import dev.turnout.proxy.net.tls.ClientTls;
import dev.turnout.proxy.net.tls.ServerTls;
import dev.turnout.proxy.upstream.EndpointSet;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One PostgreSQL route as one event loop serves it. Confined to that loop.
 *
 * @param connections shared by all loops
 * @param unauthenticated shared by all loops
 * @param tls what clients are offered; empty: nothing
 * @param accounts who may come in; shared by all loops
 * @param spills whether a side without a healthy endpoint leaves its sessions to the other
 */
public record PgRoute(
        String name,
        PostgresConfig config,
        Map<Target, Side> sides,
        SessionListenerMeters meters,
        ConnectionLimit connections,
        ConnectionLimit unauthenticated,
        Optional<ServerTls> tls,
        Accounts accounts,
        boolean spills) {
    public PgRoute {
        sides = new EnumMap<>(sides);
    }

    /** One side as one event loop sees it. */
    public record Side(
            Target target,
            EndpointSet endpoints,
            Roles roles,
            ClientTls tls,
            SessionMeters meters,
            LongLived sessions) {}

    Side side(Target target) {
        return Objects.requireNonNull(sides.get(target), target.label());
    }
}
