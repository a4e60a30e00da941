package dev.turnout.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads the keys of a route that are about PostgreSQL. */
final class PostgresReader {
    private static final Kind<Duration> AUTHENTICATE = Kinds.duration(Duration.ofMillis(1),
            Duration.ofMinutes(10), "1ms to 10m");
    private static final Kind<Duration> SLOW = Kinds.duration(Duration.ZERO, Duration.ofHours(24),
            "0s to 24h");
    private static final Kind<Integer> CONNECTIONS = Kinds.number(1, 1_000_000);
    private static final Kind<Mode> MODE = Kind.choice(Mode.class, _ -> "session").andLater("transaction");

    private final Problems problems;
    private final Path file;

    /** How sessions share connections to a server: not at all. */
    private enum Mode {
        SESSION
    }

    /**
     * Reads PostgreSQL routes.
     *
     * @param file the configuration file, which relative paths start at
     */
    PostgresReader(Problems problems, Path file) {
        this.problems = problems;
        this.file = file;
    }

    /**
     * Reads one that speaks PostgreSQL.
     *
     * @param http what it shares with the other protocol
     */
    Supplier<Optional<PostgresConfig>> read(Section route, Read<DataKind> data, Read<Address> listen,
            Supplier<HttpConfig> http) {
        route.read("mode", MODE);
        TlsReader tls = new TlsReader(problems, file);
        Supplier<Optional<TlsServerConfig>> server = tls.server(route);
        Section ofClients = route.section("tls");
        boolean clientCa = ofClients.isDoubtful() || ofClients.has("client-ca");
        Supplier<PostgresAuth> auth = new AuthReader(problems, file).read(route.section("auth"), listen,
                clientCa);
        Supplier<TlsClientConfig> blue = tls.client(route.section("blue"));
        Supplier<TlsClientConfig> green = tls.client(route.section("green"));
        Read<Duration> authenticate = route.section("timeouts").read("authenticate", AUTHENTICATE);
        Read<Integer> unauthenticated = route.section("limits").read("unauthenticated", CONNECTIONS);
        Read<Optional<Duration>> slow = route.readIfSet("slow-statement", SLOW);
        return () -> Optional.of(new PostgresConfig(data.get(), auth.get(), server.get(),
                Map.of(Target.BLUE, blue.get(), Target.GREEN, green.get()),
                http.get().timeouts().connect(), authenticate.get(), http.get().limits().connections(),
                unauthenticated.get(), slow.get()));
    }
}
