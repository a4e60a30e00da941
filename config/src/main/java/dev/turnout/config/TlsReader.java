package dev.turnout.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads what a route says of TLS, towards clients and towards endpoints. That the files are there is seen later. */
final class TlsReader {
    private static final String CERTIFICATE = "certificate";
    private static final String KEY = "private-key";
    private static final String KEY_PASSWORD = "private-key-password";
    private static final Kind<TlsMode> MODE = Kind.choice(TlsMode.class, TlsMode::label);
    private static final Kind<ClientCertificate> CLIENT_CERTIFICATE = Kind.choice(ClientCertificate.class,
            ClientCertificate::label);

    private final Problems problems;
    private final Path file;

    private enum ClientCertificate {
        OPTIONAL, REQUIRED;

        String label() {
            return this == OPTIONAL ? "optional" : "required";
        }
    }

    /**
     * Reads TLS.
     *
     * @param file the configuration file, which relative paths start at
     */
    TlsReader(Problems problems, Path file) {
        this.problems = problems;
        this.file = file;
    }

    /** The section {@code tls} of a route; nothing when it is left out. */
    Supplier<Optional<TlsServerConfig>> server(Section route) {
        if (!route.has("tls")) {
            return Optional::empty;
        }
        Section tls = route.section("tls");
        Read<Path> certificate = tls.read(CERTIFICATE, Kinds.PATH).map(this::besideFile);
        Read<Path> key = tls.read(KEY, Kinds.PATH).map(this::besideFile);
        Read<Optional<Secret>> password = tls.readIfSet(KEY_PASSWORD, PostgresKinds.KEY_PASSWORD);
        Read<Optional<Path>> clientCa = path(tls, "client-ca");
        Read<ClientCertificate> client = tls.read("client-certificate", CLIENT_CERTIFICATE);
        Read<Boolean> required = tls.read("required", Kinds.FLAG);
        if (tls.has("client-certificate") && !tls.has("client-ca") && !tls.isDoubtful()) {
            Spot spot = tls.member("client-certificate");
            problems.error(spot, Shown.found(spot) + ", where no client-ca says whose certificates count",
                    "client-ca as well, or neither");
        }
        return () -> Optional.of(new TlsServerConfig(certificate.get(), key.get(), password.get(),
                clientCa.get(), client.get() == ClientCertificate.REQUIRED, required.get()));
    }

    /** The section {@code tls} of a side. */
    Supplier<TlsClientConfig> client(Section side) {
        Section tls = side.section("tls");
        Read<TlsMode> mode = tls.read("mode", MODE);
        Read<Optional<Path>> ca = path(tls, "ca");
        Read<Optional<Path>> certificate = path(tls, CERTIFICATE);
        Read<Optional<Path>> key = path(tls, KEY);
        Read<Optional<Secret>> password = tls.readIfSet(KEY_PASSWORD, PostgresKinds.KEY_PASSWORD);
        requireBeside(tls, CERTIFICATE, KEY);
        requireBeside(tls, KEY, CERTIFICATE);
        requireBeside(tls, KEY_PASSWORD, KEY);
        mode.value().filter(chosen -> tls.has("ca") && chosen.compareTo(TlsMode.REQUIRE) < 0)
                .ifPresent(chosen -> problems.warning(tls.member("ca"),
                        "an authority that nobody asks, where mode = " + chosen.label(),
                        "mode = verify-full or verify-ca"));
        return () -> new TlsClientConfig(mode.get(), ca.get(), certificate.get(), key.get(), password.get());
    }

    private void requireBeside(Section tls, String key, String other) {
        if (tls.has(key) && !tls.has(other) && !tls.isDoubtful()) {
            problems.error(tls.member(key), "written without " + other, "both of them, or neither");
        }
    }

    private Read<Optional<Path>> path(Section tls, String key) {
        return tls.readIfSet(key, Kinds.PATH).map(path -> path.map(this::besideFile));
    }

    private Path besideFile(Path path) {
        return file.toAbsolutePath().resolveSibling(path).normalize();
    }
}
