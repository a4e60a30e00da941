package dev.turnout.proxy.testkit;

import dev.turnout.proxy.failure.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request that two servers might read in two ways, and what this proxy makes of it. The rows are those of a table of
 * what proxies got wrong; the number stands first in the name.
 *
 * @param refusal why it is refused; null when it is passed on
 * @param arrives what the endpoint gets of it; of a refused one nothing, or a beginning that is never whole
 * @param closes whether the connection ends behind it
 */
public record SuspiciousRequest(
        String name,
        String bytes,
        @Nullable Kind refusal,
        String arrives,
        boolean closes) {
    private static final String LINE = "POST /suspicious HTTP/1.1\r\n";
    private static final String HOST = "Host: a\r\n";
    private static final String CHUNKED = LINE + HOST + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String CHUNK = "5\r\nhello\r\n";
    private static final String LAST = "0\r\n\r\n";

    @Override
    public String toString() {
        return name;
    }

    /** Whether nothing is wrong with it before its body. */
    public boolean wholeHead() {
        return refusal == null || bytes.startsWith(CHUNKED);
    }

    private static SuspiciousRequest refused(String name, String bytes) {
        return refused(name, Kind.BAD_REQUEST, bytes);
    }

    private static SuspiciousRequest refused(String name, Kind kind, String bytes) {
        return new SuspiciousRequest(name, bytes, kind, "", true);
    }

    private static SuspiciousRequest passes(String name, String bytes, String arrives) {
        return new SuspiciousRequest(name, bytes, null, arrives, false);
    }

    private static SuspiciousRequest asItIs(String name, String bytes) {
        return passes(name, bytes, bytes);
    }

    private static SuspiciousRequest last(String name, String bytes, String arrives) {
        return new SuspiciousRequest(name, bytes, null, arrives, true);
    }

    private static String with(String... fields) {
        return LINE + HOST + String.join("\r\n", fields) + "\r\n\r\n";
    }

    private static String chunks(String body) {
        return CHUNKED + body;
    }

    private static String line(String requestLine) {
        return requestLine + "\r\n" + HOST + "\r\n";
    }

    private static String host(String value) {
        return LINE + "Host:" + value + "\r\n\r\n";
    }

    private static Stream<SuspiciousRequest> each(String name, Kind kind, String before, String after,
            String... variants) {
        return Stream.of(variants)
                .map(variant -> refused(name + ": " + readable(variant), kind, before + variant
                        + after));
    }

    private static Stream<SuspiciousRequest> each(String name, String before, String after,
            String... variants) {
        return each(name, Kind.BAD_REQUEST, before, after, variants);
    }

    /** Control characters as their numbers, long ones cut. */
    private static String readable(String text) {
        StringBuilder readable = new StringBuilder();
        for (char octet : text.substring(0, Math.min(40, text.length())).toCharArray()) {
            if (octet > ' ' && octet < 0x7F) {
                readable.append(octet);
            } else {
                readable.append(octet == ' ' ? "_" : "<" + Integer.toHexString(octet) + ">");
            }
        }
        return text.isEmpty() ? "nothing" : readable.toString();
    }

    /** All of them. */
    public static List<SuspiciousRequest> all() {
        List<SuspiciousRequest> all = new ArrayList<>();
        Stream.of(lengths(), codings(), lines(), chunkSizes(), startLines(), hosts(), fields(), limits(),
                trailers(),
                bodies(), expectations(), upgrades(), hops()).forEach(rows -> rows.forEach(all::add));
        return all;
    }

    private static Stream<SuspiciousRequest> lengths() {
        return Stream.of(
                Stream.of(
                        refused("row 1: length, then coding",
                                with("Content-Length: 5", "Transfer-Encoding: chunked") + LAST),
                        refused("row 1: coding, then length",
                                with("Transfer-Encoding: chunked", "Content-Length: 5") + LAST),
                        refused("row 1: coding, then length 0",
                                with("transfer-encoding: CHUNKED", "content-length: 0") + LAST),
                        refused("row 1: a length that covers the next request",
                                with("Content-Length: 55", "Transfer-Encoding: chunked") + LAST),
                        refused("row 1: both in HTTP/1.0", "POST / HTTP/1.0\r\nConnection: keep-alive\r\n"
                                + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + LAST),
                        refused("row 2: two lengths",
                                with("Content-Length: 5", "Content-Length: 6") + "hello"),
                        refused("row 2: two equal lengths",
                                with("Content-Length: 5", "Content-Length: 5") + "hello"),
                        refused("row 2: a second one in other letters",
                                with("Content-Length: 0", "A: b", "CONTENT-LENGTH: 5") + "hello"),
                        asItIs("row 3: length with white space around",
                                with("Content-Length: \t 5 \t") + "hello"),
                        passes("row 3: no length and no coding is no body", with("A: b"), with("A: b"))),
                each("row 2: list of lengths", LINE + HOST + "Content-Length: ", "\r\n\r\nhello", "5, 5",
                        "5,5", "5,",
                        ",5", "5, 6"),
                each("row 3: length", LINE + HOST + "Content-Length: ", "\r\n\r\nhello", "+5", "-0", "-1",
                        "0x5", "5 5",
                        "", "007", "00", "5;", "5.0", "1e1", "five", "\u00B2", "5\u00A0",
                        "9223372036854775808",
                        "18446744073709551621", "00000000000000000005", "5\t5", "\"5\""))
                .flatMap(rows -> rows);
    }

    private static Stream<SuspiciousRequest> codings() {
        return Stream.of(
                Stream.of(
                        refused("row 4: coding in HTTP/1.0",
                                "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + LAST),
                        refused("row 4: coding in HTTP/1.0 with keep-alive",
                                "POST / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"
                                        + LAST),
                        refused("row 5: coding twice", Kind.UNSUPPORTED_CODING,
                                with("Transfer-Encoding: chunked", "Transfer-Encoding: chunked") + LAST),
                        refused("row 5: a coding that is overridden", Kind.UNSUPPORTED_CODING,
                                with("Transfer-Encoding: identity", "Transfer-Encoding: chunked") + LAST),
                        asItIs("row 6: chunked in any letters, white space around",
                                with("tRANSFER-eNCODING: \tCHUNKED \t") + LAST),
                        asItIs("row 6: a name that only ends alike",
                                with("X-Transfer-Encoding: chunked", "Content-Length: 5") + "hello"),
                        passes("row 6: underscore in the name",
                                with("Transfer_Encoding: chunked", "Content-Length: 5") + LAST,
                                with("Content-Length: 5") + LAST),
                        refused("row 6: folded in front", Kind.UNSUPPORTED_CODING,
                                with("Transfer-Encoding:", " chunked") + LAST),
                        refused("row 6: as a folded line",
                                LINE + HOST + "A: b\r\n Transfer-Encoding: chunked\r\n\r\n"
                                        + LAST),
                        refused("row 6: behind a bare LF",
                                LINE + HOST + "A: b\nTransfer-Encoding: chunked\r\n\r\n"
                                        + LAST),
                        refused("row 6: behind a bare CR",
                                LINE + HOST + "A: b\rTransfer-Encoding: chunked\r\n\r\n"
                                        + LAST)),
                each("row 5: coding", Kind.UNSUPPORTED_CODING, LINE + HOST + "Transfer-Encoding: ",
                        "\r\n\r\n" + LAST,
                        "gzip", "gzip, chunked", "chunked, gzip", "chunked, chunked", "chunked,", ",chunked",
                        "",
                        "identity", "chunked;q=1", "chunked;", "\"chunked\"", "xchunked", "chunkedx", "chunk",
                        "chunked chunked", "chunked\u00A0", "\u00E4"),
                each("row 6: coding", LINE + HOST + "Transfer-Encoding:", "\r\n\r\n" + LAST, "\u000Bchunked",
                        "\fchunked", "chunked\0", "\u0001chunked", "chunked\u007F", "\nchunked", "\rchunked"),
                each("row 6, 7: before the colon", LINE + HOST + "Transfer-Encoding",
                        "chunked\r\n\r\n" + LAST, " :",
                        "\t:", "\u000B:", "\f:", "\0:", "\r:", "\n:", "\r\n :"),
                each("row 7: before the colon", LINE, "\r\n\r\nhello", "Host : a",
                        "Host: a\r\nContent-Length : 5",
                        "Host: a\r\nContent-Length\t: 5", "Host: a\r\nA : b"))
                .flatMap(rows -> rows);
    }

    private static Stream<SuspiciousRequest> lines() {
        return Stream.of(
                each("row 8: folded", LINE, "\r\n\r\n", "Host: a\r\nA: b\r\n c", "Host: a\r\nA: b\r\n\tc",
                        " Host: a",
                        "Host: a\r\n b", "Host: a\r\nA: b\r\n ", "Host: a\r\nContent-Length:\r\n 5"),
                each("row 9: line end", "", "", "POST / HTTP/1.1\nHost: a\n\n",
                        "POST / HTTP/1.1\nHost: a\r\n\r\n",
                        "POST / HTTP/1.1\r\nHost: a\n\r\n", "POST / HTTP/1.1\r\nHost: a\r\n\n",
                        "POST / HTTP/1.1\rHost: a\r\r", "POST / HTTP/1.1\r\nHost: a\r\rA: b\r\n\r\n",
                        "POST / HTTP/1.1\r\r\nHost: a\r\n\r\n", "POST / HTTP/1.1\r\nHost: a\r\r\n\r\n",
                        "POST / HTTP/1.1\r\nHost: a\r\n\r\r\n", "POST / HTTP/1.1\n\rHost: a\r\n\r\n",
                        "POST / HTTP/1.1\u0085Host: a\r\n\r\n"))
                .flatMap(rows -> rows);
    }

    private static Stream<SuspiciousRequest> chunkSizes() {
        return Stream.of(
                Stream.of(
                        asItIs("row 10: zeros in front, either letter case",
                                chunks("00005\r\nhello\r\nA\r\n0123456789\r\na\r\n0123456789\r\n000\r\n\r\n")),
                        asItIs("row 10: data that looks like the end", chunks("5\r\n0\r\n\r\n\r\n" + LAST)),
                        passes("row 11: extension dropped", chunks("5;a=b\r\nhello\r\n0;c\r\n\r\n"),
                                chunks(CHUNK + LAST)),
                        passes("row 11: quoted extension dropped",
                                chunks("5;a=\"b;c\\\"\r\nhello\r\n0;\"\r\n\r\n"), chunks(CHUNK + LAST)),
                        passes("row 11: extension of 256 bytes dropped",
                                chunks("5;" + "x".repeat(255) + "\r\nhello\r\n" + LAST),
                                chunks(CHUNK + LAST))),
                each("row 10: chunk size", CHUNKED, "\r\nhello\r\n" + LAST, "", " 5", "5 ", "\t5", "5\t",
                        "+5", "-5",
                        "0x5", "0X5", "5h", "\u00B2", "5\0", "5\u000B", "5,", "_5", "1_0", "\"5\"",
                        "0000000000000005",
                        "10000000000000005", "FFFFFFFFFFFFFFFF", "8000000000000000", "5 ;a", "5\n5", "5\r5"),
                each("row 10: later chunk size", CHUNKED + CHUNK, "\r\nhello\r\n" + LAST, "x", " 5", "",
                        "5 "),
                each("row 10: end of a chunk", CHUNKED + "5\r\nhello", "0\r\n\r\n", "", "\n", "\r", "x\r\n",
                        "\r\r\n",
                        "\n\r"),
                each("row 10: more or less data than announced", CHUNKED, "\r\n" + LAST, "4\r\nhello",
                        "6\r\nhello",
                        "3\r\nhello"),
                each("row 11: extension", CHUNKED + "5;", "\r\nhello\r\n" + LAST, "\n", "a\nb", "a=\"\n\"",
                        "\0",
                        "a\u007F", "a\u000B", "a\rb", "x".repeat(256), "x".repeat(40_000)))
                .flatMap(rows -> rows);
    }

    private static Stream<SuspiciousRequest> startLines() {
        return Stream.of(
                Stream.of(passes("row 12: one empty line in front", "\r\n" + with("A: b"), with("A: b")),
                        asItIs("row 13: what browsers send raw", line("GET /^|[]{}\\` HTTP/1.1")),
                        refused("row 13: CONNECT", Kind.UNSUPPORTED_METHOD, line("CONNECT a:443 HTTP/1.1")),
                        refused("row 13: HTTP/1.2", Kind.HTTP_VERSION, line("GET / HTTP/1.2")),
                        refused("row 13: HTTP/2.0", Kind.HTTP_VERSION, line("GET / HTTP/2.0")),
                        refused("row 13: HTTP/0.9 in full", Kind.HTTP_VERSION, line("GET / HTTP/0.9")),
                        refused("row 13: the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                        last("row 13: HTTP/1.0",
                                "POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
                                "POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")),
                each("row 12: in front", "", with("A: b"), "\r\n\r\n", "\n", "\r", " ", "\t", "\0", "\r\n ",
                        "\r\n\n",
                        "\u0016\u0003\u0001", "\u007F", "\u00EF\u00BB\u00BF", "0\r\n\r\n", "\u000B"),
                each("row 13: request line", "", "\r\n" + HOST + "\r\n", "POST  / HTTP/1.1",
                        "POST /  HTTP/1.1",
                        "POST\t/ HTTP/1.1", "POST /\tHTTP/1.1", "POST / HTTP/1.1 ", "POST / HTTP/1.1\t",
                        "POST /",
                        "POST", "POST / ", "POST  HTTP/1.1", "POST / x HTTP/1.1", "POST / http/1.1",
                        "POST / HTTP/1.1x",
                        "POST / HTTP/01.1", "POST / HTTP/1,1", "POST / HTTP/1", "POST / HTTP/1.",
                        "POST / HTTPS/1.1",
                        "P(ST / HTTP/1.1", "P\u00D6ST / HTTP/1.1", "POST\0 / HTTP/1.1", "POST /a\0 HTTP/1.1",
                        "POST /\u007F HTTP/1.1", "POST /\u00E4 HTTP/1.1", "POST /\u0001 HTTP/1.1",
                        "POST /#a HTTP/1.1",
                        "POST /\" HTTP/1.1", "POST /< HTTP/1.1", "POST /> HTTP/1.1", "POST a HTTP/1.1",
                        "POST * HTTP/1.1", "POST a:80 HTTP/1.1", "POST ?a HTTP/1.1", "POST ftp://a/ HTTP/1.1",
                        "POST http:/a HTTP/1.1", "POST javascript:x HTTP/1.1", "POST \\a HTTP/1.1",
                        "M".repeat(33) + " / HTTP/1.1"))
                .flatMap(rows -> rows);
    }

    private static Stream<SuspiciousRequest> hosts() {
        String twice = "POST http://a/suspicious HTTP/1.1\r\n" + HOST + "\r\n";
        return Stream.of(
                Stream.of(refused("row 14: no Host", LINE + "\r\n"),
                        refused("row 14: two Hosts", with("Host: b")),
                        refused("row 14: two equal Hosts", with("hOST: a")),
                        refused("row 14: two Hosts in HTTP/1.0",
                                "POST / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"),
                        passes("row 14: absolute form", twice, LINE + HOST + "\r\n"),
                        passes("row 14: absolute form with the scheme's port",
                                twice.replace("//a", "//A:80"), LINE + HOST + "\r\n"),
                        last("row 14: absolute form is the Host of HTTP/1.0",
                                "GET http://b:81/x HTTP/1.0\r\n\r\n",
                                "GET /x HTTP/1.0\r\nHost: b:81\r\n\r\n"),
                        asItIs("row 14: an address and a port", host(" [::1]:65535"))),
                each("row 14: absolute form", "POST ", " HTTP/1.1\r\n" + HOST + "\r\n", "http://b/",
                        "http://a:81/",
                        "http://a@b/", "http://b@a/", "http:///", "http://", "https://a:80/", "http://a.b/",
                        "http://a:65616/", "http://a\\b/", "http://a:x/"),
                each("row 14: Host", LINE + "Host:", "\r\n\r\n", "", " \t", " a@b", " a/b", " a b", " a,b c",
                        " http://a",
                        " \u00E4", " a\0", " a:65536", " a:99999", " a:123456", " a:8o", " a:80:80", " :80",
                        " a?", " a#",
                        " [::1", " [::1]x", " a\\b", " a\u007F", " <a>"))
                .flatMap(rows -> rows);
    }

    private static Stream<SuspiciousRequest> fields() {
        return Stream.of(
                Stream.of(
                        passes("row 15: underscores dropped",
                                with("X_User: root", "A: b", "content_length: 9"),
                                with("A: b")),
                        asItIs("row 15: bytes beyond ASCII in a value", with("A: \u00E4\u0085\u00FF"))),
                each("row 15: name", LINE + HOST, ": x\r\n\r\n", "", "A\0", "A\u0001", "A\u007F", "\u00E4",
                        "A(", "A/",
                        "\"A\"", "A;b", "A@", "A[", "A{", "A=", "A?", "A,b", "<A>", "A\\"),
                each("row 15: line without a colon", LINE + HOST, "\r\n\r\n", "A", "GET /inner HTTP/1.1"),
                each("row 15: value", LINE + HOST + "A: ", "\r\n\r\n", "\0", "a\0b", "\u0001", "\u007F",
                        "a\u000Bb",
                        "a\u001Fb", "a\bb"))
                .flatMap(rows -> rows);
    }

    private static Stream<SuspiciousRequest> limits() {
        String hundred = "A: b\r\n".repeat(99);
        return Stream.of(
                asItIs("row 16: a hundred fields", LINE + HOST + hundred + "\r\n"),
                refused("row 16: one field more", Kind.HEADER_TOO_LARGE,
                        LINE + HOST + hundred + "C: d\r\n\r\n"),
                refused("row 16: a field of 33 000 bytes", Kind.HEADER_TOO_LARGE,
                        with("A: " + "x".repeat(33_000))),
                refused("row 16: a target of 17 000 bytes", Kind.URI_TOO_LONG,
                        line("GET /" + "x".repeat(17_000) + " HTTP/1.1")));
    }

    private static Stream<SuspiciousRequest> trailers() {
        String more = "A: b\r\n".repeat(101);
        return Stream.of(
                Stream.of(
                        asItIs("row 17: trailers that may be sent",
                                chunks(CHUNK + "0\r\nGrpc-Status: 0\r\nA: b\r\n\r\n")),
                        refused("row 17: too many trailers", Kind.HEADER_TOO_LARGE,
                                chunks("0\r\n" + more + "\r\n")),
                        refused("row 17: trailers of 33 000 bytes", Kind.HEADER_TOO_LARGE,
                                chunks("0\r\nA: " + "x".repeat(33_000) + "\r\n\r\n"))),
                Stream.of("Content-Length: 5", "Transfer-Encoding: chunked", "Trailer: x", "Host: evil",
                        "Authorization: x", "Cookie: x", "Content-Type: x", "Content-Encoding: x",
                        "Content-Range: x",
                        "Connection: close", "TE: x", "Upgrade: h2c", "X-Forwarded-For: 1.1.1.1",
                        "Expect: 100-continue",
                        "x_user: root")
                        .map(field -> passes("row 17: trailer left out: " + field,
                                chunks(CHUNK + "0\r\nA: b\r\n" + field + "\r\nC: d\r\n\r\n"),
                                chunks(CHUNK + "0\r\nA: b\r\nC: d\r\n\r\n"))),
                each("row 17: trailer", CHUNKED + CHUNK + "0\r\n", "\r\n\r\n", "A: b\r\n c", " A: b", "A : b",
                        "A: b\nC: d",
                        "A: b\rC: d", "A: \0", ": b", "A", "GET /inner HTTP/1.1"),
                each("row 17: end of the trailers", CHUNKED + CHUNK + "0\r\n", "", "\n", "\rx", "A: b\r\n\n",
                        "A: b\n\r\n"))
                .flatMap(rows -> rows);
    }

    private static Stream<SuspiciousRequest> bodies() {
        return Stream.of("GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "PATCH", "get")
                .flatMap(method -> Stream.of(
                        asItIs("row 18: " + method + " with a length",
                                method + " /x HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\n\r\nGET /"),
                        asItIs("row 18: " + method + " with chunks",
                                method + " /x HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n"
                                        + CHUNK
                                        + LAST)));
    }

    private static Stream<SuspiciousRequest> expectations() {
        return Stream.concat(
                each("row 19: Expect", Kind.EXPECTATION_FAILED, LINE + HOST + "Content-Length: 5\r\nExpect: ",
                        "\r\n\r\nhello", "", "200-ok", "100-continue, x", "100-continue;x", "100",
                        "x 100-continue"),
                Stream.of(refused("row 19: white space before the colon",
                        with("Expect : 100-continue", "Content-Length: 5") + "hello"),
                        refused("row 19: a second one", Kind.EXPECTATION_FAILED,
                                with("Expect: 100-continue", "Expect: x", "Content-Length: 5") + "hello")));
    }

    private static Stream<SuspiciousRequest> upgrades() {
        return Stream.of(
                passes("row 20: h2c",
                        "GET /suspicious HTTP/1.1\r\n" + HOST
                                + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
                        "GET /suspicious HTTP/1.1\r\n" + HOST + "\r\n"),
                passes("row 20: HTTP2-Settings that nobody nominated",
                        "GET /suspicious HTTP/1.1\r\n" + HOST + "http2-settings: AAMAAABk\r\n\r\n",
                        "GET /suspicious HTTP/1.1\r\n" + HOST + "\r\n"),
                passes("row 20: Upgrade on POST", with("Connection: Upgrade", "Upgrade: websocket"),
                        LINE + HOST + "\r\n"),
                passes("row 20: Upgrade with a body",
                        "GET /suspicious HTTP/1.1\r\n" + HOST
                                + "Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 5\r\n\r\nhello",
                        "GET /suspicious HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\n\r\nhello"),
                passes("row 20: Upgrade with chunks",
                        "GET /suspicious HTTP/1.1\r\n" + HOST
                                + "Connection: Upgrade\r\nUpgrade: websocket\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + LAST,
                        "GET /suspicious HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n" + LAST));
    }

    private static Stream<SuspiciousRequest> hops() {
        return Stream.of(
                passes("row 22: fields of one hop",
                        with("Keep-Alive: 5", "TE: gzip", "Proxy-Connection: close",
                                "Upgrade: x", "A: b"),
                        with("A: b")),
                passes("row 22: nominated fields",
                        with("Connection: A, B", "A: 1", "B: 2", "C: 3", "connection: c"),
                        LINE + HOST + "\r\n"),
                passes("row 22: what may not be nominated",
                        with("Connection: Host, Content-Length, Cookie, X-Id, Authorization, Via",
                                "Cookie: c", "X-Id: 1",
                                "Authorization: z", "Content-Length: 5") + "hello",
                        with("Cookie: c", "X-Id: 1", "Authorization: z", "Content-Length: 5") + "hello"),
                passes("row 22: Transfer-Encoding may not be nominated",
                        with("Connection: Transfer-Encoding", "Transfer-Encoding: chunked") + LAST,
                        chunks(LAST)),
                last("row 22: close", with("Connection: close", "Content-Length: 5") + "hello",
                        with("Content-Length: 5") + "hello"),
                refused("row 22: thousands of nominations",
                        with("Connection: " + "a,b,".repeat(5000), "A: b")));
    }
}
