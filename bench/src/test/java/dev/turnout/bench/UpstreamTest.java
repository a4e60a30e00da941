package dev.turnout.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The upstream of {@code compare-http} is an instrument: if it answers wrongly, every figure is wrong. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class UpstreamTest {
    private static final int SILENCE_MILLIS = 30_000;
    private static final String GET_128 = "GET /128 HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String ANSWER_128 = answer("200 OK", "x".repeat(128));
    private static final String BAD_REQUEST = answer("400 Bad Request", "Connection: close\r\n", "");

    @TempDir
    static Path folder;
    private static Process upstream;
    private static int port;

    @BeforeAll
    static void compileAndStart() throws Exception {
        Path source = Path.of(System.getProperty("turnout.root", ".."), "bench/src/main/c/upstream.c");
        Path binary = folder.resolve("upstream");
        Process gcc = start("gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", binary.toString(),
                source.toString());
        String said = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(gcc.waitFor()).as(said).isZero();
        upstream = start(binary.toString(), "blue");
        port = Integer.parseInt(upstream.inputReader().readLine());
    }

    private static Process start(String... command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new AssertionError(command[0] + " does not start; run: mvn verify -DinstallTools=true", e);
        }
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (upstream != null) {
            upstream.destroy();
            upstream.waitFor();
        }
    }

    private static String answer(String status, String body) {
        return answer(status, "", body);
    }

    private static String answer(String status, String more, String body) {
        return "HTTP/1.1 " + status + "\r\nContent-Type: text/plain\r\nX-Upstream: blue\r\n" + more
                + "Content-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    /** Sends all, in pieces of that size, and reads as many bytes as are expected. */
    private static String exchange(String requests, int pieceBytes, int answerBytes) throws IOException {
        try (Socket socket = new Socket()) {
            connect(socket);
            OutputStream out = socket.getOutputStream();
            byte[] bytes = requests.getBytes(StandardCharsets.ISO_8859_1);
            for (int from = 0; from < bytes.length; from += pieceBytes) {
                out.write(bytes, from, Math.min(pieceBytes, bytes.length - from));
            }
            return new String(socket.getInputStream().readNBytes(answerBytes), StandardCharsets.ISO_8859_1);
        }
    }

    private static void connect(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(SILENCE_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 31, 62, 1000})
    void answersTheSameWhateverTheFragmentation(int pieceBytes) throws IOException {
        String expected = ANSWER_128 + answer("200 OK", "x".repeat(4096)) + answer("404 Not Found", "")
                + ANSWER_128;
        String requests = GET_128 + GET_128.replace("128", "4096") + GET_128.replace("128", "12") + GET_128;

        assertThat(exchange(requests, pieceBytes, expected.length())).isEqualTo(expected);
    }

    @Test
    void answersEveryPipelinedRequestOfAClientThatReadsLate() throws Exception {
        int count = 2_000; // their heads fit into the socket buffers, their answers, 8 MB, do not
        byte[] expected = answer("200 OK", "x".repeat(4096)).getBytes(StandardCharsets.ISO_8859_1);
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(64 * 1024);
            connect(socket);
            String requests = GET_128.replace("128", "4096").repeat(count);
            socket.getOutputStream().write(requests.getBytes(StandardCharsets.ISO_8859_1));
            for (int i = 0; i < count; i++) {
                assertThat(socket.getInputStream().readNBytes(expected.length)).as("answer %s", i)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void showsTheHeadAsItArrived() throws IOException {
        String head = "GET /head HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 127.0.0.1\r\n\r";
        String expected = "HTTP/1.1 200 OK\r\nX-Upstream: blue\r\nContent-Length: " + head.length()
                + "\r\n\r\n" + head;

        assertThat(exchange(head + "\n", 1000, expected.length())).isEqualTo(expected);
    }

    @Test
    void closesAfterTheAnswerWhenAskedTo() throws IOException {
        String request = "GET /128 HTTP/1.1\r\nconnection: Close\r\n\r\n";

        assertThat(exchange(request, 1000, Integer.MAX_VALUE)).isEqualTo(ANSWER_128);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST /128 HTTP/1.1\r\n\r\n", "GET /128 HTTP/1.0\r\n\r\n", "GET /128\r\n\r\n",
        "\r\n\r\n",
        "GET /128 HTTP/1.1\r\nContent-Length: 4\r\n\r\n",
        "GET /128 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"})
    void refusesWhatIsNotAGetWithoutABody(String request) throws IOException {
        assertThat(exchange(request, 1000, Integer.MAX_VALUE)).isEqualTo(BAD_REQUEST);
    }

    @Test
    void refusesAHeadWithoutAnEnd() throws IOException {
        String head = "GET /128 HTTP/1.1\r\nX-Long: ";

        assertThat(exchange(head + "x".repeat(16 * 1024 - head.length()), 16 * 1024, Integer.MAX_VALUE))
                .isEqualTo(BAD_REQUEST);
    }
}
