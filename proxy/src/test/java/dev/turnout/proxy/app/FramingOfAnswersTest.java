package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.turnout.config.Transport;
import dev.turnout.proxy.testkit.Configs;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawUpstream;
import dev.turnout.proxy.testkit.RecordingUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A suspicious answer with a second, poisoned one behind it, through a running proxy: nobody ever gets a byte of the
 * second, and the endpoint's connection serves nobody else.
 */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
@ExtendWith(LeakCheck.class)
class FramingOfAnswersTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String HEAD = "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String LINE = "HTTP/1.1 200 OK\r\n";
    private static final String CHUNKED = LINE + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String OK = LINE + "Content-Length: 5\r\n\r\nhello";
    private static final String POISON = LINE + "Content-Length: 6\r\n\r\npoison";
    private static final String INNOCENT = LINE + "Content-Length: 8\r\n\r\ninnocent";
    private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

    /** When the second answer comes. */
    enum Moment {
        IN_ONE_WRITE, ONCE_THE_FIRST_WAS_READ
    }

    @TempDir
    private Path stateDir;

    private static Stream<Arguments> at(Stream<Arguments> rows) {
        return rows.flatMap(row -> Stream.of(Moment.values())
                .map(moment -> arguments(Stream.concat(Stream.of(row.get()), Stream.of(moment)).toArray())));
    }

    private static Arguments with(String what, String fields) {
        return arguments(what, LINE + fields + "\r\n\r\n" + "hello");
    }

    static Stream<Arguments> refused() {
        return at(Stream.of(
                with("length and coding", "Content-Length: 5\r\nTransfer-Encoding: chunked"),
                with("coding and length", "Transfer-Encoding: chunked\r\nContent-Length: 5"),
                with("two lengths", "Content-Length: 5\r\nContent-Length: 6"),
                with("two equal lengths", "Content-Length: 5\r\nContent-Length: 5"),
                with("list of lengths", "Content-Length: 5, 5"), with("signed length", "Content-Length: +5"),
                with("negative length", "Content-Length: -1"),
                with("hexadecimal length", "Content-Length: 0x5"),
                with("empty length", "Content-Length:"),
                with("length 2^63", "Content-Length: 9223372036854775808"),
                with("coding before chunked", "Transfer-Encoding: gzip, chunked"),
                with("chunked twice", "Transfer-Encoding: chunked, chunked"),
                with("identity", "Transfer-Encoding: identity"),
                with("space before the colon", "Content-Length : 5"),
                with("folded field", "A: b\r\n c\r\nContent-Length: 5"),
                with("bare LF", "A: b\nContent-Length: 5"), with("bare CR", "A: b\rContent-Length: 5"),
                with("NUL in a value", "A: \0\r\nContent-Length: 5"),
                with("no colon", "A\r\nContent-Length: 5"),
                with("a hundred and one fields", "A: b\r\n".repeat(100) + "Content-Length: 5"),
                with("a field of 33 000 bytes", "A: " + "x".repeat(33_000)),
                arguments("coding in HTTP/1.0",
                        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                arguments("an empty line in front", "\r\n" + OK),
                arguments("HTTP/2.0", OK.replace("1.1", "2.0")),
                arguments("HTTP/1.2", OK.replace("1.1", "1.2")),
                arguments("ICY", OK.replace("HTTP/1.1", "ICY")),
                arguments("status 099", OK.replace("200", "099")),
                arguments("status 600", OK.replace("200", "600")),
                arguments("two spaces", OK.replace(" 200", "  200")),
                arguments("small letters", OK.replace("HTTP", "http")),
                arguments("a body before the head", "hello" + OK),
                arguments("101 that nobody asked for",
                        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")));
    }

    static Stream<Arguments> brokenOff() {
        return at(Stream.of(arguments("junk for a chunk size", CHUNKED + "5\r\nhello\r\nx\r\n"),
                arguments("a chunk longer than announced", CHUNKED + "4\r\nhello\r\n0\r\n\r\n"),
                arguments("a chunk shorter than announced", CHUNKED + "6\r\nhello\r\n0\r\n\r\n"),
                arguments("a signed chunk size", CHUNKED + "+5\r\nhello\r\n0\r\n\r\n"),
                arguments("a chunk size of 2^64 + 5", CHUNKED + "10000000000000005\r\nhello\r\n0\r\n\r\n"),
                arguments("bare LF behind a chunk size", CHUNKED + "5\nhello\r\n0\r\n\r\n"),
                arguments("bare LF in an extension", CHUNKED + "5;a\nhello\r\n0\r\n\r\n"),
                arguments("a folded trailer", CHUNKED + "0\r\nA: b\r\n c\r\n\r\n"),
                arguments("an answer for a trailer", CHUNKED + "0\r\n" + OK)));
    }

    private static Arguments passes(String what, String request, String answer, String arrives) {
        return arguments(what, request, answer, arrives);
    }

    static Stream<Arguments> passedOn() {
        String forHead = LINE + "Content-Length: 5\r\n\r\n";
        return at(Stream.of(passes("two answers to one request", GET, OK, OK),
                passes("an empty line behind the answer", GET, OK + "\r\n", OK),
                passes("one byte behind the answer", GET, OK + "H", OK),
                passes("204 with a body", GET, "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello",
                        "HTTP/1.1 204 No Content\r\n\r\n"),
                passes("204 with chunks", GET,
                        "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                        "HTTP/1.1 204 No Content\r\n\r\n"),
                passes("304 with a body", GET, "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello",
                        "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"),
                passes("a body for HEAD", HEAD, OK, forHead),
                passes("chunks for HEAD", HEAD, CHUNKED + "5\r\nhello\r\n0\r\n\r\n", CHUNKED),
                passes("an answer in a header field", GET, LINE + "A: b\r\nContent-Length: 0\r\n\r\n" + OK,
                        LINE + "A: b\r\nContent-Length: 0\r\n\r\n"),
                passes("a length that an interim answer does not have", GET,
                        "HTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\n\r\n" + OK,
                        "HTTP/1.1 103 Early Hints\r\n\r\n" + OK),
                passes("a hundred interim answers", GET, CONTINUE.repeat(100) + OK,
                        CONTINUE.repeat(100) + OK),
                passes("chunks, extensions and trailers", GET,
                        CHUNKED + "5;a=\"b\"\r\nhello\r\n0;c\r\nContent-Length: 9\r\nA: b\r\n\r\n",
                        CHUNKED + "5\r\nhello\r\n0\r\nA: b\r\n\r\n")));
    }

    /** The first connection sends {@code answer} and poison behind it; every other answers innocently. */
    private static RawUpstream upstream(String answer, Moment moment, CountDownLatch read,
            CountDownLatch over)
            throws IOException {
        return new RawUpstream((connection, number) -> {
            if (number > 1) {
                while (true) {
                    connection.head();
                    connection.send(INNOCENT);
                }
            }
            connection.head();
            try {
                if (moment == Moment.IN_ONE_WRITE) {
                    connection.send(answer + POISON);
                } else {
                    connection.send(answer);
                    await(read);
                    connection.send(POISON);
                }
                connection.rest();
            } finally {
                over.countDown();
            }
        });
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IOException("waited in vain");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** What the client gets; then the poison is sent, its connection ends, and whoever asks next is served innocently. */
    private String answer(String request, String answer, Moment moment, boolean staysOpen, int bytes)
            throws IOException {
        CountDownLatch read = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        try (RawUpstream upstream = upstream(answer, moment, read, over);
                Turnout turnout = Turnout
                        .start(Configs.oneRoute(stateDir, Transport.AUTO, List.of(upstream.port()),
                                List.of(1), false));
                RawConnection client = RawConnection.to(turnout.address(Configs.ROUTE));
                RawConnection second = RawConnection.to(turnout.address(Configs.ROUTE))) {
            client.send(request);
            String got = bytes > 0 ? client.text(bytes) : bytes == 0 ? client.message() : toTheEnd(client);
            read.countDown();
            await(over);
            for (RawConnection next : staysOpen ? List.of(client, second) : List.of(second)) {
                next.send(GET);
                assertThat(RecordingUpstream.withoutAdded(next.message()))
                        .as("nobody gets what was sent to nobody")
                        .isEqualTo(INNOCENT);
            }
            assertThat(upstream.connections()).as("the poisoned connection serves nobody").isEqualTo(2);
            return RecordingUpstream.withoutAdded(got);
        }
    }

    /** All that comes, also when it ends with a reset; which is noted. */
    private static String toTheEnd(RawConnection client) {
        StringBuilder all = new StringBuilder();
        byte[] block = new byte[4096];
        try {
            for (int bytes = client.read(block); bytes > 0; bytes = client.read(block)) {
                all.append(new String(block, 0, bytes, StandardCharsets.ISO_8859_1));
            }
        } catch (IOException reset) {
            all.append("<reset>");
        }
        return all.toString();
    }

    @ParameterizedTest(name = "row 23: {0}, {2}")
    @MethodSource("refused")
    void answersForAnEndpointThatCannotBeUnderstood(String what, String answer, Moment moment)
            throws IOException {
        assertThat(answer(GET, answer, moment, true, 0)).as(what).startsWith("HTTP/1.1 502 ")
                .contains("\"code\":\"upstream_protocol\"");
    }

    @Test
    void limitsInterimAnswers() throws IOException {
        int flood = CONTINUE.length() * 100;
        assertThat(answer("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", CONTINUE.repeat(101) + OK,
                Moment.IN_ONE_WRITE, false, -1).substring(flood))
                .startsWith("HTTP/1.1 502 ")
                .contains("interim answers: more than 100 (expected: at most 100");
    }

    @ParameterizedTest(name = "row 23: {0}, {2}")
    @MethodSource("brokenOff")
    void breaksOffAnAnswerThatGoesWrongInItsBody(String what, String answer, Moment moment)
            throws IOException {
        assertThat(answer(GET, answer, moment, false, -1)).as(what).startsWith("HTTP/1.1 200 ")
                .doesNotContain("0\r\n\r\n", "poison");
    }

    @ParameterizedTest(name = "row 23: {0}, {4}")
    @MethodSource("passedOn")
    void passesOnTheAnswerAndNothingBehindIt(String what, String request, String answer, String arrives,
            Moment moment) throws IOException {
        assertThat(answer(request, answer, moment, true, arrives.length())).as(what).isEqualTo(arrives);
    }
}
