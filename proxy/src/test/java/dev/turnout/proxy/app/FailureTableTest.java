package dev.turnout.proxy.app;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.turnout.proxy.failure.Kind;
import dev.turnout.proxy.testkit.Latches;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Walks {@code docs/failures.md}: every row is provoked, and nothing is provoked that has no row. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
@ExtendWith(LeakCheck.class)
class FailureTableTest {
    private static final Path TABLE = Path.of("../docs/failures.md");
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String HALF = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf";
    private static final String RETRIES = "turnout_retries_total{route=\"shop\",target=\"blue\"}";
    private static final String UNNOTICED_SECTION = "## What goes wrong without the client noticing";
    private static final int MIB = 1024 * 1024;

    /** One line of the table. */
    record Row(String cause, String status, String code, String target, String afterwards) {
        private static Row of(String line) {
            String[] cells = Stream.of(line.split("\\|", -1)).map(String::strip).toArray(String[]::new);
            return new Row(cells[1], cells[2], cells[3].replace("`", ""), cells[4], cells[5]);
        }

        private boolean brokenOff() {
            return status.equals("broken off");
        }

        @Override
        public String toString() {
            return cause;
        }
    }

    /** Brings a failure about, and answers the connection that it happened to. */
    @FunctionalInterface
    private interface Scenario {
        RawConnection play(Rig rig) throws Exception;
    }

