package dev.turnout.proxy.testkit;

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
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Configurations on ephemeral loopback ports. */
public final class Configs {
    public static final String TOKEN = "a-token-for-tests";
    /** The name of the one route. */
    public static final String ROUTE = "shop";

    private static final Address ANY_PORT = new Address("127.0.0.1", 0);

    private Configs() {}

    /** One route, all of it on blue, its cohorts told apart by the cookie {@code uid}. */
    public static TurnoutConfig oneRoute(Path stateDir, Transport transport, List<Integer> blue,
            List<Integer> green,
            boolean exposeTarget) {
        SplitConfig split = new SplitConfig(Share.NONE, ROUTE, List.of(),
                Optional.of(new CohortKey.Cookie("uid")));
        RouteConfig route = new RouteConfig(ROUTE, Protocol.HTTP, ANY_PORT, addresses(blue), addresses(green),
                split,
                exposeTarget, Duration.ofSeconds(5));
        AdminConfig admin = new AdminConfig(ANY_PORT,
                List.of(new TokenConfig("ops", Role.OPERATOR, new Secret(TOKEN))));
        return new TurnoutConfig(admin, stateDir, transport, 1, List.of(route));
    }

    private static List<Address> addresses(List<Integer> ports) {
        return ports.stream().map(port -> new Address("127.0.0.1", port)).toList();
    }
}
