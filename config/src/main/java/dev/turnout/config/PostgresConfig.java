package dev.turnout.config;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a route does as a PostgreSQL proxy.
 *
 * @param data what the sides are to each other; default replicated
 * @param tls what clients are offered; empty, the default: no TLS
 * @param sides how the endpoints of each side are connected to
 * @param connectTimeout for a connection to an endpoint to open; 1ms..60s, default 2s
 * @param authenticateTimeout from the opening of a connection until the client has proved who it is, and again until
 *     the server has let it in; 1ms..10m, default 10s
 * @param connections of clients at a time; 1..1 000 000, default 20 000
 * @param unauthenticated connections at a time whose clients have not proved yet who they are; 1..1 000 000, default
 *     1 000
 * @param slowStatement statements that take at least this long are logged, without their values; 0s..24h; empty, the
 *     default: none
 */
public record PostgresConfig(
        DataKind data,
        PostgresAuth auth,
        Optional<TlsServerConfig> tls,
        Map<Target, TlsClientConfig> sides,
        Duration connectTimeout,
        Duration authenticateTimeout,
        int connections,
        int unauthenticated,
        Optional<Duration> slowStatement) {
    public PostgresConfig {
        sides = Map.copyOf(sides);
    }

    /** How the endpoints of a side are connected to. */
    public TlsClientConfig side(Target target) {
        return Objects.requireNonNull(sides.get(target), target.label());
    }
}
