package dev.turnout.config;

/** The text of a configuration with one route, whose keys begin in line 3. */
final class Shop {
    private static final String ENDPOINTS = "blue.endpoints = [\"b:1\"], green.endpoints = [\"g:1\"]";

    private Shop() {}

    static String with(String more) {
        return "turnout.routes.shop { protocol = http, listen = \"a:1\"\n" + ENDPOINTS + "\n" + more
                + "\n}\n";
    }

    /** The text of a configuration with one PostgreSQL route, whose keys begin in line 3. */
    static String database(String more) {
        return "turnout.routes.db { protocol = postgresql, listen = \"a:1\"\n" + ENDPOINTS
                + ", auth.query.user = turnout\n" + more + "\n}\n";
    }

    /** The same with nothing said of logins. */
    static String databaseWithoutAuth(String listen, String more) {
        return "turnout.routes.db { protocol = postgresql, listen = \"" + listen + "\"\n" + ENDPOINTS + "\n"
                + more
                + "\n}\n";
    }

    /** A route on one line, for a file of several. */
    static String route(String name, String listen, String more) {
        return "turnout.routes." + name + " { protocol = http, listen = \"" + listen + "\", " + ENDPOINTS
                + ", "
                + more + " }\n";
    }
}
