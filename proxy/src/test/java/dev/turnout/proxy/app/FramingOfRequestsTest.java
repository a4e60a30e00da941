package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.turnout.config.Transport;
import dev.turnout.proxy.failure.Kind;
import dev.turnout.proxy.testkit.Configs;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RecordingUpstream;
import dev.turnout.proxy.testkit.SuspiciousRequest;
import io.netty.util.LeakPresenceDetector;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A suspicious request and a marked innocent one behind it, through a running proxy, judged by every byte that the
 * endpoint got: the suspicious one as it should be or not at all, and the innocent one as one request of its own or not at all.
 * All rows share the proxy and its connections to the endpoint, so what one leaves behind there comes out in the next.
 */
class FramingOfRequestsTest {
    private static final String INNOCENT = "GET /innocent HTTP/1.1\r\nHost: a\r\n\r\n";
    /** The innocent request as it is sent: the connection ends behind it, so that everything can be read to its end. */
    private static final String INNOCENT_AND_LAST = last(INNOCENT);
    private static final String FENCE = "GET /fence HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final Pattern REQUESTS = Pattern
            .compile("(?m)^turnout_requests_total\\{outcome=\"([^\"]+)\".*} ([1-9][0-9.]*)$");
    private static final Pattern DROPPED = Pattern
            .compile("(?m)^turnout_dropped_fields_total\\{route=\"shop\"} (.*)$");

    /** How the two come. */
    enum Delivery {
        IN_ONE_WRITE, BEHIND_THE_ANSWER, BYTE_BY_BYTE
    }

    @TempDir
    private static Path stateDir;
    private static RecordingUpstream upstream;
    private static Turnout turnout;

    private Map<String, Double> countedBefore = Map.of();
    private double droppedBefore;

    @BeforeAll
    static void start() throws IOException {
        upstream = new RecordingUpstream();
        turnout = Turnout.start(
                Configs.oneRoute(stateDir, Transport.AUTO, List.of(upstream.port()), List.of(1), false));
    }

    @AfterAll
    static void close() throws IOException {
        turnout.close();
        upstream.close();
        LeakPresenceDetector.check();
    }

    @BeforeEach
    void startAnew() throws IOException {
        upstream.forget();
        String metrics = scrape();
        countedBefore = outcomes(metrics);
        droppedBefore = dropped(metrics);
    }

    static Stream<Arguments> rows() {
        return SuspiciousRequest.all().stream()
                .flatMap(row -> Stream.of(Delivery.values())
                        .filter(delivery -> delivery != Delivery.BYTE_BY_BYTE || byteByByte(row))
                        .map(delivery -> arguments(row, delivery)));
    }

