package dev.turnout.bench.demo;

import dev.turnout.config.Address;
import dev.turnout.config.ConfigLoader;
import dev.turnout.config.ConfigResult;
import dev.turnout.config.Share;
import dev.turnout.config.TurnoutConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

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

    /** One route, its users told apart by a cookie, all of them on blue; written to the folder, as a user would. */
    TurnoutConfig config(Path stateDir) throws IOException {
        Path file = Files.writeString(stateDir.resolve("turnout.conf"), text());
        return switch (ConfigLoader.load(file, Map.of())) {
            case ConfigResult.Valid valid -> valid.config();
            case ConfigResult.Invalid invalid ->
                throw new IllegalStateException(invalid.problems().toString());
        };
    }

    private String text() {
        int loops = Math.min(MOST_LOOPS, Runtime.getRuntime().availableProcessors());
        return String.format(Locale.ROOT, """
                turnout {
                  admin { listen = "%s", tokens = [ { name = demo, role = operator, token = %s } ] }
                  state-dir = "."
                  event-loops = %d
                  routes.%s {
                    protocol = http
                    listen = "%s"
                    blue.endpoints = ["%s"]
                    green.endpoints = ["%s"]
                    split { green = %s, cohort.cookie = %s }
                    expose-target = true
                  }
                }
                """, new Address(HOST, admin), token, loops, ROUTE, new Address(HOST, route), address(blue),
                address(green), FIRST, DemoService.USER_COOKIE);
    }

    private static Address address(InetSocketAddress endpoint) {
        return new Address(endpoint.getAddress().getHostAddress(), endpoint.getPort());
    }
}
