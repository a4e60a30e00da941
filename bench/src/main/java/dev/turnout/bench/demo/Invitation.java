package dev.turnout.bench.demo;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;

/** What a newcomer reads first: where everything is, and what to type in a second terminal. */
record Invitation(InetSocketAddress route, URI admin, String token) {
    /** Where the other commands look by themselves. */
    private static final URI USUAL_ADMIN = URI.create("http://127.0.0.1:" + Stage.ADMIN_PORT);

    /** @param root the folder of the launcher */
    String text(Path root) {
        String url = "http://127.0.0.1:" + route.getPort() + "/";
        Path folder = root.toAbsolutePath().normalize();
        return String.join(System.lineSeparator(),
                "Turnout stands before two small services, blue and green; 200 users send a request a second each.",
                "",
                "  route \"" + StageConfig.ROUTE + "\"  " + url,
                "  admin API     " + admin,
                "  its token     " + token,
                "",
                "Try in a second terminal, in any folder:",
                "",
                "  " + command(folder, "split " + StageConfig.ROUTE + " green=50%"),
                "  " + command(folder, "status -w"),
                "  curl -i -b uid=alice " + url,
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