    private static final Map<String, Scenario> SCENARIOS = Map.ofEntries(
            entry("the head is not RFC 9112, or ambiguous", asking("GET / HTTP/1.1\r\nHost : a\r\n\r\n")),
            entry("the framing of the body is not RFC 9112",
                    asking("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")),
            entry("the head is not complete within `timeouts.head`",
                    rig -> asking("GET / HT").play(rig.route("timeouts.head = 200ms"))),
            entry("the body stands still for `timeouts.request`",
                    rig -> asking("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf")
                            .play(rig.route("timeouts.request = 200ms"))),
            entry("the body is longer than `limits.body`, by its Content-Length",
                    rig -> asking("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf")
                            .play(rig.route("limits.body = 8B"))),
            entry("the body is longer than `limits.body`, in chunks",
                    rig -> asking("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "9\r\n123456789\r\n").play(rig.route("limits.body = 8B"))),
            entry("the request target is longer than `limits.target`",
                    rig -> asking("GET /" + "a".repeat(100) + " HTTP/1.1\r\nHost: a\r\n\r\n")
                            .play(rig.top("turnout.limits.target = 64B"))),
            entry("`Expect` is something else than `100-continue`",
                    asking("GET / HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n\r\n")),
            entry("the head has more bytes or fields than `limits` allow",
                    rig -> asking("GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\n\r\n")
                            .play(rig.top("turnout.limits.fields = 2"))),
            entry("a transfer coding other than `chunked`",
                    asking("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n")),
            entry("CONNECT", asking("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n")),
            entry("a version other than HTTP/1.1 and HTTP/1.0", asking("GET / HTTP/2.0\r\nHost: a\r\n\r\n")),
            entry("the client resets its connection before it is answered", FailureTableTest::clientResets),
            entry("the client ends its direction inside the body", FailureTableTest::clientEnds),
            entry("the client takes nothing of the answer for `timeouts.request`",
                    FailureTableTest::clientTakesNothing),
            entry("no route of the address has such a request",
                    rig -> asking(GET).play(rig.route("match.host = shop.example"))),
            entry("the route has `limits.connections` open already", FailureTableTest::tooManyConnections),
            entry("nothing listens at any endpoint of the side", rig -> {
                rig.start(List.of("127.0.0.1:" + closedPort(rig), "127.0.0.1:" + closedPort(rig)));
                return sending(rig, GET);
            }),
            entry("no connection opens within `timeouts.connect`", FailureTableTest::endpointOpensNothing),
            entry("no endpoint of the side is healthy, `split.unhealthy = fail`",
                    FailureTableTest::endpointFailsItsChecks),
            entry("it closes before it answers", endpoint(RawConnection::close)),
            entry("it resets before it answers", endpoint(RawConnection::reset)),
            entry("it closes an idle connection just as a POST arrives",
                    FailureTableTest::endpointClosesIdleConnection),
            entry("it is silent for `timeouts.request`",
                    rig -> endpoint(RawConnection::rest).play(rig.route("timeouts.request = 200ms"))),
            entry("its answer is garbage", saying("SSH-2.0-OpenSSH\r\n")),
            entry("its answer has a head larger than `limits` allow",
                    rig -> saying("HTTP/1.1 200 OK\r\nX: " + "x".repeat(2000) + "\r\n\r\n")
                            .play(rig.top("turnout.limits.head = 1KiB"))),
            entry("it switches to a protocol that nobody asked for",
                    saying("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")),
            entry("it sends interim answers without end",
                    saying("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(500))),
            entry("it closes inside its answer", endpoint(connection -> connection.send(HALF))),
            entry("it resets inside its answer", FailureTableTest::endpointResetsInsideItsAnswer),
            entry("the framing of its answer's body is garbage",
                    saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\naXX")),
            entry("it stops inside its answer for `timeouts.request`",
                    rig -> saying(HALF).play(rig.route("timeouts.request = 200ms"))));

    /** What the client does not notice; each ends with a connection on which an answer is on its way. */
    private static final Map<String, Scenario> UNNOTICED = Map.ofEntries(
            entry("an endpoint does not listen, another of its side does", rig -> {
                rig.start(List.of("127.0.0.1:" + closedPort(rig),
                        "127.0.0.1:" + rig.closing(RawUpstream.answering("ok")).port()));
                // Either may be chosen first, but never again the one that could not be connected to.
                while (rig.metric(RETRIES) == 0) {
                    assertThat(sending(rig, GET).message()).isEqualTo(OK);
                }
                return sending(rig, GET);
            }),
            entry("an endpoint closes an idle connection just as a GET without a body arrives", rig -> {
                rig.start(rig.upstream((connection, number) -> {
                    connection.head();
                    connection.send(OK);
                    connection.head();
                }));
                RawConnection client = sending(rig, GET);
                client.message();
                client.send(GET);
                return client;
            }),
            entry("bytes behind the end of an answer", saying(OK + "HTTP/1.1 200 OK\r\n\r\npoison")),
            entry("bytes on an idle connection", rig -> {
                CountDownLatch answered = new CountDownLatch(1);
                CountDownLatch closed = new CountDownLatch(1);
                rig.start(rig.upstream((connection, number) -> {
                    connection.head();
                    connection.send(OK);
                    if (number == 1) {
                        Latches.await(answered);
                        connection.send("HTTP/1.1 200 OK\r\n\r\npoison");
                    }
                    connection.rest();
                    closed.countDown();
                }));
                RawConnection client = sending(rig, GET);
                client.message();
                answered.countDown();
                Latches.await(closed);
                client.send(GET);
                return client;
            }),
            entry("no endpoint of the side is healthy, `split.unhealthy = spill`", rig -> {
                rig.route("health { check = connect, interval = 50ms, fall = 1 }")
                        .route("split.unhealthy = spill")
                        .start(List.of("127.0.0.1:" + closedPort(rig)),
                                List.of("127.0.0.1:" + rig.closing(RawUpstream.answering("ok")).port()));
                await().until(
                        () -> rig.metric("turnout_endpoints_healthy{route=\"shop\",target=\"blue\"}") == 0);
                return sending(rig, GET);
            }));

    @RegisterExtension
    private final Rig rig = new Rig();

    @BeforeEach
    void log() {
        rig.top("turnout.access-log = access.log");
    }

    static List<Row> rows() throws IOException {
        return Files.readAllLines(TABLE)
                .stream()
                .takeWhile(line -> !line.equals(UNNOTICED_SECTION))
                .filter(FailureTableTest::isRow)
                .map(Row::of)
                .toList();
    }

    private static boolean isRow(String line) {
        return line.startsWith("| ") && !line.startsWith("| cause ");
    }

    static List<Row> unnoticedRows() throws IOException {
        return Files.readAllLines(TABLE)
                .stream()
                .dropWhile(line -> !line.equals(UNNOTICED_SECTION))
                .takeWhile(line -> !line.equals("## PostgreSQL"))
                .filter(FailureTableTest::isRow)
                .map(line -> Row.of(line + " |"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("unnoticedRows")
    void staysUnnoticedAsItsRowSays(Row row) throws Exception {
        RawConnection client = Objects.requireNonNull(UNNOTICED.get(row.cause)).play(rig);

        assertThat(client.message()).isEqualTo(OK);
        if (!row.code.isEmpty()) {
            assertThat(rig.metric(row.code + "{route=\"shop\"")).isEqualTo(1);
        }
        assertThat(rig.metrics())
                .doesNotContain("outcome=\"upstream_reset\",route=\"shop\",target=\"blue\"} 1.0");
    }

    @Test
    void everyCauseHasARowAndEveryRowItsCause() throws IOException {
        assertThat(rows()).extracting(Row::cause).containsExactlyInAnyOrderElementsOf(SCENARIOS.keySet());
        assertThat(unnoticedRows()).extracting(Row::cause)
                .containsExactlyInAnyOrderElementsOf(UNNOTICED.keySet());
    }

    @Test
    void everyReasonCodeHasARowWithItsStatus() throws IOException {
        assertThat(rows()).extracting(Row::code)
                .containsAll(Arrays.stream(Kind.values()).map(Kind::code).toList());
        for (Row row : rows()) {
            if (row.status.matches("\\d+")) {
                assertThat(row.status)
                        .isEqualTo("" + Kind.valueOf(row.code.toUpperCase(Locale.ROOT)).httpStatus());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void showsItselfAsItsRowSays(Row row) throws Exception {
        RawConnection client = Objects.requireNonNull(SCENARIOS.get(row.cause)).play(rig);

        if (row.brokenOff()) {
            assertThat(client.breaksOff()).as("half an answer must not look like a whole one").isTrue();
        } else if (row.status.matches("\\d+")) {
            String answer = client.message();
            while (answer.startsWith("HTTP/1.1 1")) {
                answer = client.message();
            }
            assertThat(answer).startsWith("HTTP/1.1 " + row.status + " ")
                    .contains("\"code\":\"" + row.code + "\"");
            boolean closes = row.afterwards.startsWith("connection closes")
                    || row.afterwards.startsWith("both connections close");
            assertThat(answer.contains("\r\nConnection: close\r\n")).isEqualTo(closes);
        }
        String counted = "turnout_requests_total{outcome=\"" + row.code + "\",route=\"shop\",target=\""
                + (row.target.equals("side") ? "blue" : row.target) + "\"}";
        await().until(() -> rig.metric(counted) == 1);
        assertThat(rig.metrics().lines().filter(line -> line.startsWith("turnout_requests_total"))
                .filter(line -> !line.contains("outcome=\"2xx\"") && !line.endsWith(" 0.0"))).hasSize(1);
        String logged = "\"reason\":\"" + row.code + "\"";
        String status = row.brokenOff() ? "200" : row.status.replaceAll("\\D", "");
        await().untilAsserted(() -> assertThat(Files.readAllLines(rig.stateDir().resolve("access.log")))
                .filteredOn(line -> line.contains("\"reason\""))
                .singleElement()
                .asString()
                .contains(logged, "\"status\":" + status + ",",
                        "\"target\":\"" + (row.target.equals("side") ? "blue" : row.target) + "\""));
        if (row.status.matches("\\d+")) {
            checkAfterwards(row, client);
        }
    }

    private static void checkAfterwards(Row row, RawConnection client) throws IOException {
        if (row.afterwards.startsWith("client's connection stays")) {
            client.send(GET);
            assertThat(client.message()).startsWith("HTTP/1.1 ");
        } else {
            assertThat(client.endsInOrder()).isTrue();
        }
    }

    private static RawConnection sending(Rig rig, String request) throws IOException {
        RawConnection client = rig.client();
        client.send(request);
        return client;
    }

    /** A client that says this to an endpoint which hears everything and says nothing. */
    private static Scenario asking(String request) {
        return rig -> {
            rig.start(rig.upstream((connection, number) -> connection.rest()));
            return sending(rig, request);
        };
    }

    /** An endpoint that does this with each request, and then closes. */
    private static Scenario endpoint(Behaviour behaviour) {
        return rig -> {
            rig.start(rig.upstream((connection, number) -> {
                connection.head();
                behaviour.on(connection);
            }));
            return sending(rig, GET);
        };
    }

    @FunctionalInterface
    private interface Behaviour {
        void on(RawConnection connection) throws IOException;
    }

    /** An endpoint that answers this, and then waits. */
    private static Scenario saying(String answer) {
        return endpoint(connection -> {
            connection.send(answer);
            connection.rest();
        });
    }

    /** A port that is taken, so that nobody else gets it, but that nobody listens on. */
    private static int closedPort(Rig rig) throws IOException {
        Socket bound = rig.closing(new Socket());
        bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return bound.getLocalPort();
    }

    private static RawConnection clientResets(Rig rig) throws Exception {
        RawConnection client = asking(GET).play(rig);
        await().until(() -> rig.metric("turnout_in_flight{route=\"shop\",target=\"blue\"}") == 1);
        client.reset();
        return client;
    }

    private static RawConnection clientEnds(Rig rig) throws Exception {
        RawConnection client = asking("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf")
                .play(rig);
        client.finish();
        assertThat(client.rest()).isEmpty();
        return client;
    }

    private static RawConnection clientTakesNothing(Rig rig) throws Exception {
        byte[] much = new byte[100 * MIB];
        rig.route("timeouts.request = 1s").start(rig.upstream((connection, number) -> {
            connection.head();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + much.length + "\r\n\r\n");
            connection.send(much);
        }));
        RawConnection client = rig.closing(RawConnection.narrowTo(rig.address()));
        client.send(GET);
        await().until(
                () -> rig.metric("turnout_requests_total{outcome=\"request_timeout\",route=\"shop\"") == 1);
        return client;
    }

    private static RawConnection tooManyConnections(Rig rig) throws Exception {
        rig.route("limits.connections = 1").start(RawUpstream.answering("ok"));
        sending(rig, GET).message();
        return rig.client();
    }

    private static RawConnection endpointOpensNothing(Rig rig) throws Exception {
        ServerSocket full = rig.closing(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        Deque<Socket> waiting = new ArrayDeque<>();
        // As soon as the queue is full the system answers no more, which is how a host looks that is gone.
        boolean room = true;
        while (room) {
            Socket socket = rig.closing(new Socket());
            waiting.push(socket);
            room = connects(socket, full.getLocalPort());
        }
        rig.route("timeouts.connect = 200ms").start(List.of("127.0.0.1:" + full.getLocalPort()));
        return sending(rig, GET);
    }

    private static boolean connects(Socket socket, int port) throws IOException {
        try {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    private static RawConnection endpointFailsItsChecks(Rig rig) throws Exception {
        rig.route("health { check = connect, interval = 50ms, fall = 1 }")
                .start(List.of("127.0.0.1:" + closedPort(rig)));
        await().until(() -> rig.metric("turnout_endpoints_healthy{route=\"shop\",target=\"blue\"}") == 0);
        return sending(rig, GET);
    }

    private static RawConnection endpointClosesIdleConnection(Rig rig) throws Exception {
        rig.start(rig.upstream((connection, number) -> {
            connection.head();
            connection.send(OK);
            // Takes the next request, and answers it with the end.
            connection.head();
        }));
        RawConnection client = sending(rig, GET);
        client.message();
        client.send(POST);
        return client;
    }

    private static RawConnection endpointResetsInsideItsAnswer(Rig rig) throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        rig.start(rig.upstream((connection, number) -> {
            connection.head();
            connection.send(HALF);
            Latches.await(seen);
            connection.reset();
        }));
        RawConnection client = sending(rig, GET);
        await().until(client::hasMore);
        seen.countDown();
        return client;
    }
}
