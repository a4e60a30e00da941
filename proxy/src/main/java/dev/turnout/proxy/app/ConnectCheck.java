package dev.turnout.proxy.app;

import dev.turnout.config.Address;
import dev.turnout.config.PostgresAuth;
import dev.turnout.config.PostgresConfig;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.Secret;
import dev.turnout.config.Target;
import dev.turnout.proxy.pg.ConnectionCheck;
import dev.turnout.proxy.pg.ConnectionCheck.Found;
import dev.turnout.proxy.pg.ConnectionCheck.LookedUp;
import dev.turnout.proxy.pg.auth.Credentials;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Tries every endpoint of a configuration, and prints one line for each thing that it finds. One thread, which waits. */
final class ConnectCheck {
    private static final String NO_DATABASE = "3D000";

    private final ConnectionCheck servers;
    private final Function<String, List<InetSocketAddress>> names;
    private final Wanted wanted;
    private final PrintWriter out;
    private int failures;

    /**
     * What the operator wants to know.
     *
     * @param users whom to log in as, and whose verifiers to compare; empty: as every user that is configured
     * @param database where to log in
     */
    record Wanted(List<String> users, String database, Duration timeout) {}

    /** One endpoint of one side, with what its lines begin with. */
    private record Spot(Target target, String label, ConnectionCheck.Place place) {}

    /** @param names the addresses of a host; none: it is not known */
    ConnectCheck(ConnectionCheck servers, Function<String, List<InetSocketAddress>> names, Wanted wanted,
            PrintWriter out) {
        this.servers = servers;
        this.names = names;
        this.wanted = wanted;
        this.out = out;
    }

    /** How much is wrong. */
    int failures() {
        return failures;
    }

    private void failed(String label, String what) {
        failures++;
        out.println(label + ": failed: " + what);
    }

    private List<InetSocketAddress> addresses(Address endpoint, String label) {
        List<InetSocketAddress> found = names.apply(endpoint.host()).stream()
                .map(address -> new InetSocketAddress(address.getAddress(), endpoint.port())).toList();
        if (found.isEmpty()) {
            failed(label, "unknown host (expected: a name that DNS or /etc/hosts knows)");
        }
        return found;
    }

    private static String label(RouteConfig route, Target target, Address endpoint) {
        return route.name() + " " + target.label() + " " + endpoint;
    }

    void http(RouteConfig route) {
        for (Target target : Target.values()) {
            for (Address endpoint : route.endpoints(target)) {
                String label = label(route, target, endpoint);
                addresses(endpoint, label).forEach(address -> connect(label, address));
            }
        }
    }

    private void connect(String label, InetSocketAddress address) {
        long begun = System.nanoTime();
        try (Socket socket = new Socket()) {
            socket.connect(address, (int) wanted.timeout.toMillis());
            out.println(label + ": ok (" + millis(begun) + ")");
        } catch (IOException e) {
            failed(label, e.getMessage() + " (expected: something that listens there)");
        }
    }

    private static String millis(long begun) {
        return (System.nanoTime() - begun) / 1_000_000 + " ms";
    }

    void postgres(RouteConfig route, PgParts parts) {
        PostgresAuth auth = parts.config().auth();
        Map<String, Map<String, Optional<Secret>>> verifiers = new LinkedHashMap<>();
        Map<Target, Set<String>> majors = new EnumMap<>(Target.class);
        for (Target target : Target.values()) {
            for (Address endpoint : route.endpoints(target)) {
                String label = label(route, target, endpoint);
                for (InetSocketAddress address : addresses(endpoint, label)) {
                    Spot spot = new Spot(target, label, new ConnectionCheck.Place(address, endpoint.host(),
                            Objects.requireNonNull(parts.sides().get(target))));
                    if (logins(spot, parts.config(),
                            majors.computeIfAbsent(target, _ -> new LinkedHashSet<>()))) {
                        auth.query().ifPresent(query -> lookUps(spot, query, auth, verifiers));
                    }
                }
            }
        }
        compare(route.name(), verifiers);
        Set<String> ofBlue = Objects.requireNonNullElse(majors.get(Target.BLUE), Set.of());
        Set<String> ofGreen = Objects.requireNonNullElse(majors.get(Target.GREEN), Set.of());
        if (!ofBlue.isEmpty() && !ofGreen.isEmpty() && !ofBlue.equals(ofGreen)) {
            out.println(
                    route.name() + ": note: blue runs PostgreSQL " + String.join(", ", ofBlue) + ", green "
                            + String.join(", ", ofGreen));
        }
        tellWhatIsMissing(route.name(), auth);
    }

    private void tellWhatIsMissing(String route, PostgresAuth auth) {
        if (!wanted.users.isEmpty()) {
            return;
        }
        if (auth.query().isPresent()) {
            out.println(route + ": note: --user NAME compares the verifiers that both sides have for a role");
        } else if (logins(auth).isEmpty()) {
            out.println(route + ": note: no login is configured; --user NAME tries one without a password");
        }
    }

