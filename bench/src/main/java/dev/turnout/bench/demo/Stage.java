package dev.turnout.bench.demo;

import dev.turnout.proxy.app.Turnout;
import java.io.Closeable;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Everything that runs in a demo but the load: blue and green, the proxy before them, and its admin API. */
final class Stage implements Closeable {
    static final int ROUTE_PORT = 8080;
    static final int ADMIN_PORT = 9901;

    private static final int TOKEN_BITS = 80;

    /** What has started, the newest first. */
    private final Deque<Closeable> started = new ArrayDeque<>();
    private final String token = "demo-" + new BigInteger(TOKEN_BITS, new SecureRandom()).toString(36);
    private final Side blue;
    private final Side green;
    private final Turnout turnout;
    private final Weight weight;

    private Stage(DemoParts parts, boolean usualPorts) throws IOException {
        try {
            Path state = begun(TemporaryFolder.create()).path();
            blue = begun(parts.sides().start("blue"));
            green = begun(parts.sides().start("green"));
            turnout = begun(proxy(state, usualPorts));
            weight = parts.weight()
                    .apply(begun(new AdminWeight(turnout.admin(), StageConfig.ROUTE, token)));
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** @param usualPorts whether to listen where {@code turnout status} looks, if those ports are free */
    static Stage start(DemoParts parts, boolean usualPorts) throws IOException {
        return new Stage(parts, usualPorts);
    }

    private <T extends Closeable> T begun(T part) {
        started.push(part);
        return part;
    }

    private Turnout proxy(Path state, boolean usualPorts) throws IOException {
        if (usualPorts) {
            try {
                return proxy(state, FreePort.preferably(ROUTE_PORT), FreePort.preferably(ADMIN_PORT));
            } catch (IOException _) {
                // Somebody took one of them in between, another demo perhaps.
            }
        }
        return proxy(state, FreePort.any(), FreePort.any());
    }

    private Turnout proxy(Path state, int route, int admin) throws IOException {
        return Turnout.start(
                new StageConfig(route, admin, token, blue.address(), green.address()).config(state));
    }

    /** Where the route listens. */
    InetSocketAddress route() {
        return turnout.address(StageConfig.ROUTE);
    }

    URI admin() {
        return turnout.admin();
    }

    String token() {
        return token;
    }

    Weight weight() {
        return weight;
    }

    /** Ends all of it, the newest first, also what comes after a part that does not end in order. */
    @Override
    public void close() throws IOException {
        List<IOException> troubles = new ArrayList<>();
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (IOException e) {
                troubles.add(e);
            }
        }
        if (!troubles.isEmpty()) {
            throw troubles.getFirst();
        }
    }
}
