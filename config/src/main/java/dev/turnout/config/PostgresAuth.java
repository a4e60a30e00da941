package dev.turnout.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How clients of a PostgreSQL route prove who they are.
 *
 * @param query how verifiers are asked for; there when the mode is pass-through, may be there for users that are not
 *     listed
 * @param users those that the configuration knows, from {@code users} and {@code users-file} together; no name twice
 * @param certificates by the common name of a verified client certificate: the role that it may log in as without a
 *     password
 */
public record PostgresAuth(
        Mode mode,
        Optional<Query> query,
        List<User> users,
        Map<String, String> certificates) {
    /** Who knows the passwords. */
    public enum Mode {
        /** The servers do: verifiers are fetched, and the key that a client's proof gives away logs in to them. */
        PASS_THROUGH,
        /** The configuration does. */
        USERS,
        /** Nobody is asked for one. */
        TRUST;

        /** The name in configuration. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * How verifiers are fetched.
     *
     * @param user the login of the look-up
     * @param password of that login; empty: the server asks for none
     * @param sql has one parameter, {@code $1}, the user's name; answers one row, name and verifier, or none
     * @param database where it is asked; empty: in the database that the client wants
     */
    public record Query(String user, Optional<Secret> password, String sql, Optional<String> database) {}

    /**
     * One user.
     *
     * @param secret a password, or a verifier as PostgreSQL keeps it ({@code SCRAM-SHA-256$4096:…} or {@code md5…})
     */
    public record User(String name, Secret secret) {}

    public PostgresAuth {
        users = List.copyOf(users);
        certificates = Map.copyOf(certificates);
    }
}
