package dev.turnout.proxy.http.head;

import static dev.turnout.proxy.http.head.Scanned.response;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.turnout.proxy.http.head.FieldSection.Progress;
import dev.turnout.proxy.testkit.Bytes;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseHeadTest {
    private static String answer(int status, String fields) {
        return "HTTP/1.1 " + status + " R\r\n" + fields + "\r\n";
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                arguments("HTTP/1.1 099 X\r\n\r\n", HeadFault.STATUS_LINE),
                arguments("HTTP/1.1 600 X\r\n\r\n", HeadFault.STATUS_LINE),
                arguments("HTTP/1.1 2000\r\n\r\n", HeadFault.STATUS_LINE),
                arguments("HTTP/1.1 20\r\n\r\n", HeadFault.STATUS_LINE),
                arguments("HTTP/1.1 +20 X\r\n\r\n", HeadFault.STATUS_LINE),
                arguments("HTTP/1.1  200 X\r\n\r\n", HeadFault.STATUS_LINE),
                arguments("HTTP/1.1\t200 X\r\n\r\n", HeadFault.STATUS_LINE),
                arguments("HTTP/1.1 200\tX\r\n\r\n", HeadFault.STATUS_LINE),
                arguments("HTTP/1.1 200 a\0b\r\n\r\n", HeadFault.STATUS_LINE),
                arguments("HTTP/1.1 200 X\n\r\n", HeadFault.STATUS_LINE),
                arguments("HTTP/1.1 200 X\rY\r\n\r\n", HeadFault.LINE_END),
                arguments("\r\nHTTP/1.1 200 X\r\n\r\n", HeadFault.STATUS_LINE),
                arguments("http/1.1 200 X\r\n\r\n", HeadFault.STATUS_LINE),
                arguments("SSH-2.0\r\n", HeadFault.STATUS_LINE),
                arguments("HTTP/2.0 200 X\r\n\r\n", HeadFault.VERSION),
                arguments("HTTP/1.2 200 X\r\n\r\n", HeadFault.VERSION),
                arguments(answer(200, "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"),
                        HeadFault.LENGTH_AND_CODING),
                arguments(answer(200, "Content-Length: 1\r\nContent-Length: 1\r\n"),
                        HeadFault.REPEATED_CONTENT_LENGTH),
                arguments(answer(200, "Content-Length: 1, 1\r\n"), HeadFault.CONTENT_LENGTH),
                arguments(answer(200, "Transfer-Encoding: gzip\r\n"), HeadFault.CODING),
                arguments("HTTP/1.0 200 X\r\nTransfer-Encoding: chunked\r\n\r\n",
                        HeadFault.CODING_IN_HTTP_10),
                arguments(answer(200, "A: b\r\n c\r\n"), HeadFault.FOLDED_FIELD),
                arguments(answer(200, "A: b\n"), HeadFault.LINE_END),
                arguments(answer(200, "A : b\r\n"), HeadFault.FIELD_NAME));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void refuses(String head, HeadFault fault) {
        assertThat(response(head).fault())
                .as("a doubtful answer might be taken for the answer to someone else")
                .isEqualTo(fault);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void refusesTheSameAtTheSameByteWhenItComesByteByByte(String head, HeadFault fault) {
        assertThat(Scanned.byteByByte(new ResponseHead(HeadLimits.DEFAULT), head)).as(fault.name())
                .isEqualTo(response(head));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK", "HTTP/1.1 200 ", "HTTP/1.1 200", "HTTP/1.0 599 a\tb \u00E4",
        "HTTP/1.1 100 Continue"})
    void takesTheStatusLine(String statusLine) {
        assertThat(response(statusLine + "\r\n\r\n").progress()).isEqualTo(Progress.COMPLETE);
    }

    @Test
    void writesItsOwnVersion() {
        assertThat(response("HTTP/1.0 200 OK\r\nA: b\r\n\r\n").output())
                .isEqualTo("HTTP/1.1 200 OK\r\nA: b\r\n");
    }

    @ParameterizedTest
    @CsvSource({"100,true", "101,true", "199,true", "200,false", "204,true", "205,false", "304,true",
        "404,false"})
    void knowsWhichAnswersNeverHaveABody(int status, boolean bodyless) {
        assertThat(response(answer(status, "")).facts()).endsWith("bodyless=" + bodyless);
    }

    @ParameterizedTest
    @CsvSource({"103,true", "200,false"})
    void knowsWhichAnswersAreNotTheLast(int status, boolean interim) {
        ResponseHead head = new ResponseHead(HeadLimits.DEFAULT);
        head.scan(Bytes.buffer(answer(status, "")));
        assertThat(head.interim()).isEqualTo(interim);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Transfer-Encoding: chunked\r\n", "Content-Length: 5\r\n"})
    void tellsNobodyOfABodyThatA204DoesNotHave(String field) {
        assertThat(response(answer(204, "A: b\r\n" + field)).output())
                .as("a client that believed it would take the next answer for this one's body")
                .isEqualTo("HTTP/1.1 204 R\r\nA: b\r\n");
    }

    @Test
    void tellsNobodyOfABodyThatAnInterimAnswerDoesNotHave() {
        assertThat(response(answer(103, "Content-Length: 5\r\n")).output()).isEqualTo("HTTP/1.1 103 R\r\n");
    }

    @ParameterizedTest
    @CsvSource({"204,0", "304,5", "200,5"})
    void leavesALengthThatDoesNoHarm(int status, int length) {
        String field = "Content-Length: " + length + "\r\n";
        assertThat(response(answer(status, field)).output())
                .isEqualTo("HTTP/1.1 " + status + " R\r\n" + field);
    }

    @ParameterizedTest
    @CsvSource({"'HTTP/1.1 200 OK|A: b||',true", "'HTTP/1.0 200 OK|A: b||',false",
        "'HTTP/1.1 200 OK|Keep-Alive: 5||',false", "'HTTP/1.1 200 OK|a_b: c||',true"})
    void goesOnAsItCameOnlyWhenNothingWouldChange(String head, boolean asItStands) {
        ResponseHead scanned = new ResponseHead(HeadLimits.DEFAULT);
        scanned.scan(Bytes.buffer(head.replace("|", "\r\n")));
        assertThat(scanned.asItStands()).isEqualTo(asItStands);
    }

    @ParameterizedTest
    @CsvSource({"1.1,'',true", "1.1,close,false", "1.0,'',false", "1.0,keep-alive,true"})
    void knowsWhetherTheEndpointGoesOn(String version, String connection, boolean goesOn) {
        assertThat(response("HTTP/" + version + " 200 OK\r\nConnection: " + connection + "\r\n\r\n").facts())
                .contains("persistent=" + goesOn);
    }
}
