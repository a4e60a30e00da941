package dev.turnout.config;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Reads the section {@code auth} of a route. */
final class AuthReader {
    private static final String QUERY = "query";
    private static final String USERS = "users";
    private static final String USERS_FILE = "users-file";
    private static final String CERTIFICATES = "certificates";
    private static final int MAX_USERS = 1000;
    private static final int MAX_CERTIFICATES = 1000;
    private static final Kind<PostgresAuth.Mode> MODE = Kind.choice(PostgresAuth.Mode.class,
            PostgresAuth.Mode::label);

    private final Problems problems;
    private final Path file;

    /**
     * Reads authentication.
     *
     * @param file the configuration file, which relative paths start at
     */
    AuthReader(Problems problems, Path file) {
        this.problems = problems;
        this.file = file;
    }

    /**
     * Reads the section.
     *
     * @param clientCa whether client certificates are checked
     */
    Supplier<PostgresAuth> read(Section auth, Read<Address> listen, boolean clientCa) {
        Read<PostgresAuth.Mode> mode = mode(auth);
        Supplier<Optional<PostgresAuth.Query>> query = query(auth);
        UserList users = users(auth);
        Read<Map<String, String>> certificates = certificates(auth, clientCa);
        mode.value().filter(_ -> !auth.isDoubtful()).ifPresent(chosen -> check(auth, chosen, listen));
        return () -> new PostgresAuth(mode.get(), query.get(), users.get(), certificates.get());
    }

    /** Who lists users and says nothing else means them. */
    private static Read<PostgresAuth.Mode> mode(Section auth) {
        boolean listed = auth.has(USERS) || auth.has(USERS_FILE);
        return !auth.has("mode") && listed && !auth.has(QUERY)
                ? Read.of(PostgresAuth.Mode.USERS)
                : auth.read("mode", MODE);
    }

    private void check(Section auth, PostgresAuth.Mode mode, Read<Address> listen) {
        switch (mode) {
            case PASS_THROUGH -> {
                if (!auth.has(QUERY)) {
                    problems.error(auth.member(QUERY), "nothing, where mode = pass-through",
                            "query { user, password, sql }; or users, users-file; or mode = trust on loopback");
                }
            }
            case USERS -> {
                if (!auth.has(USERS) && !auth.has(USERS_FILE) && !auth.has(QUERY)) {
                    problems.error(auth.spot(), "none of them, where mode = users",
                            "users, users-file or query");
                }
            }
            case TRUST -> checkTrust(auth, listen);
        }
    }

    private void checkTrust(Section auth, Read<Address> listen) {
        listen.value().filter(address -> !isLoopback(address)).ifPresent(address -> problems.error(
                auth.member("mode"), "\"trust\", where the route listens on " + address,
                "pass-through or users; trust only where listen is a loopback address, as 127.0.0.1 or [::1]"));
        for (String key : List.of(QUERY, USERS, USERS_FILE, CERTIFICATES)) {
            if (auth.has(key)) {
                problems.error(auth.member(key), "logins, where mode = trust asks for none", NotYet.ALLOWED);
            }
        }
    }

    private static boolean isLoopback(Address address) {
        return Listeners.isLiteral(address)
                ? InetAddress.ofLiteral(address.host()).isLoopbackAddress()
                : address.host().equals("localhost");
    }

    private Supplier<Optional<PostgresAuth.Query>> query(Section auth) {
        if (!auth.has(QUERY)) {
            return Optional::empty;
        }
        Section query = auth.section(QUERY);
        Read<String> user = query.read("user", PostgresKinds.NAME);
        Read<Optional<Secret>> password = query.readIfSet("password", PostgresKinds.PASSWORD);
        Read<String> sql = query.read("sql", PostgresKinds.SQL);
        Read<Optional<String>> database = query.readIfSet("database", PostgresKinds.NAME);
        return () -> Optional
                .of(new PostgresAuth.Query(user.get(), password.get(), sql.get(), database.get()));
    }

    private UserList users(Section auth) {
        UserList users = new UserList(problems);
        List<Section> entries = auth.sectionList(USERS);
        if (entries.size() > MAX_USERS) {
            problems.error(auth.member(USERS), entries.size() + " entries",
                    "at most " + MAX_USERS + ", more in users-file");
        }
        entries.forEach(entry -> user(entry, users));
        auth.readIfSet(USERS_FILE, Kinds.PATH).value().flatMap(path -> path)
                .ifPresent(path -> UsersFile.read(auth.member(USERS_FILE), file.resolveSibling(path),
                        problems, users));
        return users;
    }

    /** Leaves out one that has neither password nor verifier. */
    private void user(Section entry, UserList users) {
        Read<String> name = entry.read("name", PostgresKinds.NAME);
        Read<Optional<Secret>> password = entry.readIfSet("password", PostgresKinds.PASSWORD);
        Read<Optional<Secret>> verifier = entry.readIfSet("verifier", PostgresKinds.VERIFIER);
        if (entry.has("password") && entry.has("verifier")) {
            entry.requireOneOf(List.of("password", "verifier"));
        }
        if (entry.has("password") || entry.has("verifier")) {
            Spot at = entry.member("name");
            users.add(at.place(), at.path(), name,
                    () -> password.get().or(verifier::get).orElseThrow());
        } else if (!entry.isDoubtful()) {
            Unset.warn(entry.member("password"), PostgresKinds.PASSWORD.allowed(), problems);
        }
    }

    private Read<Map<String, String>> certificates(Section auth, boolean clientCa) {
        Section section = auth.section(CERTIFICATES);
        Map<String, Section.Item<String>> roles = section.values(PostgresKinds.NAME);
        if (section.size() > MAX_CERTIFICATES) {
            problems.error(section.spot(), section.size() + " names", "at most " + MAX_CERTIFICATES);
        }
        roles.forEach((name, role) -> {
            if (PostgresKinds.PARAMETER_VALUE.fit(name).isEmpty()) {
                problems.error(role.spot(), "the name " + Shown.text(name),
                        PostgresKinds.PARAMETER_VALUE.allowed());
            }
        });
        if (!roles.isEmpty() && !clientCa) {
            problems.error(section.spot(), "names of certificates, where no tls.client-ca says whose count",
                    "tls { client-ca } beside auth");
        }
        return Read.of(() -> roles.entrySet().stream().collect(
                Collectors.toMap(Map.Entry::getKey, role -> role.getValue().read().get())),
                roles.values().stream().map(Section.Item::read).toArray(Read<?>[]::new));
    }
}
