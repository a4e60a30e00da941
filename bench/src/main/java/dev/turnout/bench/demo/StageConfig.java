package dev.turnout.bench.demo;

import dev.turnout.config.Address;
import dev.turnout.config.AdminConfig;
import dev.turnout.config.CohortKey;
import dev.turnout.config.Protocol;
import dev.turnout.config.Role;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.Secret;
import dev.turnout.config.Share;
import dev.turnout.config.SplitConfig;
import dev.turnout.config.TokenConfig;
import dev.turnout.config.Transport;
import dev.turnout.config.TurnoutConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where the demo's proxy listens, on loopback, and where it sends what it gets.
 *
 * @param route port of the route
 * @param admin port of the admin API
 */
record StageConfig(int route, int admin, String token, InetSocketAddress blue, InetSocketAddress green) {
    static final String ROUTE = "shop";
    static final Share FIRST = Share.NONE;

    private static final String HOST = "127.0.0.1";
    /** More would take the processors from the load and the services. */
    private static final int MOST_LOOPS = 2;

    /** As it would stand in a file: one route, its users told apart by a cookie, all of them on blue. */
    TurnoutConfig config(Path stateDir) {
        SplitConfig split = new SplitConfig(FIRST, ROUTE, List.of(),
                Optional.of(new CohortKey.Cookie(DemoService.USER_COOKIE)));
        RouteConfig shop = new RouteConfig(ROUTE, Protocol.HTTP, new Address(HOST, route),
                List.of(address(blue)), List.of(address(green)), split, true, Duration.ofSeconds(2));
        AdminConfig api = new AdminConfig(new Address(HOST, admin),
                List.of(new TokenConfig("demo", Role.OPERATOR, new Secret(token))));
        int loops = Math.min(MOST_LOOPS, Runtime.getRuntime().availableProcessors());
        return new TurnoutConfig(api, stateDir, Transport.AUTO, loops, List.of(shop));
    }

    private static Address address(InetSocketAddress endpoint) {
        return new Address(endpoint.getAddress().getHostAddress(), endpoint.getPort());
    }
}