    /** Who would log in, and with what; empty: with something that only a client's proof tells. */
    private Map<String, Optional<Credentials>> logins(PostgresAuth auth) {
        Map<String, Optional<Credentials>> logins = new LinkedHashMap<>();
        auth.users().forEach(user -> logins.put(user.name(), ConnectionCheck.credentials(user.secret())));
        auth.certificates().values()
                .forEach(role -> logins.putIfAbsent(role, Optional.of(new Credentials.None())));
        if (auth.mode() == PostgresAuth.Mode.TRUST) {
            wanted.users.forEach(user -> logins.put(user, Optional.of(new Credentials.None())));
        }
        if (!wanted.users.isEmpty()) {
            logins.keySet().retainAll(wanted.users);
        }
        return logins;
    }

    /** False when nobody can even connect. */
    private boolean logins(Spot spot, PostgresConfig config, Set<String> majors) {
        for (Map.Entry<String, Optional<Credentials>> login : logins(config.auth()).entrySet()) {
            String label = spot.label + " " + login.getKey();
            if (login.getValue().isEmpty()) {
                out.println(label + ": not tried: only a verifier is known, no password");
                continue;
            }
            long begun = System.nanoTime();
            Found found = servers.login(spot.place, new ConnectionCheck.Login(login.getKey(), wanted.database,
                    login.getValue().get())).join();
            if (Advice.isUnreachable(found)) {
                failed(spot.label, Advice.of(found));
                return false;
            }
            tell(label, found, begun, majors);
        }
        return true;
    }

    private void tell(String label, Found found, long begun, Set<String> majors) {
        switch (found) {
            case Found.Server server -> {
                majors.add(server.version().split("[. ]", 2)[0]);
                out.println(label + ": ok (PostgreSQL " + server.version().split(" ", 2)[0]
                        + (server.tls() ? ", TLS" : ", no TLS")
                        + (server.standby() ? ", standby, " : ", primary, ")
                        + millis(begun) + ")");
            }
            case Found.Refused refused when refused.sqlState().equals(NO_DATABASE) ->
                out.println(label + ": ok (" + millis(begun) + "), but " + refused.message()
                        + "; --database NAME tries another");
            case Found.Refused _,Found.Failed _ -> failed(label, Advice.of(found));
        }
    }

    private void lookUps(Spot spot, PostgresAuth.Query query, PostgresAuth auth,
            Map<String, Map<String, Optional<Secret>>> verifiers) {
        Set<String> known = logins(auth).keySet();
        List<String> asked = wanted.users.isEmpty()
                ? List.of(query.user())
                : wanted.users.stream().filter(user -> !known.contains(user)).toList();
        for (String user : asked) {
            long begun = System.nanoTime();
            LookedUp answer = servers.lookUp(spot.place, query, wanted.database, user).join();
            switch (answer) {
                case LookedUp.Failed(Found found) -> {
                    failed(spot.label + " auth.query", Advice.ofQuery(found, query));
                    return;
                }
                case LookedUp.Answer(Optional<Secret> verifier) -> {
                    if (verifier.isPresent() && !ConnectionCheck.isVerifier(verifier.get())) {
                        failed(spot.label + " auth.query", "what it answers for " + user
                                + " is no verifier (expected: rolpassword of pg_authid)");
                    } else if (wanted.users.isEmpty()) {
                        out.println(spot.label + " auth.query: ok (as " + query.user() + ", " + millis(begun)
                                + ")");
                    } else {
                        Map<String, Optional<Secret>> of = verifiers.computeIfAbsent(user,
                                _ -> new LinkedHashMap<>());
                        of.put(spot.label, verifier);
                    }
                }
            }
        }
    }

    private void compare(String route, Map<String, Map<String, Optional<Secret>>> verifiers) {
        verifiers.forEach((user, found) -> {
            String label = route + " " + user;
            List<String> without = found.entrySet().stream()
                    .filter(each -> each.getValue().isEmpty())
                    .map(Map.Entry::getKey).toList();
            if (!without.isEmpty()) {
                failed(label, "no verifier at " + String.join(", ", without)
                        + " (expected: a role that may log in, with a password that is valid)");
            } else if (found.values().stream().distinct().count() > 1) {
                failed(label,
                        "the sides have different verifiers, even if the password is the same; logins would be"
                                + " refused with 28000 (expected: the same one; SELECT rolpassword FROM pg_authid WHERE rolname = '"
                                + user + "' on blue, and ALTER ROLE ... PASSWORD with it on green)");
            } else {
                out.println(label + ": ok (the same verifier at " + String.join(", ", found.keySet()) + ")");
            }
        });
    }
}
