package dev.turnout.proxy.http.head;

import static dev.turnout.proxy.http.head.Scanned.request;
import static dev.turnout.proxy.http.head.Scanned.response;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.testkit.Bytes;
import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes that go on to the endpoint, or back to the client. */
class HeadOutputTest {
    private static final String LINE = "GET /x HTTP/1.1\r\n";
    private static final String HOST = "Host: h\r\n";

    private static String passedOn(String fields) {
        return request(LINE + HOST + fields + "\r\n").output();
    }

    @Test
    void leavesFieldsAsTheyCame() {
        String fields = "uSER-aGENT:  x  \r\nX-Empty:\r\nCookie: a=b;c=d\r\nCookie: e=f\r\nX-Forwarded-For: 1.2.3.4\r\n";
        assertThat(passedOn(fields)).isEqualTo(LINE + HOST + fields);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Connection: keep-alive", "keep-alive: timeout=5", "Proxy-Connection: close",
        "TE: trailers", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk"})
    void cutsWhatIsMeantForThisHop(String field) {
        assertThat(passedOn("A: b\r\n" + field + "\r\nC: d\r\n"))
                .as("the endpoint would act on what was never meant for it")
                .isEqualTo(LINE + HOST + "A: b\r\nC: d\r\n");
    }

    @Test
    void cutsTheFirstAndTheLastField() {
        assertThat(request(LINE + "TE: x\r\n" + HOST + "Upgrade: y\r\n\r\n").output()).isEqualTo(LINE + HOST);
    }

    @Test
    void cutsAllFields() {
        assertThat(request("GET / HTTP/1.0\r\nTE: x\r\nTE: y\r\n\r\n").output())
                .isEqualTo("GET / HTTP/1.0\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content_Length: 5", "Transfer_Encoding: chunked", "x_user: root", "_: a",
        "Host_: b"})
    void cutsNamesWithAnUnderscore(String field) {
        assertThat(passedOn(field + "\r\nA: b\r\n"))
                .as("a server that reads _ as - would take it for the real one")
                .isEqualTo(LINE + HOST + "A: b\r\n");
    }

    @Test
    void countsNamesWithAnUnderscore() {
        assertThat(request(LINE + HOST + "a_b: c\r\nTE: x\r\n_: d\r\n\r\n").droppedNames()).isEqualTo(2);
    }

    @Test
    void keepsAnUnderscoreInAValue() {
        assertThat(passedOn("A: b_c\r\n")).isEqualTo(LINE + HOST + "A: b_c\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Foo", "foo", "close, FOO", "a,foo,b", "\tfoo ,", "keep-alive,,foo"})
    void cutsWhatConnectionNominates(String options) {
        assertThat(passedOn("foo: 1\r\nKept: x\r\nConnection: " + options + "\r\nFoo: 2\r\n"))
                .isEqualTo(LINE + HOST + "Kept: x\r\n");
    }

    @Test
    void cutsWhatEitherOfTwoConnectionFieldsNominates() {
        assertThat(passedOn("Connection: foo\r\nfoo: 1\r\nbar: 2\r\nconnection: bar\r\n"))
                .isEqualTo(LINE + HOST);
    }

    @ParameterizedTest
    @CsvSource({"X-Forwarded-For,1.2.3.4", "x-forwarded-proto,https", "X-Real-IP,1.2.3.4",
        "Authorization,Basic x",
        "Cookie,a=b", "Content-Type,a/b", "Content-Encoding,gzip", "Content-Length,5",
        "Cache-Control,no-store",
        "Forwarded,for=x", "Via,1.1 x", "Date,x", "Trailer,x", "Set-Cookie,a=b"})
    void neverCutsWhatOthersRelyOn(String name, String value) {
        String field = name + ": " + value + "\r\n";
        assertThat(passedOn(field + "Connection: close, " + name + "\r\n"))
                .as("a client that can strip %s speaks as someone else", name)
                .isEqualTo(LINE + HOST + field);
    }

    @Test
    void neverCutsHost() {
        assertThat(passedOn("Connection: Host\r\n")).isEqualTo(LINE + HOST);
    }

    @Test
    void neverCutsTheCoding() {
        assertThat(passedOn("Transfer-Encoding: chunked\r\nConnection: transfer-encoding\r\n"))
                .as("the endpoint would take the body for the next request")
                .isEqualTo(LINE + HOST + "Transfer-Encoding: chunked\r\n");
    }

    @Test
    void cutsTheHundredthField() {
        String fields = "A: b\r\n".repeat(98);
        assertThat(passedOn(fields + "Foo: c\r\n").length() - passedOn(fields + "TE: c\r\n").length())
                .isEqualTo("Foo: c\r\n".length());
    }

    @ParameterizedTest
    @CsvSource({"GET,http://h/x?y,/x?y", "GET,http://h,/", "GET,HTTPS://H:443/,/", "POST,http://h:80?q,/?q",
        "OPTIONS,http://h,*", "OPTIONS,http://h/,/", "OPTIONS,http://h?q,/?q"})
    void turnsAbsoluteFormIntoOriginForm(String method, String target, String path) {
        assertThat(request(method + " " + target + " HTTP/1.1\r\n" + HOST + "TE: x\r\nA: b\r\n\r\n").output())
                .isEqualTo(method + " " + path + " HTTP/1.1\r\n" + HOST + "A: b\r\n");
    }

    @Test
    void namesTheHostThatOnlyTheTargetNamed() {
        assertThat(request("GET http://a:81/x HTTP/1.0\r\nA: b\r\n\r\n").output())
                .isEqualTo("GET /x HTTP/1.0\r\nA: b\r\nHost: a:81\r\n");
    }

    @Test
    void cutsFromAnAnswerToo() {
        assertThat(response(
                "HTTP/1.1 200 OK\r\nFoo: a\r\nConnection: foo\r\nKeep-Alive: 5\r\nB_C: d\r\nE: f\r\n\r\n")
                .output()).as("an underscore is a danger only on the way to an endpoint")
                .isEqualTo("HTTP/1.1 200 OK\r\nB_C: d\r\nE: f\r\n");
    }

    @Test
    void doesNotMoveTheBufferItReads() {
        RequestHead head = new RequestHead(HeadLimits.DEFAULT);
        ByteBuf in = Bytes.buffer(LINE + HOST + "\r\nbody", 7);
        head.scan(in);
        head.writeTo(Bytes.buffer(""), in);
        assertThat(in.readerIndex()).isEqualTo(7);
    }
}
