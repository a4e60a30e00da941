package dev.turnout.proxy.upstream.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.turnout.config.Address;
import dev.turnout.config.EjectConfig;
import dev.turnout.config.HealthConfig;
import dev.turnout.config.HealthConfig.Check;
import dev.turnout.config.Share;
import dev.turnout.config.Transport;
import dev.turnout.proxy.net.EventLoops;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawUpstream;
import dev.turnout.proxy.upstream.health.Checks.Subject;
import dev.turnout.proxy.upstream.health.Checks.Watch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
class EventLoopChecksTest {
    private static final Duration OFTEN = Duration.ofMillis(20);
    private static final Duration SELDOM = Duration.ofHours(1);
    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final Duration IMPATIENT = Duration.ofMillis(250);

    private final EventLoops loops = EventLoops.start(Transport.NIO, 1, "test-loop");
    private final Checks checks = new EventLoopChecks(loops.each().getFirst(), loops.channel(),
            new SplittableRandom(1));
    private final List<CheckResult> results = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        loops.stop().syncUninterruptibly();
    }

    private Watch watch(Check check, int port, Duration interval) {
        return watch(check, port, interval, PATIENT);
    }

    private Watch watch(Check check, int port, Duration interval, Duration timeout) {
        HealthConfig health = new HealthConfig(check, "/health?deep=1", interval, timeout, 2, 3,
                Duration.ZERO,
                new EjectConfig(5, Duration.ofSeconds(10), Share.NONE));
        return checks.watch(new Subject(new Address("shop.test", port),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), true), health, results::add);
    }

    private CheckResult first() {
        await().until(() -> !results.isEmpty());
        return results.getFirst();
    }

    private CheckResult httpCheckOf(String answer) throws IOException {
        try (RawUpstream upstream = new RawUpstream((connection, number) -> {
            connection.head();
            connection.send(answer);
            connection.rest();
        })) {
            watch(Check.HTTP, upstream.port(), SELDOM);
            return first();
        }
    }

    @ParameterizedTest
    @CsvSource({"200, true", "204, true", "302, true", "399, true", "400, false", "404, false", "503, false"})
    void goesByTheStatus(int status, boolean passes) throws IOException {
        assertThat(httpCheckOf("HTTP/1.1 " + status + " Whatever\r\nContent-Length: 3\r\n\r\nabc"))
                .isEqualTo(new CheckResult(passes, "status " + status));
    }

    @Test
    void passesOverInterimAnswers() throws IOException {
        assertThat(httpCheckOf("HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 200\r\n\r\n").passed())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSH-2.0-OpenSSH\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "\n"})
    void failsWhenTheAnswerIsNotHttp(String answer) throws IOException {
        assertThat(httpCheckOf(answer)).isEqualTo(new CheckResult(false, "an answer that is not HTTP/1"));
    }

    @Test
    void failsWhenAnAnswerNeverEndsItsFirstLine() throws IOException {
        assertThat(httpCheckOf("x".repeat(20_000)))
                .isEqualTo(new CheckResult(false, "an answer that is not HTTP/1"));
    }

    @Test
    void asksAsAPoliteClientWould() throws IOException {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (RawUpstream upstream = new RawUpstream((connection, number) -> {
            asked.add(connection.head());
            connection.send("HTTP/1.1 200 OK\r\n\r\n");
        })) {
            watch(Check.HTTP, upstream.port(), SELDOM);
            first();
            assertThat(asked)
                    .containsExactly("GET /health?deep=1 HTTP/1.1\r\nHost: shop.test:" + upstream.port()
                            + "\r\nUser-Agent: turnout-check\r\nAccept: */*\r\nConnection: close\r\n\r\n");
        }
    }

    @Test
    void failsWhenTheConnectionClosesBeforeAnAnswer() throws IOException {
        try (RawUpstream upstream = new RawUpstream((connection, number) -> connection.head())) {
            watch(Check.HTTP, upstream.port(), SELDOM);
            assertThat(first()).isEqualTo(new CheckResult(false, "closed before it answered"));
        }
    }

    @Test
    void failsWhenTheConnectionIsReset() throws IOException {
        try (RawUpstream upstream = new RawUpstream((connection, number) -> {
            connection.head();
            connection.reset();
        })) {
            watch(Check.HTTP, upstream.port(), SELDOM);
            assertThat(first().passed()).isFalse();
        }
    }

    @Test
    void failsWhenNoAnswerComesInTime() throws IOException {
        try (RawUpstream upstream = new RawUpstream((connection, number) -> connection.rest())) {
            watch(Check.HTTP, upstream.port(), SELDOM, IMPATIENT);
            assertThat(first()).isEqualTo(new CheckResult(false, "time-out after 250ms"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT", "HTTP"})
    void failsWhenNobodyListens(Check check) throws IOException {
        int port;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = gone.getLocalPort();
        }
        watch(check, port, SELDOM);
        assertThat(first()).isEqualTo(new CheckResult(false, "connect refused"));
    }

    @Test
    void aConnectionIsEnoughWhenNoMoreIsAsked() throws IOException {
        try (RawUpstream upstream = new RawUpstream((connection, number) -> connection.rest())) {
            watch(Check.CONNECT, upstream.port(), SELDOM);
            assertThat(first()).isEqualTo(new CheckResult(true, "connected"));
        }
    }

    @Test
    void checksAgainAndAgain() throws IOException {
        try (RawUpstream upstream = RawUpstream.answering("ok")) {
            watch(Check.HTTP, upstream.port(), OFTEN);
            await().until(() -> results.size() >= 5);
            assertThat(results).allMatch(CheckResult::passed);
        }
    }

    @Test
    void seesAnEndpointGoAndComeBack() throws IOException {
        AtomicInteger status = new AtomicInteger(200);
        try (RawUpstream upstream = new RawUpstream((connection, number) -> {
            connection.head();
            connection.send("HTTP/1.1 " + status.get() + " x\r\n\r\n");
        })) {
            watch(Check.HTTP, upstream.port(), OFTEN);
            await().until(() -> results.contains(new CheckResult(true, "status 200")));
            status.set(500);
            await().until(() -> results.contains(new CheckResult(false, "status 500")));
            status.set(200);
            await().until(() -> results.getLast().passed());
        }
    }

    @Test
    void beginsNoCheckBeforeTheLastOneHasEnded() throws IOException {
        try (RawUpstream upstream = new RawUpstream((connection, number) -> connection.rest())) {
            watch(Check.HTTP, upstream.port(), OFTEN, IMPATIENT);
            await().until(() -> results.size() >= 3);
            assertThat(upstream.connections()).as("though the interval is shorter than the time-out")
                    .isLessThanOrEqualTo(results.size() + 1);
        }
    }

    @Test
    void beginsNoCheckOnceTheWatchEnds() throws IOException {
        try (RawUpstream upstream = RawUpstream.answering("ok")) {
            Watch watch = watch(Check.HTTP, upstream.port(), OFTEN);
            first();
            watch.end();
            onTheLoop(() -> {});
            int before = upstream.connections();
            try (RawUpstream other = RawUpstream.answering("ok")) {
                watch(Check.HTTP, other.port(), OFTEN);
                await().until(() -> other.connections() >= 10);
            }
            assertThat(upstream.connections()).as("one may have been under way when the watch ended")
                    .isLessThanOrEqualTo(before + 1);
        }
    }

    private void onTheLoop(Runnable task) {
        loops.each().getFirst().submit(task).syncUninterruptibly();
    }
}
