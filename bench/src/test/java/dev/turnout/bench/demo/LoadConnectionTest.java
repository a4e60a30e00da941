package dev.turnout.bench.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.turnout.bench.ScriptedServer;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadConnectionTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    private static LoadConnection.Response ask(String answer) throws IOException {
        return ask(answer, TIMEOUT);
    }

    private static LoadConnection.Response ask(String answer, Duration timeout) throws IOException {
        try (ScriptedServer server = new ScriptedServer(answer, 1);
                LoadConnection connection = LoadConnection.open(server.address(), timeout)) {
            return connection.get("uid=user-1");
        }
    }

    @Test
    void readsABodyByItsLength() throws IOException {
        LoadConnection.Response response = ask(OK + "Content-Length: 5\r\nX-Answered-By: blue\r\n\r\nhello");

        assertThat(response.body()).isEqualTo("hello");
        assertThat(response.headers()).containsEntry("x-answered-by", "blue");
        assertThat(response.reusable()).isTrue();
    }

    @Test
    void readsAChunkedBodyWithATrailer() throws IOException {
        LoadConnection.Response response = ask(
                OK + "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\nX-Sum: 1\r\n\r\n");

        assertThat(response.body()).isEqualTo("hello");
        assertThat(response.reusable()).isTrue();
    }

    @Test
    void doesNotUseAConnectionAgainThatTheServerWillClose() throws IOException {
        assertThat(ask(OK + "Content-Length: 0\r\nConnection: close\r\n\r\n").reusable()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {
        "HTTP/1.0 200 OK\\r\\n\\r\\n,                                            status line: HTTP/1.0 200 OK",
        "SSH-2.0\\r\\n,                                                          status line: SSH-2.0",
        "HTTP/1.1 200 OK\\r\\nno colon\\r\\n\\r\\n,                              header field: no colon",
        "HTTP/1.1 200 OK\\r\\nContent-Length: -1\\r\\n\\r\\n,                    body length: -1",
        "HTTP/1.1 200 OK\\r\\nContent-Length: 9999999\\r\\n\\r\\n,               body length: 9999999",
        "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nz\\r\\n,     body length: z",
        "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n1\\r\\nab,   chunk: no line end"})
    void refusesWhatIsNotHttp(String answer, String message) {
        assertThatThrownBy(() -> ask(answer.translateEscapes() + "\r\n")).isInstanceOf(IOException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"'', connection closed where an answer was expected",
        "'HTTP/1.1 2', connection closed after \"HTTP/1.1 2\"",
        "'HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhel', connection closed after 3 of 5 body bytes"})
    void saysHowFarABrokenAnswerCame(String answer, String message) throws IOException {
        try (ScriptedServer server = new ScriptedServer(answer.translateEscapes(), 1);
                LoadConnection connection = LoadConnection.open(server.address(), TIMEOUT)) {
            // A second head makes the server close after its first answer.
            assertThatThrownBy(() -> connection.get("uid=user-1\r\n\r\nGET / HTTP/1.1")).hasMessage(message);
        }
    }

    @Test
    void givesUpOnASilentServer() {
        assertThatThrownBy(() -> ask("HTTP/1.1 200", Duration.ofMillis(50))).isInstanceOf(IOException.class)
                .hasMessageContaining("timed out");
    }

    @Test
    void noticesThatTheOtherEndClosedIt() throws IOException {
        LoadConnection connection;
        try (ScriptedServer server = new ScriptedServer(OK + "Content-Length: 0\r\n\r\n", 2)) {
            connection = LoadConnection.open(server.address(), TIMEOUT);
            assertThat(connection.get("uid=user-1").reusable()).isTrue();
            assertThat(connection.ended()).isFalse();
            assertThat(connection.get("uid=user-1").reusable()).as("looking took nothing away").isTrue();
        }
        try (connection) {
            await().until(connection::ended);
        }
    }
}
