package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.turnout.proxy.testkit.IdleClients;
import dev.turnout.proxy.testkit.RawUpstream;
import dev.turnout.proxy.testkit.TurnoutProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What thousands of keep-alive connections cost that have had a request answered and now do nothing. */
class IdleConnectionsTest {
    private static final Logger log = LoggerFactory.getLogger(IdleConnectionsTest.class);
    private static final boolean DRILLS = Boolean.getBoolean("turnout.drills");
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    /** Growth counts from here: by then the code for connections has been loaded and compiled. */
    private static final int WARM = 500;
    /** Of a few connections even a small step of the heap is much for each. */
    private static final long ALLOWED_EACH = (DRILLS ? 6 : 8) * KIB;
    private static final long ALLOWED_WITH_5000 = 125 * MIB;
    /** The compiler gives back what it needed within {@code TrimNativeHeapInterval}. */
    private static final Duration STEADY = Duration.ofSeconds(3);
    private static final Pattern OPEN = Pattern.compile("(?m)^turnout_connections\\{[^}]*} (\\S+)$");

    @TempDir
    private Path folder;

    static IntStream counts() {
        return DRILLS ? IntStream.of(5_000, 10_000) : IntStream.of(2_000);
    }

    @ParameterizedTest
    @MethodSource("counts")
    void costAFewKibEachAndStillServe(int count) throws IOException, InterruptedException {
        try (RawUpstream upstream = RawUpstream.answering("ok");
                TurnoutProcess turnout = TurnoutProcess.start(folder, upstream.port(), upstream.port())) {
            try (IdleClients clients = IdleClients.of(turnout.address(), folder)) {
                clients.open(WARM);
                long before = settled(turnout);
                assertThat(clients.open(count - WARM)).isEqualTo(count);
                long after = settled(turnout);
                long each = (after - before) / (count - WARM);
                log.info("connections={} residentMib={} before={} bytesEach={}", count, after / MIB,
                        before / MIB, each);

                assertThat(open(turnout)).isEqualTo(count);
                assertThat(each).isLessThanOrEqualTo(ALLOWED_EACH);
                if (count <= 5_000) {
                    assertThat(after).isLessThanOrEqualTo(ALLOWED_WITH_5000);
                }
                assertThat(clients.askEach()).isEqualTo(count);
                assertThat(upstream.connections()).as("requests came one after the other").isLessThan(10);
            }
            await().untilAsserted(() -> assertThat(open(turnout)).isZero());
        }
    }

    /** Memory that the process holds, in bytes, once it has not grown or shrunk by a MiB for {@link #STEADY}. */
    private static long settled(TurnoutProcess turnout) {
        AtomicLong last = new AtomicLong();
        await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(500)).during(STEADY)
                .until(() -> {
                    long now = turnout.residentBytes();
                    boolean steady = Math.abs(now - last.get()) < MIB;
                    if (!steady) {
                        last.set(now);
                    }
                    return steady;
                });
        return last.get();
    }

    /** What the gauge of open client connections says. */
    private static int open(TurnoutProcess turnout) throws IOException, InterruptedException {
        String metrics = turnout.admin("GET", "/metrics", "").body();
        Matcher gauge = OPEN.matcher(metrics);
        assertThat(gauge.find()).as(metrics).isTrue();
        return (int) Double.parseDouble(gauge.group(1));
    }
}
