package dev.turnout.proxy.app;

import dev.turnout.config.PostgresConfig;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.Target;
import dev.turnout.proxy.net.tls.ClientTls;
import dev.turnout.proxy.net.tls.ServerTls;
import dev.turnout.proxy.pg.Accounts;
import java.io.Closeable;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What a PostgreSQL route has of files and secrets, for as long as its configuration is the same. Any thread.
 *
 * @param tls what clients are offered
 * @param sides how the endpoints of each side are connected to
 */
record PgParts(
        PostgresConfig config,
        Optional<ServerTls> tls,
        Map<Target, ClientTls> sides,
        Accounts accounts)
        implements
            Closeable {
    /** Of clients that begin with the handshake, instead of asking for it (PostgreSQL, "SSL Session Encryption"). */
    private static final List<String> DIRECT = List.of("postgresql");

    /**
     * Throws IOException that names the key and the file that cannot be used.
     *
     * @param route one that speaks PostgreSQL
     * @param random cryptographic
     */
    static PgParts open(RouteConfig route, RandomGenerator random) throws IOException {
        PostgresConfig config = route.postgres().orElseThrow();
        String key = "turnout.routes." + route.name() + ".";
        PgParts parts = new PgParts(config,
                config.tls().isPresent()
                        ? Optional.of(named(key, () -> ServerTls.open(config.tls().get(), DIRECT)))
                        : Optional.empty(),
                new EnumMap<>(Target.class), new Accounts(config.auth(), random));
        boolean done = false;
        try {
            for (Target target : Target.values()) {
                parts.sides.put(target, named(key + target.label() + ".",
                        () -> ClientTls.open(config.side(target), List.of())));
            }
            done = true;
            return parts;
        } finally {
            if (!done) {
                parts.close();
            }
        }
    }

    private interface Opening<T> {
        T open() throws IOException;
    }

    private static <T> T named(String key, Opening<T> opening) throws IOException {
        try {
            return opening.open();
        } catch (IOException e) {
            throw new IOException(key + e.getMessage(), e);
        }
    }

    /** Reads changed files; those that cannot be used stay as they were. */
    void refresh() {
        tls.ifPresent(ServerTls::refresh);
        sides.values().forEach(ClientTls::refresh);
    }

    /** Nobody connects with it any more. */
    @Override
    public void close() {
        tls.ifPresent(ServerTls::close);
        sides.values().forEach(ClientTls::close);
    }
}
