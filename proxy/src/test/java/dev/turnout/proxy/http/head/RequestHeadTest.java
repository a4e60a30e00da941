package dev.turnout.proxy.http.head;

import static dev.turnout.proxy.http.head.Scanned.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.turnout.proxy.http.head.FieldSection.Progress;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadTest {
    private static final String HOST = "Host: h\r\n";

    private static String get(String fields) {
        return "GET / HTTP/1.1\r\n" + HOST + fields + "\r\n";
    }

    private static String line(String requestLine) {
        return requestLine + "\r\n" + HOST + "\r\n";
    }

    private static Arguments refused(String why, String head, HeadFault fault) {
        return arguments(why, head, fault);
    }

    static Stream<Arguments> whatNobodyMayAgreeOnDifferently() {
        return Stream.of(
                refused("length and coding", get("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
                        HeadFault.LENGTH_AND_CODING),
                refused("coding and length", get("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n"),
                        HeadFault.LENGTH_AND_CODING),
                refused("two lengths", get("Content-Length: 5\r\nContent-Length: 6\r\n"),
                        HeadFault.REPEATED_CONTENT_LENGTH),
                refused("two equal lengths", get("Content-Length: 5\r\ncontent-length: 5\r\n"),
                        HeadFault.REPEATED_CONTENT_LENGTH),
                refused("list of lengths", get("Content-Length: 5, 5\r\n"), HeadFault.CONTENT_LENGTH),
                refused("length with a plus", get("Content-Length: +5\r\n"), HeadFault.CONTENT_LENGTH),
                refused("negative length", get("Content-Length: -0\r\n"), HeadFault.CONTENT_LENGTH),
                refused("hexadecimal length", get("Content-Length: 0x5\r\n"), HeadFault.CONTENT_LENGTH),
                refused("length with a space", get("Content-Length: 1 2\r\n"), HeadFault.CONTENT_LENGTH),
                refused("length with an underscore", get("Content-Length: 1_2\r\n"),
                        HeadFault.CONTENT_LENGTH),
                refused("empty length", get("Content-Length:\r\n"), HeadFault.CONTENT_LENGTH),
                refused("length with a leading zero", get("Content-Length: 007\r\n"),
                        HeadFault.CONTENT_LENGTH),
                refused("length 2^63", get("Content-Length: 9223372036854775808\r\n"),
                        HeadFault.CONTENT_LENGTH),
                refused("length of nineteen nines", get("Content-Length: 9999999999999999999\r\n"),
                        HeadFault.CONTENT_LENGTH),
                refused("length of twenty digits", get("Content-Length: 10000000000000000000\r\n"),
                        HeadFault.CONTENT_LENGTH),
                refused("length in other digits", get("Content-Length: \u00B2\r\n"),
                        HeadFault.CONTENT_LENGTH),
                refused("coding in HTTP/1.0", "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
                        HeadFault.CODING_IN_HTTP_10),
                refused("coding before chunked", get("Transfer-Encoding: gzip, chunked\r\n"),
                        HeadFault.CODING),
                refused("coding behind chunked", get("Transfer-Encoding: chunked, gzip\r\n"),
                        HeadFault.CODING),
                refused("chunked twice", get("Transfer-Encoding: chunked, chunked\r\n"), HeadFault.CODING),
                refused("two coding fields",
                        get("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
                        HeadFault.CODING),
                refused("trailing comma", get("Transfer-Encoding: chunked,\r\n"), HeadFault.CODING),
                refused("empty coding", get("Transfer-Encoding:\r\n"), HeadFault.CODING),
                refused("coding with a parameter", get("Transfer-Encoding: chunked;x\r\n"), HeadFault.CODING),
                refused("quoted coding", get("Transfer-Encoding: \"chunked\"\r\n"), HeadFault.CODING),
                refused("unknown coding", get("Transfer-Encoding: xchunked\r\n"), HeadFault.CODING),
                refused("identity", get("Transfer-Encoding: identity\r\n"), HeadFault.CODING),
                refused("vertical tab before the coding", get("Transfer-Encoding:\u000Bchunked\r\n"),
                        HeadFault.FIELD_VALUE),
                refused("space before the colon", get("Transfer-Encoding : chunked\r\n"),
                        HeadFault.FIELD_NAME),
                refused("tab before the colon", get("Content-Length\t: 5\r\n"), HeadFault.FIELD_NAME),
                refused("folded field", get("A: b\r\n c\r\n"), HeadFault.FOLDED_FIELD),
                refused("field folded with a tab", get("A: b\r\n\tc\r\n"), HeadFault.FOLDED_FIELD),
                refused("first field folded", "GET / HTTP/1.1\r\n Host: h\r\n\r\n", HeadFault.FOLDED_FIELD),
                refused("bare LF behind a field", get("A: b\nC: d\r\n"), HeadFault.LINE_END),
                refused("bare CR in a value", get("A: b\rC: d\r\n"), HeadFault.LINE_END),
                refused("bare LF behind the request line", "GET / HTTP/1.1\nHost: h\r\n\r\n",
                        HeadFault.VERSION_SYNTAX),
                refused("bare CR behind the request line", "GET / HTTP/1.1\rHost: h\r\n\r\n",
                        HeadFault.LINE_END),
                refused("bare LF as the end", "GET / HTTP/1.1\r\nHost: h\r\n\n", HeadFault.FIELD_NAME),
                refused("bare CR as the end", "GET / HTTP/1.1\r\nHost: h\r\n\rX", HeadFault.LINE_END),
                refused("two CRs", "GET / HTTP/1.1\r\r\nHost: h\r\n\r\n", HeadFault.LINE_END),
                refused("NUL in a value", get("A: b\0c\r\n"), HeadFault.FIELD_VALUE),
                refused("DEL in a value", get("A: \u007F\r\n"), HeadFault.FIELD_VALUE),
                refused("control character in a value", get("A: \u0001\r\n"), HeadFault.FIELD_VALUE),
                refused("empty name", get(": b\r\n"), HeadFault.FIELD_NAME),
                refused("no colon", get("Abc\r\n"), HeadFault.FIELD_NAME),
                refused("NUL in a name", get("A\0: b\r\n"), HeadFault.FIELD_NAME),
                refused("name beyond ASCII", get("\u00E4: b\r\n"), HeadFault.FIELD_NAME),
                refused("parenthesis in a name", get("A(): b\r\n"), HeadFault.FIELD_NAME));
    }

    static Stream<Arguments> startLines() {
        return Stream.of(
                refused("leading LF", "\n" + get(""), HeadFault.LEADING_JUNK),
                refused("leading space", " " + get(""), HeadFault.LEADING_JUNK),
                refused("leading NUL", "\0" + get(""), HeadFault.LEADING_JUNK),
                refused("leading CR", "\rG" + get(""), HeadFault.LEADING_JUNK),
                refused("two empty lines", "\r\n\r\n" + get(""), HeadFault.LEADING_JUNK),
                refused("TLS", "\u0016\u0003\u0001\u0002\0", HeadFault.LEADING_JUNK),
                refused("method no token", line("G(T / HTTP/1.1"), HeadFault.METHOD),
                refused("tab behind the method", line("GET\t/ HTTP/1.1"), HeadFault.METHOD),
                refused("method alone", "GET\r\n\r\n", HeadFault.METHOD),
                refused("method of 33 letters", line("M".repeat(33) + " / HTTP/1.1"), HeadFault.METHOD),
                refused("two spaces behind the method", line("GET  / HTTP/1.1"), HeadFault.TARGET),
                refused("two spaces behind the target", line("GET /  HTTP/1.1"), HeadFault.VERSION_SYNTAX),
                refused("tab behind the target", line("GET /\tHTTP/1.1"), HeadFault.TARGET),
                refused("space at the end of the line", line("GET / HTTP/1.1 "), HeadFault.VERSION_SYNTAX),
                refused("HTTP/0.9", "GET /\r\n", HeadFault.TARGET),
                refused("NUL in the target", line("GET /a\0b HTTP/1.1"), HeadFault.TARGET),
                refused("DEL in the target", line("GET /\u007F HTTP/1.1"), HeadFault.TARGET),
                refused("target beyond ASCII", line("GET /\u00E4 HTTP/1.1"), HeadFault.TARGET),
                refused("fragment", line("GET /a#b HTTP/1.1"), HeadFault.TARGET),
                refused("quote in the target", line("GET /\" HTTP/1.1"), HeadFault.TARGET),
                refused("less-than in the target", line("GET /< HTTP/1.1"), HeadFault.TARGET),
                refused("greater-than in the target", line("GET /> HTTP/1.1"), HeadFault.TARGET),
                refused("target without a slash", line("GET a HTTP/1.1"), HeadFault.TARGET_FORM),
                refused("authority form", line("GET h:80 HTTP/1.1"), HeadFault.TARGET_FORM),
                refused("asterisk with GET", line("GET * HTTP/1.1"), HeadFault.TARGET_FORM),
                refused("asterisk and more", line("OPTIONS *x HTTP/1.1"), HeadFault.TARGET_FORM),
                refused("another scheme", line("GET ftp://h/ HTTP/1.1"), HeadFault.TARGET_FORM),
                refused("scheme alone", line("GET http:// HTTP/1.1"), HeadFault.TARGET_FORM),
                refused("no authority", line("GET http:///x HTTP/1.1"), HeadFault.TARGET_FORM),
                refused("userinfo", line("GET http://a@h/ HTTP/1.1"), HeadFault.TARGET_FORM),
                refused("CONNECT", line("CONNECT h:443 HTTP/1.1"), HeadFault.CONNECT),
                refused("version 1.2", line("GET / HTTP/1.2"), HeadFault.VERSION),
                refused("version 2.0", line("GET / HTTP/2.0"), HeadFault.VERSION),
                refused("version 0.9", line("GET / HTTP/0.9"), HeadFault.VERSION),
                refused("version in small letters", line("GET / http/1.1"), HeadFault.VERSION_SYNTAX),
                refused("version 1.10", line("GET / HTTP/1.10"), HeadFault.VERSION_SYNTAX),
                refused("version without a minor", line("GET / HTTP/1"), HeadFault.VERSION_SYNTAX),
                refused("version 1,1", line("GET / HTTP/1,1"), HeadFault.VERSION_SYNTAX),
                refused("short junk for a version", "GET / X\r\n\r\n", HeadFault.VERSION_SYNTAX),
                refused("no version", "GET / \r\n", HeadFault.VERSION_SYNTAX));
    }

    static Stream<Arguments> hosts() {
        return Stream.of(
                refused("no Host", "GET / HTTP/1.1\r\n\r\n", HeadFault.NO_HOST),
                refused("two Hosts", get("Host: h\r\n"), HeadFault.REPEATED_HOST),
                refused("two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
                        HeadFault.REPEATED_HOST),
                refused("two Hosts in other letters", get("hOST: other\r\n"), HeadFault.REPEATED_HOST),
                refused("empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", HeadFault.HOST),
                refused("Host of blanks", "GET / HTTP/1.1\r\nHost: \t \r\n\r\n", HeadFault.HOST),
                refused("Host with userinfo", "GET / HTTP/1.1\r\nHost: a@h\r\n\r\n", HeadFault.HOST),
                refused("Host with a path", "GET / HTTP/1.1\r\nHost: h/x\r\n\r\n", HeadFault.HOST),
                refused("Host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", HeadFault.HOST),
                refused("Host with a scheme", "GET / HTTP/1.1\r\nHost: http://h\r\n\r\n", HeadFault.HOST),
                refused("Host beyond ASCII", "GET / HTTP/1.1\r\nHost: \u00E4\r\n\r\n", HeadFault.HOST),
                refused("another host", "GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n", HeadFault.HOST_MISMATCH),
                refused("another port", "GET http://a:81/ HTTP/1.1\r\nHost: a\r\n\r\n",
                        HeadFault.HOST_MISMATCH),
                refused("the other scheme's port", "GET http://a:443/ HTTP/1.1\r\nHost: a\r\n\r\n",
                        HeadFault.HOST_MISMATCH),
                refused("longer host", "GET http://a/ HTTP/1.1\r\nHost: a.b\r\n\r\n",
                        HeadFault.HOST_MISMATCH));
    }

    static Stream<Arguments> expectations() {
        return Stream.of(
                refused("another expectation", get("Expect: 200-ok\r\n"), HeadFault.EXPECTATION),
                refused("empty expectation", get("Expect:\r\n"), HeadFault.EXPECTATION),
                refused("two expectations", get("Expect: 100-continue, x\r\n"), HeadFault.EXPECTATION));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"whatNobodyMayAgreeOnDifferently", "startLines", "hosts", "expectations"})
    void refuses(String why, String head, HeadFault fault) {
        assertThat(request(head).fault()).as("%s: read in two ways, a request hides in another", why)
                .isEqualTo(fault);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"whatNobodyMayAgreeOnDifferently", "startLines", "hosts", "expectations"})
    void refusesTheSameAtTheSameByteWhenItComesByteByByte(String why, String head, HeadFault fault) {
        assertThat(Scanned.byteByByte(new RequestHead(HeadLimits.DEFAULT), head)).as(why)
                .isEqualTo(request(head));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1", "M / HTTP/1.1", "OPTIONS * HTTP/1.1", "GET /^|[]{}\\` HTTP/1.1",
        "GET /?a=b&c=/%20 HTTP/1.1", "GET //x HTTP/1.1", "PATCH /../x HTTP/1.1", "GET http://h/x HTTP/1.1",
        "GET HTTP://H HTTP/1.1", "GET https://h:443/ HTTP/1.1", "GET http://h:80 HTTP/1.1",
        "GET http://h: HTTP/1.1", "GET http://h?x HTTP/1.1", "GET / HTTP/1.0"})
    void takesTheRequestLine(String requestLine) {
        assertThat(request(line(requestLine)).progress()).isEqualTo(Progress.COMPLETE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h", "h:80", "h:", "example.com:65535", "[::1]", "[::1]:80", "[fe80::1%25eth0]:1",
        "192.0.2.1:8080", "a_b", "1234", "%41"})
    void takesTheHost(String host) {
        assertThat(request("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").progress())
                .isEqualTo(Progress.COMPLETE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[", "[::1", "::1]", "[::1]x", "[::1]x:80", "a[b]", "[[::1]]", "a:b",
        "a:80:90",
        ":80", ":", "h:123456", "h:65536", "h:99999", "[::1]:65536", "h:8o", "h\\", "h?", "h#"})
    void refusesTheHost(String host) {
        assertThat(request("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").fault()).isEqualTo(HeadFault.HOST);
    }

    @Test
    void needsNoHostInHttp10() {
        assertThat(request("GET / HTTP/1.0\r\n\r\n").progress()).isEqualTo(Progress.COMPLETE);
    }

    @Test
    void forgivesOneEmptyLineBeforeTheRequest() {
        assertThat(request("\r\n" + get("")).output()).isEqualTo("GET / HTTP/1.1\r\n" + HOST);
    }

    @Test
    void countsTheForgivenLineAsPartOfTheHead() {
        assertThat(request("\r\n" + get("")).length()).isEqualTo(get("").length() + 2);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 9, 10, Integer.MAX_VALUE, Long.MAX_VALUE})
    void readsTheLength(long length) {
        assertThat(request(get("Content-Length: " + length + "\r\n")).facts())
                .startsWith("length=" + length + " ");
    }

    @Test
    void readsTheCodingInAnyLetters() {
        assertThat(request(get("transfer-encoding: \tCHUNKED \r\n")).facts())
                .isEqualTo("length=-1 chunked=true http10=false persistent=true GET body=true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"100-continue", "100-Continue"})
    void takesTheOneExpectation(String expectation) {
        assertThat(request(get("Expect: " + expectation + "\r\n")).output())
                .isEqualTo("GET / HTTP/1.1\r\n" + HOST + "Expect: " + expectation + "\r\n");
    }

    @Test
    void cutsAnyExpectationOfAnHttp10Client() {
        assertThat(request("GET / HTTP/1.0\r\nExpect: x\r\nA: b\r\n\r\n").output())
                .isEqualTo("GET / HTTP/1.0\r\nA: b\r\n");
    }

    static Stream<Arguments> connections() {
        return Stream.of(arguments("HTTP/1.1", "", true), arguments("HTTP/1.1", "close", false),
                arguments("HTTP/1.1", "CLOSE", false), arguments("HTTP/1.1", "x ,\tclose\t", false),
                arguments("HTTP/1.1", "keep-alive, close", false), arguments("HTTP/1.1", "closed", true),
                arguments("HTTP/1.1", ",,", true), arguments("HTTP/1.0", "", false),
                arguments("HTTP/1.0", "Keep-Alive", true), arguments("HTTP/1.0", "keep-alive, close", false));
    }

    @ParameterizedTest
    @MethodSource("connections")
    void knowsWhetherTheClientGoesOn(String version, String connection, boolean goesOn) {
        String head = "GET / " + version + "\r\nHost: h\r\nConnection: " + connection + "\r\n\r\n";
        assertThat(request(head).facts()).contains("persistent=" + goesOn);
    }

    @Test
    void keepsWhiteSpaceInsideAValueAndNoneAround() {
        assertThat(request(get("A: \t b \t c \t\r\n")).values()).containsExactly("h", "b \t c");
    }

    @Test
    void takesValuesBeyondAscii() {
        assertThat(request(get("A: \u00E4\u0080\r\n")).values()).containsExactly("h", "\u00E4\u0080");
    }

    @Test
    void endsWhereTheHeadEnds() {
        assertThat(request(get("") + "body").length()).isEqualTo(get("").length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"})
    void repeatsOnlyWhatMayBeRepeated(String name) {
        assertThat(Method.valueOf(name).idempotent()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "CONNECT", "OTHER"})
    void neverRepeatsWhatMayHaveAnEffect(String name) {
        assertThat(Method.valueOf(name).idempotent()).as("done twice, it might count twice").isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "GEt", "PUX", "POSS", "HEAF", "TRACY", "DELETX", "OPTIONX", "PATCH", "X"})
    void doesNotTakeAnotherMethodForAKnownOne(String method) {
        assertThat(request(line(method + " / HTTP/1.1")).facts()).contains(" OTHER ");
    }

    @Test
    void saysWhatWasRefusedAndWhereWithoutQuotingIt() {
        assertThat(request(get("Content-Length: secret\r\n")).detail()).isEqualTo(
                "Content-Length: refused at byte 49 of the head (expected: one whole number below 2^63, digits only, no leading zero)");
    }
}
