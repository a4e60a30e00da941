package dev.turnout.proxy.http.head;

import static dev.turnout.proxy.http.head.Relayed.chunked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.turnout.proxy.testkit.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyFramingTest {
    private static final String LAST = "0\r\n\r\n";

    private static BodyFraming framing() {
        return new BodyFraming(HeadLimits.DEFAULT);
    }

    private static String detail(List<String> pieces) {
        BodyFraming body = framing();
        body.chunked();
        Relayed.of(body, pieces);
        return body.faultDetail();
    }

    @Test
    void hasNothingToRelayWithoutABody() {
        BodyFraming body = framing();
        body.none();
        assertThat(Relayed.of(body, List.of("GET"))).isEqualTo(new Relayed("", "GET", null));
    }

    @ParameterizedTest
    @CsvSource({"0,''", "1,a", "5,abcde"})
    void endsAfterTheLength(int length, String expected) {
        BodyFraming body = framing();
        body.length(length);
        assertThat(Relayed.of(body, Bytes.fragments("abcdefg", 2)).out()).isEqualTo(expected);
    }

    @Test
    void leavesWhatStandsBehindTheLength() {
        BodyFraming body = framing();
        body.length(3);
        assertThat(Relayed.of(body, List.of("abcGET"))).isEqualTo(new Relayed("abc", "GET", null));
    }

    @Test
    void countsALengthBeyondAnInt() {
        BodyFraming body = framing();
        body.length(Long.MAX_VALUE);
        assertThat(Relayed.of(body, List.of("abc"))).isEqualTo(new Relayed("abc", null, null));
    }

    @Test
    void isNeverDoneWhenOnlyTheConnectionEndsIt() {
        BodyFraming body = framing();
        body.untilClose();
        assertThat(Relayed.of(body, List.of("a", "b"))).isEqualTo(new Relayed("ab", null, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0\r\n\r\n", "1\r\na\r\n0\r\n\r\n", "A\r\n0123456789\r\n000\r\n\r\n",
        "00001\r\n\n\r\n0\r\n\r\n",
        "f\r\n0\r\n\r\n0\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n", "000000000000001\r\na\r\n0\r\n\r\n",
        "1\r\na\r\n0\r\nX-Sum: 1\r\nGrpc-Status: 0\r\n\r\n"})
    void relaysChunksAsTheyCame(String body) {
        assertThat(chunked(body + "GET")).isEqualTo(new Relayed(body, "GET", null));
    }

    @ParameterizedTest
    @CsvSource({"1;x,1", "1;,1", "1;a=b;c=\"d;e\",1", "0;x,0", "a; \u00E4\ty,a"})
    void leavesOutExtensions(String size, String bare) {
        String data = bare.equals("0") ? "" : "x".repeat(Integer.parseInt(bare, 16)) + "\r\n0\r\n";
        assertThat(chunked(size + "\r\n" + data + "\r\n").out())
                .as("a server that reads an extension otherwise would see another body")
                .isEqualTo(bare + "\r\n" + data + "\r\n");
    }

    @Test
    void takesAnExtensionOf256Bytes() {
        assertThat(chunked("0;" + "x".repeat(255) + "\r\n\r\n")).isEqualTo(new Relayed(LAST, "", null));
    }

    @Test
    void takesAnExtensionOfThatSizeOnEachChunk() {
        String extension = ";" + "x".repeat(255);
        assertThat(chunked(("1" + extension + "\r\na\r\n").repeat(3) + LAST).out())
                .isEqualTo("1\r\na\r\n".repeat(3) + LAST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length", "transfer-encoding", "TRAILER", "Host", "Authorization",
        "Cookie",
        "Set-Cookie", "Content-Type", "Content-Encoding", "Content-Range", "Cache-Control", "Expect",
        "Max-Forwards",
        "Pragma", "Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since",
        "If-Range", "TE",
        "Connection", "Keep-Alive", "Upgrade", "Proxy-Connection", "Proxy-Authorization", "Location", "Age",
        "Expires", "Date", "Vary", "Retry-After", "Forwarded", "X-Forwarded-For", "x_user", "content_length"})
    void leavesOutTrailersThatComeTooLate(String name) {
        assertThat(chunked("0\r\nA: b\r\n" + name + ": x\r\n" + name + ": y\r\nC: d\r\n\r\n").out())
                .as("a server that merges trailers into the head would take it for one that was checked")
                .isEqualTo("0\r\nA: b\r\nC: d\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({"'Host: x|A: b|','A: b|'", "'A: b|Host: x|','A: b|'", "'Host: x|',''",
        "'Host: x|TE: y|A: b|C: d|Age: 1|','A: b|C: d|'"})
    void leavesOutTrailersAtEitherEnd(String trailers, String kept) {
        assertThat(chunked("0\r\n" + trailers.replace("|", "\r\n") + "\r\nGET"))
                .isEqualTo(new Relayed("0\r\n" + kept.replace("|", "\r\n") + "\r\n", "GET", null));
    }

    static Stream<Arguments> poison() {
        String tooMany = "A: b\r\n".repeat(101);
        return Stream.of(
                arguments("no size", "\r\n", HeadFault.CHUNK_SIZE),
                arguments("leading space", " 1\r\na\r\n", HeadFault.CHUNK_SIZE),
                arguments("trailing space", "1 \r\na\r\n", HeadFault.CHUNK_SIZE),
                arguments("tab before the extension", "1\t;x\r\na\r\n", HeadFault.CHUNK_SIZE),
                arguments("plus", "+1\r\na\r\n", HeadFault.CHUNK_SIZE),
                arguments("minus", "-1\r\na\r\n", HeadFault.CHUNK_SIZE),
                arguments("0x", "0x1\r\na\r\n", HeadFault.CHUNK_SIZE),
                arguments("underscore", "1_0\r\na\r\n", HeadFault.CHUNK_SIZE),
                arguments("letter beyond F", "1g\r\n", HeadFault.CHUNK_SIZE),
                arguments("other digits", "\u00B2\r\n", HeadFault.CHUNK_SIZE),
                arguments("sixteen digits", "1" + "0".repeat(15) + "\r\n", HeadFault.CHUNK_SIZE),
                arguments("sixteen zeros", "0".repeat(16) + "\r\n", HeadFault.CHUNK_SIZE),
                arguments("seventeen digits that wrap to 1", "10000000000000001\r\na", HeadFault.CHUNK_SIZE),
                arguments("bare LF behind the size", "1\na\r\n", HeadFault.CHUNK_SIZE),
                arguments("bare CR behind the size", "1\ra\r\n", HeadFault.CHUNK_SIZE),
                arguments("two CRs behind the size", "1\r\r\na\r\n", HeadFault.CHUNK_SIZE),
                arguments("extension without a size", ";x\r\n", HeadFault.CHUNK_SIZE),
                arguments("bare LF in an extension", "1;x\na\r\n", HeadFault.CHUNK_EXTENSION),
                arguments("bare LF in a quoted extension", "1;x=\"\na\"\r\n", HeadFault.CHUNK_EXTENSION),
                arguments("bare CR behind an extension", "1;x\ra\r\n", HeadFault.CHUNK_SIZE),
                arguments("NUL in an extension", "1;\0\r\na\r\n", HeadFault.CHUNK_EXTENSION),
                arguments("extension of 257 bytes", "1;" + "x".repeat(256) + "\r\n",
                        HeadFault.CHUNK_EXTENSION),
                arguments("no line end behind the data", "1\r\na0\r\n\r\n", HeadFault.CHUNK_END),
                arguments("more data than announced", "1\r\nab\r\n0\r\n\r\n", HeadFault.CHUNK_END),
                arguments("bare LF behind the data", "1\r\na\n0\r\n\r\n", HeadFault.CHUNK_END),
                arguments("bare CR behind the data", "1\r\na\r0\r\n\r\n", HeadFault.CHUNK_END),
                arguments("less data than announced", "5\r\na\r\n0\r\n\r\n", HeadFault.CHUNK_END),
                arguments("folded trailer", "0\r\nA: b\r\n c\r\n\r\n", HeadFault.FOLDED_FIELD),
                arguments("trailer without a colon", "0\r\nGET / HTTP/1.1\r\n\r\n", HeadFault.FIELD_NAME),
                arguments("bare LF behind a trailer", "0\r\nA: b\n\r\n", HeadFault.LINE_END),
                arguments("bare LF as the end", "0\r\n\n", HeadFault.FIELD_NAME),
                arguments("bare CR as the end", "0\r\n\rG", HeadFault.LINE_END),
                arguments("too many trailers", "0\r\n" + tooMany + "\r\n", HeadFault.TOO_MANY_FIELDS),
                arguments("too large trailers", "0\r\nA: " + "x".repeat(33_000), HeadFault.TOO_LARGE));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("poison")
    void refuses(String why, String body, HeadFault fault) {
        assertThat(chunked(body).fault()).as("%s: where the body ends is open to doubt", why)
                .isEqualTo(fault);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("poison")
    void refusesTheSameAtEverySplit(String why, String body, HeadFault fault) {
        for (int split = 0; split <= Math.min(300, body.length()); split++) {
            List<String> pieces = List.of(body.substring(0, split), body.substring(split));
            assertThat(chunked(pieces).fault()).as("%s, split at %s", why, split).isEqualTo(fault);
            assertThat(detail(pieces)).isEqualTo(detail(List.of(body)));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("poison")
    void refusesTheSameByteByByte(String why, String body, HeadFault fault) {
        List<String> pieces = Bytes.fragments(body, body.length() > 10_000 ? 997 : 1);
        assertThat(chunked(pieces).fault()).as(why).isEqualTo(fault);
        assertThat(detail(pieces)).isEqualTo(detail(List.of(body)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', value = {
        "x ! chunk size: refused at byte 0 of the body (expected: 1 to 15 hexadecimal digits, then CRLF)",
        "1|aX ! end of a chunk: refused at byte 4 of the body (expected: CRLF after exactly as many bytes as announced)",
        "1;x=\u0000| ! chunk extension: refused at byte 4 of the body (expected: at most 256 visible bytes)",
        "2;xyz|ab|0|A: b|C d| ! field name: refused at byte 21 of the body (expected: a token, then a colon at once)"})
    void saysWhereInTheBody(String body, String detail) {
        assertThat(detail(List.of(body.replace("|", "\r\n")))).isEqualTo(detail);
    }

    @Test
    void namesTheLimitThatTrailersPass() {
        assertThat(detail(List.of("0\r\n" + "A: b\r\n".repeat(101))))
                .isEqualTo("trailers: more than 100 fields (expected: at most 100)");
    }

    @Test
    void staysRefused() {
        BodyFraming body = framing();
        body.chunked();
        Relayed.of(body, List.of("x"));
        assertThat(Relayed.of(body, List.of("1\r\na\r\n")))
                .isEqualTo(new Relayed("", null, HeadFault.CHUNK_SIZE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0\r\nA: b\r\nHo", "0\r\nA: b\r\n c", "5;x", "5;\n", "5\r\nab", "5\r", "0\r\n\r",
        "1\r\nab"})
    void remembersNothingOfABodyThatWasBrokenOff(String before) {
        BodyFraming body = framing();
        body.chunked();
        Relayed.of(body, Bytes.fragments(before, 1));
        body.chunked();
        assertThat(Relayed.of(body, List.of("2\r\nab\r\n0\r\nC: d\r\nTE: x\r\n\r\nGET")))
                .isEqualTo(new Relayed("2\r\nab\r\n0\r\nC: d\r\n\r\n", "GET", null));
    }

    /** One message after the other, on one framing: random chunks, extensions and trailers, in random pieces. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {3, 20261120})
    void relaysRandomBodiesInRandomPieces(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        BodyFraming body = framing();
        for (int i = 0; i < 3000; i++) {
            StringBuilder in = new StringBuilder();
            StringBuilder out = new StringBuilder();
            for (int chunks = random.nextInt(5); chunks > 0; chunks--) {
                chunk(random, 1 + random.nextInt(40), in, out);
            }
            chunk(random, 0, in, out);
            for (int trailers = random.nextInt(4); trailers > 0; trailers--) {
                String line = List.of("A: b", "Grpc-Status: 0", "Host: h", "TE: x", "a_b: c")
                        .get(random.nextInt(5))
                        + "\r\n";
                in.append(line);
                out.append(line.startsWith("A") || line.startsWith("G") ? line : "");
            }
            in.append("\r\n");
            out.append("\r\n");
            body.chunked();
            assertThat(Relayed.of(body, pieces(random, in + "GET")))
                    .as("seed %s, body %s: %s", seed, i, in)
                    .isEqualTo(new Relayed(out.toString(), "GET", null));
        }
    }

    private static void chunk(SplittableRandom random, int bytes, StringBuilder in, StringBuilder out) {
        String size = "0".repeat(random.nextInt(3)) + Integer.toHexString(bytes);
        size = random.nextBoolean() ? size.toUpperCase(Locale.ROOT) : size;
        in.append(size).append(random.nextInt(3) == 0 ? ";" + "e=\"0;\" ".repeat(random.nextInt(4)) : "");
        out.append(size);
        StringBuilder data = new StringBuilder("\r\n");
        random.ints(bytes, 0, 256).forEach(octet -> data.append((char) octet));
        data.append(bytes == 0 ? "" : "\r\n");
        in.append(data);
        out.append(data);
    }

    private static List<String> pieces(SplittableRandom random, String text) {
        List<String> pieces = new ArrayList<>();
        int longest = 1 + random.nextInt(30);
        for (int from = 0; from < text.length();) {
            int to = Math.min(text.length(), from + 1 + random.nextInt(longest));
            pieces.add(text.substring(from, to));
            from = to;
        }
        return pieces;
    }
}
