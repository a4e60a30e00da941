package dev.turnout.bench.demo;

import dev.turnout.config.Address;
import dev.turnout.config.Share;
import java.net.InetSocketAddress;
import java.util.Locale;

/**
 * Where the demo's proxy listens, on loopback, and where it sends what it gets.
 *
 * @param admin port of the admin API
 * @param http the route to the services
 * @param database the route to the databases
 */
record StageConfig(int admin, String token, Way http, Way database) {
    /**
     * One port of the proxy.
     *
     * @param port where it listens
     */
    record Way(int port, InetSocketAddress blue, InetSocketAddress green) {
        private String lines() {
            return String.format(Locale.ROOT, """
                        listen = "%s"
                        blue.endpoints = ["%s"]
                        green.endpoints = ["%s"]
                    """, new Address(HOST, port), address(blue), address(green));
        }

        private static Address address(InetSocketAddress endpoint) {
            return new Address(endpoint.getAddress().getHostAddress(), endpoint.getPort());
        }
    }

    static final String ROUTE = "shop";
    static final String DATABASE_ROUTE = "shop-db";
    static final Share FIRST = Share.NONE;
    /** The header that the override wants, and its value. */
    static final String CANARY = "x-canary";
    static final String ALWAYS = "always";
    /** What the second route answers, on the address of the first; green has all of it. */
    static final String NEWS_PATH = "/news";

    private static final String HOST = "127.0.0.1";
    /** More would take the processors from the load and the services. */
    private static final int MOST_LOOPS = 2;

    /** Its users told apart by a cookie, all of them on blue; the database with its one writer there too. */
    String text() {
        return text(FIRST.toString(), false);
    }

    /**
     * As an operator would change it.
     *
     * @param share green's, as it stands in the file
     * @param news whether there is a second route to the services
     */
    String text(String share, boolean news) {
        int loops = Math.min(MOST_LOOPS, Runtime.getRuntime().availableProcessors());
        return String.format(Locale.ROOT, """
                turnout {
                  admin { listen = "%s", tokens = [ { name = demo, role = operator, token = %s } ] }
                  state-dir = "."
                  event-loops = %d
                """, new Address(HOST, admin), token, loops)
                + route(ROUTE, "", "green = " + share + ", cohort.cookie = " + DemoService.USER_COOKIE
                        + ", overrides = [ { header = " + CANARY + ", value = " + ALWAYS + ", to = green } ]")
                + (news
                        ? route("news", "    match.path-prefix = \"" + NEWS_PATH + "\"\n", "green = 100%")
                        : "")
                + databaseRoute()
                + "}\n";
    }

    /** @param match a line, or nothing */
    private String route(String name, String match, String split) {
        return String.format(Locale.ROOT, """
                  routes.%s {
                    protocol = http
                %s%s    split { %s }
                    expose-target = true
                  }
                """, name, http.lines(), match, split);
    }

    private String databaseRoute() {
        return String.format(Locale.ROOT, """
                  routes.%s {
                    protocol = postgresql
                %s    data = replicated
                    auth { users = [ { name = %s, password = %s } ] }
                  }
                """, DATABASE_ROUTE, database.lines(), DatabasePair.USER, DatabasePair.PASSWORD);
    }
}
