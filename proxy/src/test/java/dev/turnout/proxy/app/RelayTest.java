package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.turnout.config.Transport;
import dev.turnout.proxy.testkit.Configs;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and answers through a running proxy, byte for byte. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
@ExtendWith(LeakCheck.class)
class RelayTest {
    /** Heads go on as they are, but for what is meant for one hop. */
    private static final String PLAIN = "headers { x-forwarded = false, via = false, request-id = false }\n";
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @TempDir
    private Path stateDir;
    private final Queue<AutoCloseable> open = new ConcurrentLinkedQueue<>();
    private @Nullable Turnout turnout;

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable part : open) {
            part.close();
        }
    }

    private <T extends AutoCloseable> T closing(T part) {
        open.add(part);
        return part;
    }

    private RawUpstream upstream(RawUpstream.Script script) throws IOException {
        return closing(new RawUpstream(script));
    }

    private RawConnection clientOf(RawUpstream... blue) throws IOException {
        return clientOf(Transport.AUTO, false, List.of(blue).stream().map(RawUpstream::port).toList());
    }

    private RawConnection clientOf(Transport transport, boolean exposeTarget, List<Integer> blue)
            throws IOException {
        turnout = closing(Turnout.start(Configs.oneRoute(stateDir, Configs.local(blue),
                Configs.local(List.of(1)), PLAIN + "expose-target = " + exposeTarget,
                "turnout.transport = " + transport.label())));
        return client();
    }

    private RawConnection client() throws IOException {
        return closing(RawConnection.to(Objects.requireNonNull(turnout).address(Configs.ROUTE)));
    }

    @Test
    void leavesOutWhatIsMeantForOneHop() throws IOException {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        RawConnection client = clientOf(upstream((connection, number) -> {
            heard.add(connection.head());
            connection.send("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\nX-A: 1\r\n"
                    + "Content-Length: 2\r\n\r\nok");
            connection.rest();
        }));

        client.send(
                "GET /a?b=c HTTP/1.1\r\nHost: a\r\nConnection: X-Not-Cut, Hop, keep-alive\r\nHop: 1\r\nTE: gzip\r\n"
                        + "X-Not-Cut: 1\r\nAccept: */*\r\nx_real_ip: 10.0.0.1\r\n\r\n");

        assertThat(client.message()).isEqualTo("HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: 2\r\n\r\nok");
        assertThat(heard).containsExactly(
                "GET /a?b=c HTTP/1.1\r\nHost: a\r\nX-Not-Cut: 1\r\nAccept: */*\r\n\r\n");
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void relaysBodiesBothWaysOnEveryTransport(Transport transport) throws IOException {
        RawUpstream echo = upstream((connection, number) -> {
            while (true) {
                String request = connection.message();
                String body = request.substring(request.indexOf("\r\n\r\n") + 4);
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            }
        });
        RawConnection client = clientOf(transport, false, List.of(echo.port()));
        String body = "0123456789".repeat(30_000);

        for (int round = 0; round < 3; round++) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            assertThat(client.message()).endsWith("\r\n\r\n" + body);
        }
        assertThat(echo.connections()).as("the origin connection is kept from request to request")
                .isEqualTo(1);
    }

    @Test
    void relaysChunksAndTrailersWithoutTheExtensions() throws IOException {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        String chunks = "5\r\nhello\r\n0\r\nX-Sum: 9\r\n\r\n";
        RawConnection client = clientOf(upstream((connection, number) -> {
            while (true) {
                connection.head();
                heard.add(connection.text(chunks.length()));
                connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "3;x=y\r\nabc\r\n0\r\nContent-Length: 3\r\nX-T: 1\r\n\r\n");
            }
        }));
        String answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n";

        for (int round = 0; round < 2; round++) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "5;ext=\"a;b\"\r\nhello\r\n0\r\nX-Sum: 9\r\nHost: evil\r\n\r\n");
            assertThat(client.text(answer.length())).isEqualTo(answer);
        }
        assertThat(heard).containsExactly(chunks, chunks);
    }

    @Test
    void answersPipelinedRequestsInOrder() throws IOException {
        RawConnection client = clientOf(upstream((connection, number) -> {
            while (true) {
                String path = connection.head().split(" ", 3)[1];
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path);
            }
        }));
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            requests.append("GET /").append(i).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
        }

        client.send(requests.toString());

        for (int i = 0; i < 200; i++) {
            assertThat(client.message()).endsWith("\r\n\r\n/" + i);
        }
    }

    @Test
    void answersOneByteAtATimeAsItDoesAllAtOnce() throws IOException {
        RawConnection client = clientOf(closing(RawUpstream.answering("ok")));

        for (byte octet : GET.getBytes(StandardCharsets.US_ASCII)) {
            client.send(new byte[]{octet});
        }

        assertThat(client.message()).isEqualTo(OK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"})
    void waitsForNoBodyWhereThereIsNone(String bodyless) throws IOException {
        RawConnection client = clientOf(upstream((connection, number) -> {
            connection.head();
            connection.send(bodyless);
            connection.head();
            connection.send(OK);
            connection.rest();
        }));

        client.send(GET);
        assertThat(client.head()).isEqualTo(bodyless);
        client.send(GET);
        assertThat(client.message()).isEqualTo(OK);
    }

    @Test
    void waitsForNoBodyInAnswerToHead() throws IOException {
        RawConnection client = clientOf(upstream((connection, number) -> {
            connection.head();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
            connection.head();
            connection.send(OK);
            connection.rest();
        }));

        client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(client.head()).contains("Content-Length: 500");
        client.send(GET);
        assertThat(client.message()).isEqualTo(OK);
    }

    @Test
    void passesOnInterimAnswers() throws IOException {
        RawConnection client = clientOf(upstream((connection, number) -> {
            connection.head();
            connection.send("HTTP/1.1 100 Continue\r\n\r\n");
            connection.text(2);
            connection.send(OK);
            connection.rest();
        }));

        client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
        assertThat(client.head()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
        client.send("hi");
        assertThat(client.message()).isEqualTo(OK);
    }

    @Test
    void endsWithTheConnectionWhenTheAnswerDoes() throws IOException {
        RawConnection client = clientOf(upstream((connection, number) -> {
            connection.head();
            connection.send("HTTP/1.1 200 OK\r\n\r\nall that there is");
        }));

        client.send(GET);

        assertThat(client.rest()).isEqualTo("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall that there is");
    }

    @Test
    void keepsAnHttp10ClientThatAsksForIt() throws IOException {
        RawConnection client = clientOf(closing(RawUpstream.answering("ok")));

        for (int round = 0; round < 2; round++) {
            client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            assertThat(client.message())
                    .isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok");
        }
        client.send("GET / HTTP/1.0\r\n\r\n");
        assertThat(client.rest()).endsWith("Connection: close\r\n\r\nok");
    }

    @Test
    void repeatsAGetThatMetAClosingConnection() throws IOException {
        RawUpstream upstream = upstream((connection, number) -> {
            connection.head();
            connection.send(OK);
            if (number == 1) {
                // The second request on this connection meets its end.
                connection.head();
                connection.reset();
            }
            connection.rest();
        });
        RawConnection client = clientOf(upstream);

        for (int round = 0; round < 2; round++) {
            client.send(GET);
            assertThat(client.message()).isEqualTo(OK);
        }
        assertThat(upstream.connections()).isEqualTo(2);
    }

    @Test
    void doesNotRepeatAPost() throws IOException {
        RawConnection client = clientOf(upstream((connection, number) -> {
            connection.head();
            connection.send(OK);
            connection.head();
        }));
        client.send(GET);
        client.message();

        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");

        assertThat(client.message()).startsWith("HTTP/1.1 502 ").contains("\"code\":\"upstream_reset\"");
    }

    @Test
    void triesTheNextEndpointWhenOneDoesNotListen() throws IOException {
        RawUpstream upstream = closing(RawUpstream.answering("ok"));
        RawConnection client = clientOf(Transport.AUTO, false, List.of(nobody(), upstream.port()));

        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");

        assertThat(client.message()).isEqualTo(OK);
    }

    @Test
    void saysWhenNoEndpointCanBeReachedAndServesTheNextRequest() throws IOException {
        RawConnection client = clientOf(Transport.AUTO, false, List.of(1));

        for (int round = 0; round < 2; round++) {
            client.send(GET);
            assertThat(client.message()).startsWith("HTTP/1.1 502 ").contains("\"code\":\"upstream_connect\"")
                    .doesNotContain("Connection: close");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSH-2.0-OpenSSH\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n", "HTTP/1.1 200 OK\r\nX : 1\r\n\r\n"})
    void refusesAnAnswerThatIsNotHttp(String garbage) throws IOException {
        RawConnection client = clientOf(upstream((connection, number) -> {
            connection.head();
            connection.send(garbage);
            connection.rest();
        }));

        client.send(GET);

        assertThat(client.message()).startsWith("HTTP/1.1 502 ").contains("\"code\":\"upstream_protocol\"");
    }

    @Test
    void neverGivesOneClientWhatCameBehindTheAnswerOfAnother() throws IOException {
        RawUpstream upstream = upstream((connection, number) -> {
            connection.head();
            connection.send(OK + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison");
            connection.rest();
        });
        RawConnection client = clientOf(upstream);

        for (int round = 0; round < 3; round++) {
            client.send(GET);
            assertThat(client.message()).as("a second answer is nobody's").isEqualTo(OK);
        }
        assertThat(upstream.connections()).isEqualTo(3);
    }

    @Test
    void breaksOffAnAnswerThatTheEndpointBrokeOff() throws IOException {
        RawConnection client = clientOf(upstream((connection, number) -> {
            connection.head();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it");
        }));

        client.send(GET);

        assertThat(client.breaksOff()).as("a client must not take a part for the whole").isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET /\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\n\n", "\u0000\u0001\u0002"})
    void sendsNothingOnOfARequestThatItRefuses(String bad) throws IOException {
        RawUpstream upstream = closing(RawUpstream.answering("ok"));
        RawConnection client = clientOf(upstream);

        client.send(bad + "GET /innocent HTTP/1.1\r\nHost: a\r\n\r\n");

        String answer = client.rest();
        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("\"code\":\"bad_request\"",
                "Connection: close");
        assertThat(answer.split("HTTP/1.1 400", -1)).as("one answer, and no second").hasSize(2);
        assertThat(upstream.connections()).as("the endpoint never hears of it").isZero();
    }

    @Test
    void letsGoOfTheEndpointWhenTheClientGoesAway() throws IOException {
        Queue<String> ends = new ConcurrentLinkedQueue<>();
        RawConnection client = clientOf(upstream((connection, number) -> {
            connection.head();
            ends.add("asked");
            ends.add(connection.rest());
        }));
        client.send(GET);
        await().until(() -> ends.contains("asked"));

        client.reset();

        await().untilAsserted(() -> assertThat(ends).containsExactly("asked", ""));
    }

    @Test
    void answersEarlyThenClosesWhenTheRequestIsNotOver() throws IOException {
        RawConnection client = clientOf(upstream((connection, number) -> {
            connection.head();
            connection.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n");
            connection.rest();
        }));

        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nbegin");

        assertThat(client.rest()).isEqualTo(
                "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }

    @Test
    void saysWhichSideAnsweredWhenAskedTo() throws IOException {
        RawConnection client = clientOf(Transport.AUTO, true,
                List.of(closing(RawUpstream.answering("ok")).port()));

        client.send(GET);

        assertThat(client.message()).contains("\r\nX-Turnout-Target: blue\r\n");
    }

    @Test
    void sendsALargeBodyOnAnIdleConnectionWhenTheFirstEndpointDoesNotListen() throws IOException {
        RawUpstream upstream = upstream((connection, number) -> {
            while (true) {
                String request = connection.message();
                connection.send(
                        "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n" + String.format(Locale.ROOT, "%7d",
                                request.substring(request.indexOf("\r\n\r\n") + 4).length()));
            }
        });
        RawConnection client = clientOf(Transport.AUTO, false, List.of(upstream.port(), nobody()));
        client.send(GET);
        client.message();
        String body = "x".repeat(1_000_000);

        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + body);

        assertThat(client.message()).endsWith("1000000");
        assertThat(upstream.connections()).isEqualTo(1);
    }

    @Test
    void doesNotTakeAResetForTheEndOfAnAnswerThatEndsWithItsConnection() throws IOException {
        CountDownLatch headSeen = new CountDownLatch(1);
        RawConnection client = clientOf(upstream((connection, number) -> {
            connection.head();
            connection.send("HTTP/1.1 200 OK\r\n\r\nhalf");
            try {
                headSeen.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            connection.reset();
        }));
        client.send(GET);
        client.head();

        headSeen.countDown();

        assertThatThrownBy(client::rest).as("a client must not take a part for the whole")
                .isInstanceOf(IOException.class);
    }

    @Test
    void repeatsARequestOnlyOnce() throws IOException {
        RawUpstream upstream = upstream((connection, number) -> {
            // Whoever is here for the second time, or came because of that, is sent away.
            if (number == 1) {
                connection.message();
                connection.send(OK);
            }
            connection.head();
        });
        RawConnection client = clientOf(upstream);
        client.send(GET);
        client.message();

        client.send(GET);

        assertThat(client.message()).startsWith("HTTP/1.1 502 ").contains("\"code\":\"upstream_reset\"");
        assertThat(upstream.connections()).isEqualTo(2);
    }

    @Test
    void closesBehindAnErrorToAnHttp10Client() throws IOException {
        RawConnection client = clientOf(Transport.AUTO, false, List.of(nobody()));

        client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");

        assertThat(client.rest()).startsWith("HTTP/1.1 502 ").contains("Connection: close");
    }

    /** A port that is taken, so that nobody else gets it, but that nobody listens on. */
    private int nobody() throws IOException {
        Socket bound = closing(new Socket());
        bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return bound.getLocalPort();
    }
}
