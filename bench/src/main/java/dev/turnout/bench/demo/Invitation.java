package dev.turnout.bench.demo;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;

/** What a newcomer reads first: where everything is, and what to type in a second terminal. */
record Invitation(InetSocketAddress route, InetSocketAddress database, URI admin, String token, Path file) {
    /** Where the other commands look by themselves. */
    private static final URI USUAL_ADMIN = URI.create("http://127.0.0.1:" + Stage.ADMIN_PORT);

    /** @param root the folder of the launcher */
    String text(Path root) {
        String url = "http://127.0.0.1:" + route.getPort() + "/";
        Path folder = root.toAbsolutePath().normalize();
        String shop = StageConfig.ROUTE;
        String shopDb = StageConfig.DATABASE_ROUTE;
        String databaseUrl = "postgresql://" + DatabasePair.USER + ":" + DatabasePair.PASSWORD + "@127.0.0.1:"
                + database.getPort() + "/" + DatabasePair.DATABASE;
        return String.join(System.lineSeparator(),
                "Turnout stands before two small services, blue and green; 200 users send a request a second each.",
                "It stands before two PostgreSQL servers as well; " + OrderDesk.CLERKS
                        + " clerks write orders to blue, and green follows.",
                "",
                "  route \"" + shop + "\"     " + url,
                "  route \"" + shopDb + "\"  " + databaseUrl,
                "  admin API        " + admin,
                "  its token        " + token,
                "  configuration    " + file,
                "",
                "Four things to try in a second terminal, in any folder:",
                "",
                "  1. Send half of the users to green, and look at both sides",
                "  " + command(folder, "split " + shop + " green=50%"),
                "  " + command(folder, "status -w"),
                "",
                "  2. Ask where alice goes and why, and send her; a header takes her to green",
                "  " + command(folder, "explain " + shop + " --cookie uid=alice"),
                "  curl -i -b uid=alice " + url,
                "  curl -i -b uid=alice -H '" + StageConfig.CANARY + ": " + StageConfig.ALWAYS + "' " + url,
                "",
                "  3. Empty blue, and undo it; then edit the configuration, green = 20% for example, and have it read",
                "  " + command(folder, "drain " + shop + " blue"),
                "  " + command(folder, "split " + shop + " --reset"),
                "  " + command(folder, "reload"),
                "",
                "  4. See who is on the database and be one of them; a second writer on green is refused",
                "  " + command(folder, "sessions " + shopDb),
                "  psql " + databaseUrl + " -c 'SELECT clerk, count(*) FROM orders GROUP BY clerk'",
                "  " + command(folder, "split " + shopDb + " green=50%"),
                "",
                "Ctrl-C ends all of it. Each second, who answered:",
                "");
    }

    private String command(Path folder, String words) {
        boolean usual = admin.equals(USUAL_ADMIN) && System.getenv("TURNOUT_ADMIN") == null;
        return quoted(folder.resolve("turnout").toString()) + " " + words
                + (usual ? "" : " --admin " + admin) + " --token " + token;
    }

    private static String quoted(String path) {
        return path.matches("[A-Za-z0-9/._+-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
    }
}
