package dev.turnout.proxy.testkit;

import dev.turnout.config.ConfigLoader;
import dev.turnout.config.ConfigResult;
import dev.turnout.config.Transport;
import dev.turnout.config.TurnoutConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Configurations on ephemeral loopback ports, written as files and loaded as an operator's are. */
public final class Configs {
    public static final String TOKEN = "a-token-for-tests";
    /** The name of the one route. */
    public static final String ROUTE = "shop";

    private Configs() {}

    /** One route, all of it on blue, its cohorts told apart by the cookie {@code uid}. */
    public static TurnoutConfig oneRoute(Path stateDir, Transport transport, List<Integer> blue,
            List<Integer> green, boolean exposeTarget) {
        return oneRoute(stateDir, local(blue), local(green), "expose-target = " + exposeTarget,
                "turnout.transport = " + transport.label());
    }

    /**
     * The same with more lines, which win over what is there already.
     *
     * @param blue endpoints, {@code host:port}; see {@link #local}
     * @param route lines of the route: {@code timeouts.request = 200ms}
     * @param top lines outside it: {@code turnout.limits.head = 2KiB}
     */
    public static TurnoutConfig oneRoute(Path stateDir, List<String> blue, List<String> green, String route,
            String top) {
        return load(stateDir, String.format(Locale.ROOT, """
                turnout {
                  admin { listen = "127.0.0.1:0", tokens = [ { name = ops, role = operator, token = %s } ] }
                  state-dir = "."
                  event-loops = 1
                  routes.%s {
                    protocol = http
                    listen = "127.0.0.1:0"
                    blue.endpoints = %s
                    green.endpoints = %s
                    split.cohort { cookie = uid, mint = false }
                    timeouts.connect = 5s
                    %s
                  }
                }
                %s
                """, TOKEN, ROUTE, list(blue), list(green), route, top));
    }

    /** Loads a file with this text from a folder that it leaves it in; a relative {@code state-dir} starts there. */
    public static TurnoutConfig load(Path folder, String text) {
        return switch (read(folder, text)) {
            case ConfigResult.Valid valid -> valid.config();
            case ConfigResult.Invalid invalid -> throw new IllegalArgumentException(
                    invalid.problems().toString());
        };
    }

    /** As {@link #load}, with all that is wrong with it. */
    public static ConfigResult read(Path folder, String text) {
        try {
            Path file = Files.writeString(Files.createDirectories(folder).resolve("turnout.conf"), text);
            return ConfigLoader.load(file, Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Endpoints on 127.0.0.1 with these ports. */
    public static List<String> local(List<Integer> ports) {
        return ports.stream().map(port -> "127.0.0.1:" + port).toList();
    }

    private static String list(List<String> endpoints) {
        return endpoints.stream().collect(Collectors.joining("\", \"", "[\"", "\"]"));
    }
}
