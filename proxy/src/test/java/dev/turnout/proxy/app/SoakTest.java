package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.turnout.proxy.app.soak.Books;
import dev.turnout.proxy.app.soak.Endpoint;
import dev.turnout.proxy.app.soak.Soak;
import dev.turnout.proxy.testkit.Configs;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawUpstream;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Clients that behave, break off, stall, pipeline, upgrade and lie, over endpoints that do the same: everybody gets the
 * answer that is theirs, or is told why not, and afterwards nothing is left of any of it.
 */
@ExtendWith(LeakCheck.class)
class SoakTest {
    private static final boolean LONG = Boolean.getBoolean("turnout.drills");
    private static final Duration WARM_UP = Duration.ofSeconds(LONG ? 60 : 4);
    private static final Duration TIME = Duration.ofSeconds(LONG ? 540 : 8);
    /** More than any one request may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int CLIENTS = 48;
    private static final int BLUE = 3;
    private static final long MIB = 1 << 20;
    private static final long ALLOWED_HEAP_GROWTH = 24 * MIB;
    /** One chunk of the allocator for each loop. */
    private static final long ALLOWED_DIRECT_GROWTH = 8 * MIB;
    /** Another one with {@code -Dturnout.soak.seed}, as after a failure. */
    private static final long SEED = Long.getLong("turnout.soak.seed", new Random().nextLong());

    private static final Pattern TOKEN = Pattern.compile("token=([^,]+),");

    @TempDir
    private Path stateDir;
    private Rig rig;
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private volatile Books books = new Books();

    @BeforeEach
    void make() {
        rig = new Rig(stateDir).top("turnout.event-loops = 2")
                .top("turnout.access-log = access.log")
                .route("timeouts { head = 4s, idle = 4s, request = 4s, tunnel = 20s, pool = 1500ms }")
                .route("limits.body = 64MiB")
                .route("health.eject { failures = 5, for = 200ms }")
                .route("split { green = 50%, overrides = [ { header = X-Force, value = green, to = green } ] }");
        said.start();
        root.addAppender(said);
    }

    @AfterEach
    void close() throws Exception {
        root.detachAppender(said);
        rig.close();
    }

    /** What is left when everybody has gone. */
    private record Left(long heapBytes, long directBytes) {}

    @Test
    void givesEverybodyTheirOwnAnswerAndKeepsNothing() throws Exception {
        start();
        Left warm = round(WARM_UP, SEED);
        Left after = round(TIME, SEED + 1);

        assertThat(after.heapBytes - warm.heapBytes).as("heap").isLessThan(ALLOWED_HEAP_GROWTH);
        assertThat(after.directBytes - warm.directBytes).as("direct memory")
                .isLessThanOrEqualTo(ALLOWED_DIRECT_GROWTH);
        assertThat(said.list).filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.ERROR)).isEmpty();
    }

    private void start() throws IOException {
        List<Integer> blue = new ArrayList<>();
        for (int i = 0; i < BLUE; i++) {
            blue.add(upstream("blue", i).port());
        }
        rig.start(Configs.local(blue), Configs.local(List.of(upstream("green", 0).port())));
    }

    private RawUpstream upstream(String side, int number) throws IOException {
        return rig
                .upstream((connection, count) -> new Endpoint(books, side, side + "-" + number, SEED + number)
                        .play(connection, count));
    }

    private Left round(Duration time, long seed) throws Exception {
        books = new Books();
        double countedBefore = rig.metric("turnout_requests_total");
        double rightBefore = rig.metric("turnout_requests_total{outcome=\"2xx\"");
        boolean left = new Soak(books, rig.address(), CLIENTS, seed).run(time, PATIENCE);
        assertThat(books.faults()).as(() -> "seed " + SEED + ": " + books.outcomes() + logged()).isEmpty();
        assertThat(left).as("clients that wait for ever, seed %s", SEED).isTrue();
        assertThat(books.closesMet()).as("requests that met a closed connection, seed %s", SEED)
                .isLessThanOrEqualTo(books.silentCloses());
        int openThen = books.endpointConnections();
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(rig.metric("turnout_connections{")).isZero();
            assertThat(rig.metric("turnout_in_flight")).isZero();
            assertThat(rig.metric("turnout_tunnels")).isZero();
        });
        double counted = rig.metric("turnout_requests_total") - countedBefore;
        double right = rig.metric("turnout_requests_total{outcome=\"2xx\"") - rightBefore;
        assertThat(counted).as("requests counted, seed %s", SEED)
                .isBetween((double) books.certain(), (double) books.certain() + books.perhaps());
        assertThat(right).as("right answers counted, seed %s", SEED)
                .isBetween((double) books.right(), (double) books.right() + books.perhaps());
        assertThat(openThen).as("idle connections to endpoints").isLessThanOrEqualTo(4 * CLIENTS);
        await().atMost(PATIENCE).until(() -> books.endpointConnections() == 0);
        await().atMost(PATIENCE).until(() -> PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() == 0);
        return left();
    }

    /** What the access log has of the requests that went wrong. */
    private String logged() {
        try (Stream<String> lines = Files.lines(stateDir.resolve("access.log"))) {
            return lines.filter(line -> books.faults().stream().anyMatch(fault -> concerns(fault, line)))
                    .collect(Collectors.joining("\n", "\n", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean concerns(String fault, String line) {
        Matcher token = TOKEN.matcher(fault);
        return token.find() && line.contains("/soak/" + token.group(1) + "\"");
    }

    private static Left left() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return new Left(runtime.totalMemory() - runtime.freeMemory(),
                PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory());
    }
}