    /** What is refused ends at the scanner, whose every fragmentation has a test of its own. */
    private static boolean byteByByte(SuspiciousRequest row) {
        return row.bytes().length() < 1000 && (row.wholeHead() || Boolean.getBoolean("turnout.drills"));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("rows")
    void reachesTheEndpointAsOneRequestOrNone(SuspiciousRequest row, Delivery delivery) throws IOException {
        String answers = answers(row, delivery);
        Map<String, Double> counted = counted();
        String heard = heard();

        Kind refusal = row.refusal();
        if (refusal == null) {
            assertPassedOn(row, answers, heard);
            assertThat(counted).isEqualTo(Map.of("2xx", row.closes() ? 1.0 : 2.0));
        } else {
            assertRefused(row, refusal, answers, heard);
            assertThat(counted).isEqualTo(Map.of(refusal.code(), 1.0));
        }
        assertThat(upstream.answered()).as("whole requests, and the fence")
                .isEqualTo(refusal != null ? 1 : row.closes() ? 2 : 3);
    }

    private static void assertPassedOn(SuspiciousRequest row, String answers, String heard) {
        String requestLine = row.arrives().substring(0, row.arrives().indexOf("\r\n"));
        assertThat(asked(answers)).isEqualTo(row.closes()
                ? List.of(requestLine)
                : List.of(requestLine, "GET /innocent HTTP/1.1"));
        assertThat(heard).as("each request once, and nothing beside")
                .isEqualTo(row.arrives() + (row.closes() ? "" : INNOCENT));
    }

    private static void assertRefused(SuspiciousRequest row, Kind refusal, String answers, String heard) {
        assertThat(answers).startsWith("HTTP/1.1 " + refusal.httpStatus() + " ")
                .contains("\"code\":\"" + refusal.code() + "\"", "\r\nConnection: close\r\n")
                .containsOnlyOnce("HTTP/1.1 " + refusal.httpStatus());
        if (row.wholeHead()) {
            assertThat(row.bytes()).as("of what came before the body went wrong, nothing but that")
                    .startsWith(heard);
        } else {
            assertThat(heard).as("nothing of it reaches the endpoint").isEmpty();
        }
    }

    /**
     * All that the endpoint heard, once a last request behind everything else has come through, and every other
     * connection was heard to its end.
     */
    private static String heard() throws IOException {
        assertThat(answer(last(FENCE))).contains("X-Asked: GET /fence HTTP/1.1");
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .untilAsserted(
                        () -> assertThat(upstream.open()).as("connections to the endpoint").isEqualTo(1));
        String heard = String.join("", upstream.heard());
        assertThat(heard).containsOnlyOnce(FENCE);
        return heard.replace(FENCE, "");
    }

    /** This request, the last on its connection. */
    private static String last(String request) {
        return request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    }

    /** Everything up to the end of the connection; then it is counted too. */
    private static String answer(String request) throws IOException {
        try (RawConnection client = RawConnection.to(turnout.address(Configs.ROUTE))) {
            client.send(request);
            return client.rest();
        }
    }

    private static String answers(SuspiciousRequest row, Delivery delivery) throws IOException {
        try (RawConnection client = RawConnection.to(turnout.address(Configs.ROUTE))) {
            return switch (delivery) {
                case IN_ONE_WRITE -> {
                    client.send(row.bytes() + INNOCENT_AND_LAST);
                    yield client.rest();
                }
                case BEHIND_THE_ANSWER -> {
                    client.send(row.bytes());
                    String first = row.closes() ? client.rest() : client.message();
                    sendAnyway(client, INNOCENT_AND_LAST);
                    yield row.closes() ? first : first + client.rest();
                }
                case BYTE_BY_BYTE -> {
                    for (char octet : (row.bytes() + INNOCENT_AND_LAST).toCharArray()) {
                        sendAnyway(client, String.valueOf(octet));
                    }
                    yield client.rest();
                }
            };
        }
    }

    /** Whether the proxy still takes it, or closed its end already. */
    private static void sendAnyway(RawConnection client, String text) throws IOException {
        try {
            client.send(text);
        } catch (SocketException closed) {
            assertThat(closed).hasMessageContaining("Broken pipe");
        }
    }

    /** The request lines that the answers are for. */
    private static List<String> asked(String answers) {
        return Pattern.compile("X-Asked: (.*)\r\n").matcher(answers).results().map(found -> found.group(1))
                .toList();
    }

    /** Which outcomes of requests were counted since the beginning of the test, and how often. */
    private Map<String, Double> counted() throws IOException {
        Map<String, Double> counted = outcomes(scrape());
        countedBefore.forEach((outcome, before) -> counted.merge(outcome, -before, Double::sum));
        counted.values().removeIf(count -> count == 0);
        return counted;
    }

    private static Map<String, Double> outcomes(String metrics) {
        Map<String, Double> counted = new TreeMap<>();
        REQUESTS.matcher(metrics).results()
                .forEach(
                        found -> counted.merge(found.group(1), Double.valueOf(found.group(2)), Double::sum));
        return counted;
    }

    private static double dropped(String metrics) {
        return DROPPED.matcher(metrics).results().mapToDouble(found -> Double.parseDouble(found.group(1)))
                .sum();
    }

    private static String scrape() throws IOException {
        InetSocketAddress admin = new InetSocketAddress(turnout.admin().getHost(), turnout.admin().getPort());
        try (RawConnection scraper = RawConnection.to(admin)) {
            scraper.send("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + Configs.TOKEN
                    + "\r\nConnection: close\r\n\r\n");
            String metrics = scraper.rest();
            assertThat(metrics).startsWith("HTTP/1.1 200 ");
            return metrics;
        }
    }

    @Test
    void theClientsAddressCannotBeStripped() throws IOException {
        answer(last("GET / HTTP/1.1\r\nHost: a\r\nConnection: X-Forwarded-For\r\n\r\n"));
        assertThat(String.join("", upstream.raw())).as("row 22")
                .startsWith("GET / HTTP/1.1\r\n")
                .contains("\r\nX-Forwarded-For: 127.0.0.1\r\n");
    }

    @Test
    void countsTheFieldsThatAreDroppedForAnUnderscore() throws IOException {
        answer(last("GET / HTTP/1.1\r\nHost: a\r\na_b: 1\r\n_: 2\r\n\r\n"));
        assertThat(dropped(scrape()) - droppedBefore).as("row 15").isEqualTo(2);
    }
}
