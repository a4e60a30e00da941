package dev.turnout.proxy.http.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.http.head.FieldSection.Progress;
import dev.turnout.proxy.testkit.Bytes;
import io.netty.buffer.ByteBuf;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However a head is cut into pieces, and wherever its bytes lie, the same is found. */
class HeadReplayTest {
    static Stream<String> requests() {
        return Stream.of(
                "\r\nPOST http://Ex.org:80/a?b HTTP/1.1\r\nTE: x\r\nhost: ex.ORG\r\na_b: c\r\nContent-Length: 12\r\n"
                        + "Connection: foo,\tclose\r\nFoo: \t x  y \t\r\nEmpty:\r\n\r\nbody",
                "GET / HTTP/1.0\r\n\r\nGET",
                "PUT /x HTTP/1.1\r\nHost: [::1]:80\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nA: b\rC\r\n\r\n",
                "GET / HTTP/1.5\r\n\r\n");
    }

    static Stream<String> responses() {
        return Stream.of(
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: x-y, foo\r\nfoo: 1\r\nX-Y: 2\r\n\r\nabc",
                "HTTP/1.0 304\r\n\r\n", "HTTP/1.1 204 \r\nContent-Length: 3\r\n\r\n",
                "HTTP/1.1 999 X\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("requests")
    void findsTheSameInARequestAtEverySplit(String text) {
        Scanned whole = Scanned.request(text);
        for (int split = 0; split <= text.length(); split++) {
            assertThat(Scanned.inSteps(new RequestHead(HeadLimits.DEFAULT), text, split, text.length()))
                    .as("split at %s", split)
                    .isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @MethodSource("responses")
    void findsTheSameInAnAnswerAtEverySplit(String text) {
        Scanned whole = Scanned.response(text);
        for (int split = 0; split <= text.length(); split++) {
            assertThat(Scanned.inSteps(new ResponseHead(HeadLimits.DEFAULT), text, split, text.length()))
                    .as("split at %s", split)
                    .isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @MethodSource("requests")
    void findsTheSameInARequestByteByByte(String text) {
        assertThat(Scanned.byteByByte(new RequestHead(HeadLimits.DEFAULT), text))
                .isEqualTo(Scanned.request(text));
    }

    @ParameterizedTest
    @MethodSource("responses")
    void findsTheSameInAnAnswerByteByByte(String text) {
        assertThat(Scanned.byteByByte(new ResponseHead(HeadLimits.DEFAULT), text))
                .isEqualTo(Scanned.response(text));
    }

    @Test
    void isCompleteAtItsLastByteAndNotBefore() {
        String text = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
        RequestHead head = new RequestHead(HeadLimits.DEFAULT);
        for (int end = 0; end < text.length(); end++) {
            assertThat(head.scan(Bytes.buffer(text.substring(0, end)))).as("%s bytes", end)
                    .isEqualTo(Progress.MORE);
        }
        assertThat(head.scan(Bytes.buffer(text))).isEqualTo(Progress.COMPLETE);
    }

    @ParameterizedTest
    @MethodSource("requests")
    void remembersNothingOfTheHeadBefore(String text) {
        RequestHead used = new RequestHead(HeadLimits.DEFAULT);
        requests().forEach(before -> {
            used.scan(Bytes.buffer(before));
            used.reset();
        });
        assertThat(Scanned.whole(used, text)).as("what one client sent would decide about another")
                .isEqualTo(Scanned.request(text));
    }

    @ParameterizedTest
    @MethodSource("responses")
    void remembersNothingOfTheAnswerBefore(String text) {
        ResponseHead used = new ResponseHead(HeadLimits.DEFAULT);
        responses().forEach(before -> {
            used.scan(Bytes.buffer(before));
            used.reset();
        });
        assertThat(Scanned.whole(used, text)).isEqualTo(Scanned.response(text));
    }

    @Test
    void forgetsAHeadThatWasNeverWhole() {
        RequestHead used = new RequestHead(HeadLimits.DEFAULT);
        used.scan(Bytes.buffer("POST http://other/ HTTP/1.0\r\nContent-Length: 7\r\nConnection: a"));
        used.reset();
        String text = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
        assertThat(Scanned.whole(used, text)).isEqualTo(Scanned.request(text));
    }

    @Test
    void staysRefused() {
        RequestHead head = new RequestHead(HeadLimits.DEFAULT);
        head.scan(Bytes.buffer("GET  "));
        assertThat(head.scan(Bytes.buffer("GET / HTTP/1.1\r\nHost: h\r\n\r\n"))).isEqualTo(Progress.REFUSED);
    }

    @Test
    void findsFieldsInAnyLettersOneAfterTheOther() {
        ByteBuf in = Bytes.buffer("GET / HTTP/1.1\r\nHost: h\r\nFoo: 1\r\nBar: 2\r\nfOO: 3\r\n\r\n", 5);
        RequestHead head = new RequestHead(HeadLimits.DEFAULT);
        head.scan(in);
        byte[] foo = Octets.ascii("foo");
        assertThat(new int[]{head.find(in, foo, 0), head.find(in, foo, 2), head.find(in, foo, 4)})
                .containsExactly(1, 3, -1);
    }
}
