package dev.turnout.proxy.app;

import dev.turnout.admin.ReloadControl;
import dev.turnout.proxy.testkit.Configs;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawUpstream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A running proxy, its endpoints and its clients; closing it closes all. */
@SuppressWarnings("try") // what it closes may be interrupted
final class Rig implements AutoCloseable, BeforeEachCallback, AfterEachCallback {
    /** What a file needs besides its routes. */
    static final String ADMIN = """
            turnout { admin { listen = "127.0.0.1:0", tokens = [ { name = ops, role = operator, token = TOKEN } ] }
              state-dir = ".", event-loops = 2 }
            """
            .replace("TOKEN", Configs.TOKEN);

    private @Nullable Path stateDir;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final StringBuilder route = new StringBuilder();
    private final StringBuilder top = new StringBuilder();
    private final HttpClient http = closing(HttpClient.newHttpClient());
    private @Nullable Turnout turnout;
    private volatile String file = "";

    /** For {@code @RegisterExtension}: it keeps its state in a folder that ends with the test. */
    Rig() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
        Awaitility.setDefaultPollInterval(Duration.ofMillis(10));
    }

    /** For those who close it themselves. */
    Rig(Path stateDir) {
        this();
        this.stateDir = stateDir;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        stateDir = Files.createTempDirectory("turnout-rig");
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        close();
        try (Stream<Path> files = Files.walk(stateDir())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    Path stateDir() {
        return Objects.requireNonNull(stateDir, "before the test");
    }

    /** Adds a line to the route's configuration. */
    Rig route(String line) {
        route.append(line).append('\n');
        return this;
    }

    /** Adds a line to the configuration, outside the route. */
    Rig top(String line) {
        top.append(line).append('\n');
        return this;
    }

    RawUpstream upstream(RawUpstream.Script script) throws IOException {
        return closing(new RawUpstream(script));
    }

    <T extends AutoCloseable> T closing(T part) {
        open.push(part);
        return part;
    }

    /** Starts the proxy, all of its traffic on these. */
    Rig start(RawUpstream... blue) throws IOException {
        return start(Configs.local(Stream.of(blue).map(RawUpstream::port).toList()));
    }

    /** Starts the proxy, all of its traffic on these {@code host:port}. */
    Rig start(List<String> blue) throws IOException {
        return start(blue, List.of("127.0.0.1:1"));
    }

    Rig start(List<String> blue, List<String> green) throws IOException {
        turnout = closing(Turnout
                .start(Configs.oneRoute(stateDir(), blue, green, route.toString(), top.toString())));
        return this;
    }

    /** Starts the proxy from a file with this text and {@link #ADMIN}. */
    Rig startFile(String text) throws IOException {
        file = text;
        turnout = closing(Turnout.start(Configs.load(stateDir(), ADMIN + text),
                () -> Configs.read(stateDir(), ADMIN + file)));
        return this;
    }

    /** The file has another text now; the proxy reads it again. */
    ReloadControl.Result reload(String text) {
        file = text;
        return turnout().reload("test");
    }

    Turnout turnout() {
        return Objects.requireNonNull(turnout, "not started");
    }

    RawConnection client(String toRoute) throws IOException {
        return closing(RawConnection.to(turnout().address(toRoute)));
    }

    InetSocketAddress address() {
        return turnout().address(Configs.ROUTE);
    }

    RawConnection client() throws IOException {
        return closing(RawConnection.to(address()));
    }

    /** The value of the one metric whose line begins with this, or 0 when there is none. */
    double metric(String name) throws IOException, InterruptedException {
        return metrics().lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    String metrics() throws IOException, InterruptedException {
        URI metrics = turnout().admin().resolve("/metrics");
        return http.send(
                HttpRequest.newBuilder(metrics).header("Authorization", "Bearer " + Configs.TOKEN).build(),
                HttpResponse.BodyHandlers.ofString()).body();
    }

    @Override
    public void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }
}
