package dev.turnout.bench.demo;

import dev.turnout.config.ConfigLoader;
import dev.turnout.config.ConfigResult;
import dev.turnout.proxy.app.Turnout;
import java.io.Closeable;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Everything that runs in a demo but the load: blue and green, of services and databases, the proxy, its admin API. */
final class Stage implements Closeable {
    static final int ROUTE_PORT = 8080;
    static final int DATABASE_PORT = 6432;
    static final int ADMIN_PORT = 9901;

    private static final int TOKEN_BITS = 80;

    private record Proxy(StageConfig config, Turnout turnout) implements Closeable {
        @Override
        public void close() {
            turnout.close();
        }
    }

    /** What has started, the newest first. */
    private final Deque<Closeable> started = new ArrayDeque<>();
    private final String token = "demo-" + new BigInteger(TOKEN_BITS, new SecureRandom()).toString(36);
    private final Side blue;
    private final Side green;
    private final DatabasePair databases;
    private final Path file;
    private final Proxy proxy;
    private final List<Operator> operators;
    private final List<Operator> databaseOperators;

    private Stage(DemoParts parts, boolean usualPorts) throws IOException {
        try {
            file = begun(TemporaryFolder.create()).path().resolve("turnout.conf");
            blue = begun(parts.sides().start("blue"));
            green = begun(parts.sides().start("green"));
            databases = begun(parts.databases().start());
            proxy = begun(proxy(usualPorts));
            operators = operators(parts, StageConfig.ROUTE);
            databaseOperators = operators(parts, StageConfig.DATABASE_ROUTE);
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

    private List<Operator> operators(DemoParts parts, String route) {
        URI admin = proxy.turnout.admin();
        return Stream
                .of(begun(new ApiOperator(admin, route, token)), new CommandOperator(admin, route, token))
                .map(parts.operator())
                .toList();
    }

    private Proxy proxy(boolean usualPorts) throws IOException {
        if (usualPorts) {
            try {
                return proxy(FreePort.preferably(ROUTE_PORT), FreePort.preferably(DATABASE_PORT),
                        FreePort.preferably(ADMIN_PORT));
            } catch (IOException _) {
                // Somebody took one of them in between, another demo perhaps.
            }
        }
        return proxy(FreePort.any(), FreePort.any(), FreePort.any());
    }

    /** Reads its configuration from the file, as {@code turnout run} does. */
    private Proxy proxy(int route, int database, int admin) throws IOException {
        StageConfig config = new StageConfig(admin, token,
                new StageConfig.Way(route, blue.address(), green.address()),
                new StageConfig.Way(database, databases.blueAddress(), databases.greenAddress()));
        Files.writeString(file, config.text());
        return switch (ConfigLoader.load(file, Map.of())) {
            case ConfigResult.Valid valid -> new Proxy(config,
                    Turnout.start(valid.config(), () -> ConfigLoader.load(file, Map.of())));
            case ConfigResult.Invalid invalid ->
                throw new IllegalStateException(invalid.problems().toString());
        };
    }

    /** Where the route listens. */
    InetSocketAddress route() {
        return proxy.turnout.address(StageConfig.ROUTE);
    }

    /** Where the route to the databases listens. */
    InetSocketAddress databaseRoute() {
        return proxy.turnout.address(StageConfig.DATABASE_ROUTE);
    }

    DatabasePair databases() {
        return databases;
    }

    URI admin() {
        return proxy.turnout.admin();
    }

    String token() {
        return token;
    }

    /** What the proxy was started from, and reads again when it is told to. */
    Path file() {
        return file;
    }

    /** Writes the file anew, as {@link StageConfig#text(String, boolean)} says; that alone changes nothing. */
    void rewrite(String share, boolean news) throws IOException {
        Files.writeString(file, proxy.config.text(share, news));
    }

    /** One by the API and one by the command line, in this order. */
    List<Operator> operators() {
        return operators;
    }

    /** The same two, on the route to the databases. */
    List<Operator> databaseOperators() {
        return databaseOperators;
    }

    Side blue() {
        return blue;
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
