package dev.turnout.config;

import java.util.List;
import java.util.Optional;

/**
 * One way in, and the two environments behind it.
 *
 * @param name 1 to 63 lower-case letters, digits and hyphens; in commands, API and metrics
 * @param listen where clients connect; port 0 lets the system choose. Routes whose {@link Address#canonical} is the
 *     same share a listener, unless the port is 0
 * @param match which requests are this route's, when others share the listener
 * @param blue the endpoints of today's environment, at least one
 * @param green the endpoints of tomorrow's environment, at least one
 * @param http what it does as an HTTP proxy; the defaults, where it is none
 * @param postgres what it does as a PostgreSQL proxy; there exactly when that is its protocol
 */
public record RouteConfig(
        String name,
        Protocol protocol,
        Address listen,
        MatchConfig match,
        List<Address> blue,
        List<Address> green,
        SplitConfig split,
        HealthConfig health,
        HttpConfig http,
        Optional<PostgresConfig> postgres) {
    public RouteConfig {
        blue = List.copyOf(blue);
        green = List.copyOf(green);
    }

    public List<Address> endpoints(Target target) {
        return switch (target) {
            case BLUE -> blue;
            case GREEN -> green;
        };
    }

    /** Whether connections to this endpoint would come in here, as far as addresses alone say. */
    public boolean takes(Address endpoint) {
        return Circles.takers(endpoint).anyMatch(listen.canonical()::equals);
    }
}
