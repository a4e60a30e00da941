package dev.turnout.bench.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.admin.cli.ExitCode;
import dev.turnout.admin.cli.Main;
import dev.turnout.bench.ScriptedServer;
import dev.turnout.bench.TurnoutProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command as a user runs it, against servers that do what the test says. No figure depends on the machine. */
@Timeout(60)
class BenchHttpCommandTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final int FOR_EVER = Integer.MAX_VALUE;
    private static final int SIGTERM = 15;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    @TempDir
    private Path folder;

    private static String url(InetSocketAddress address) {
        return "http://127.0.0.1:" + address.getPort() + "/path?q=1";
    }

    private int run(String... options) {
        List<String> words = new ArrayList<>(List.of("bench", "http"));
        words.addAll(List.of(options));
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words.toArray(String[]::new));
    }

    private JsonNode report(int exitCode, String url, String options) throws IOException {
        Path json = folder.resolve("report.json");
        String[] words = ("--url " + url + " --out " + json + " " + options).split(" ");
        assertThat(run(words)).as("%s%s", out, err).isEqualTo(exitCode);
        return new ObjectMapper().readTree(Files.readString(json));
    }

    @Test
    void sendsExactlyWhatIsDue() throws IOException {
        try (ScriptedServer server = new ScriptedServer(OK, FOR_EVER)) {
            JsonNode report = report(ExitCode.DONE, url(server.address()),
                    "--rate 200 --connections 4 --duration 600ms --warmup 200ms");

            assertThat(server.requests()).as("warm-up and all").isEqualTo(160);
            assertThat(report.at("/requests").asLong()).isEqualTo(120);
            assertThat(report.at("/answers/2xx").asLong()).isEqualTo(120);
            assertThat(report.at("/errors").asLong()).isZero();
            assertThat(report.at("/latency/corrected/count").asLong()).isEqualTo(120);
            assertThat(report.at("/latency/corrected/minMillis").asDouble())
                    .isGreaterThanOrEqualTo(report.at("/latency/service/minMillis").asDouble());
            assertThat(report.at("/connections").toString()).isEqualTo("{\"opened\":4,\"lost\":0}");
            assertThat(report.at("/rate/asked").asInt()).isEqualTo(200);
            assertThat(out.toString()).contains("requests     120  answered 2xx 120  3xx 0", "corrected  ",
                    "service  ", "The load generator");
            assertThat(Files.readString(folder.resolve("report.html"))).contains("<td>127.0.0.1:");
        }
    }

    @Test
    void asksAsOftenAsItIsAnsweredInAClosedLoop() throws IOException {
        try (ScriptedServer server = new ScriptedServer(OK, FOR_EVER)) {
            JsonNode report = report(ExitCode.DONE, url(server.address()),
                    "--rate max --connections 2 --duration 300ms");

            assertThat(report.at("/requests").asInt()).isPositive().isEqualTo(server.requests());
            assertThat(report.at("/latency/corrected").isNull()).isTrue();
            assertThat(report.at("/rate/asked").isNull()).isTrue();
            assertThat(out.toString()).contains("Closed loop").doesNotContain("corrected  ");
        }
    }

    @ParameterizedTest
    @CsvSource({"HTTP/1.1 503 No\\r\\nContent-Length: 0\\r\\n\\r\\n,   0, /answers/5xx",
        "HTTP/1.1 404 No\\r\\nContent-Length: 0\\r\\n\\r\\n,           0, /answers/4xx",
        "HTTP/1.1 100 Continue\\r\\n\\r\\nHTTP/1.1 500 No\\r\\nContent-Length: 0\\r\\n\\r\\n, 0, /answers/5xx",
        "SSH-2.0-x y\\r\\n\\r\\n,                                      1, /failures/protocol",
        "HTTP/1.1 101 Switching Protocols\\r\\n\\r\\n,                 1, /failures/protocol",
        "HTTP/1.1 200 OK\\r\\nContent-Le,                              1, /failures/timeout",
        "'',                                                           1, /failures/timeout"})
    void errorsAreCountedByWhatHappened(String answer, int exitCode, String field) throws IOException {
        try (ScriptedServer server = new ScriptedServer(answer.translateEscapes(), FOR_EVER)) {
            JsonNode report = report(exitCode, url(server.address()),
                    "--rate 50 --connections 10 --duration 200ms --timeout 300ms");

            assertThat(report.at(field).asLong()).as("%s", report).isEqualTo(10);
            assertThat(report.at("/errors").asLong()).isEqualTo(10);
        }
    }

    @Test
    void aTimeOutIsALatencyToo() throws IOException {
        try (ScriptedServer server = new ScriptedServer("", FOR_EVER)) {
            JsonNode report = report(ExitCode.FAILED, url(server.address()),
                    "--rate 20 --connections 4 --duration 200ms --timeout 250ms");

            assertThat(report.at("/latency/service/count").asLong()).isEqualTo(4);
            assertThat(report.at("/latency/service/minMillis").asDouble()).isGreaterThanOrEqualTo(249);
        }
    }

    @Test
    void whatNeverGetsAConnectionIsUnfinishedAndItsWaitingCounts() throws IOException {
        try (ScriptedServer server = new ScriptedServer("", FOR_EVER)) {
            JsonNode report = report(ExitCode.FAILED, url(server.address()),
                    "--rate 50 --connections 1 --duration 200ms --timeout 300ms");

            int sent = server.requests();
            assertThat(sent).as("one each 300 ms, until 300 ms after the end").isBetween(1, 2);
            assertThat(report.at("/failures/timeout").asInt()).isEqualTo(sent);
            assertThat(report.at("/failures/unfinished").asInt()).isEqualTo(10 - sent);
            assertThat(report.at("/latency/corrected/count").asInt()).isEqualTo(10);
            assertThat(report.at("/latency/corrected/minMillis").asDouble()).isGreaterThanOrEqualTo(299);
            assertThat(out.toString())
                    .contains(10 - sent + " requests were due and had no answer when the run ended");
        }
    }

    @Test
    void aConnectionThatBreaksFailsItsRequestAndIsOpenedAgainForTheNext() throws IOException {
        try (ScriptedServer server = new ScriptedServer(OK, 1)) {
            JsonNode report = report(ExitCode.DONE, url(server.address()),
                    "--rate 20 --connections 1 --duration 500ms");

            assertThat(report.at("/answers/2xx").asLong()).as("every other one").isEqualTo(5);
            assertThat(report.at("/failures/reset").asLong()).isEqualTo(5);
            assertThat(report.at("/connections/lost").asLong()).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @CsvSource({"HTTP/1.1 204 No\\r\\nConnection: close\\r\\n\\r\\n,           0, /answers/2xx",
        "HTTP/1.1 200 OK\\r\\n\\r\\nhello,                               0, /answers/2xx",
        "HTTP/1.1 200 OK\\r\\nContent-Length: 50\\r\\n\\r\\nhello,         1, /failures/reset"})
    void whoCannotConnectAnyMoreFailsWithoutDelay(String lastAnswer, int exitCode, String field)
            throws IOException {
        try (OneAnswer server = new OneAnswer(lastAnswer.translateEscapes())) {
            JsonNode report = report(exitCode, url(server.address()),
                    "--rate 50 --connections 1 --duration 200ms");

            assertThat(report.at(field).asLong()).as("%s", report).isEqualTo(1);
            assertThat(report.at("/failures/connect").asLong()).isEqualTo(9);
        }
    }

    @Test
    void aClosedLoopDoesNotSpinOnATargetThatHasGone() throws IOException {
        try (OneAnswer server = new OneAnswer("HTTP/1.1 200 OK\r\n\r\nhello")) {
            JsonNode report = report(ExitCode.DONE, url(server.address()),
                    "--rate max --connections 1 --duration 300ms");

            assertThat(report.at("/answers/2xx").asLong()).isEqualTo(1);
            assertThat(report.at("/failures/connect").asLong()).as("one each 100 ms").isBetween(1L, 4L);
        }
    }

    /** Accepts one connection, answers one request with these bytes, and is gone. */
    private static final class OneAnswer implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final InetSocketAddress address = (InetSocketAddress) listener.getLocalSocketAddress();
        private final ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();

        OneAnswer(String bytes) throws IOException {
            thread.execute(() -> answer(bytes));
        }

        InetSocketAddress address() {
            return address;
        }

        private void answer(String bytes) {
            try (Socket socket = listener.accept();
                    var reader = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))) {
                listener.close();
                while (!reader.readLine().isEmpty()) {
                    // the rest of the head
                }
                socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
            thread.close();
        }
    }

    @Test
    void sendsTheRequestThatWasAskedFor() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
            var head = thread.submit(() -> {
                try (Socket socket = listener.accept();
                        var reader = new BufferedReader(
                                new InputStreamReader(socket.getInputStream(),
                                        StandardCharsets.ISO_8859_1))) {
                    List<String> lines = new ArrayList<>();
                    for (String line = reader.readLine(); !line.isEmpty(); line = reader.readLine()) {
                        lines.add(line);
                    }
                    char[] body = new char[1000];
                    lines.add(reader.read(body) + " times " + body[0]);
                    return lines;
                }
            });
            int port = listener.getLocalPort();
            JsonNode report = report(ExitCode.FAILED, "http://127.0.0.1:" + port,
                    "--rate 1 --connections 1 --duration 100ms --method PUT --body-size 3 --header X-A:b"
                            + " --header Host:shop.example --header Authorization:secret");

            assertThat(head.resultNow()).startsWith("PUT / HTTP/1.1").contains("X-A: b", "host: shop.example",
                    "content-length: 3", "Authorization: secret", "3 times x");
            assertThat(report.at("/options/headers").toString())
                    .contains("X-A: b", "Authorization: (not shown)")
                    .doesNotContain("secret");
        }
    }

    @Test
    void saysThatTheTargetIsDown() throws IOException {
        try (Socket bound = new Socket()) {
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)); // and nobody listens
            String target = "127.0.0.1:" + bound.getLocalPort();

            assertThat(run("--url", "http://" + target, "--rate", "10")).isEqualTo(ExitCode.FAILED);
            assertThat(err.toString().strip()).isEqualTo("turnout: cannot connect to " + target
                    + ": Connection refused");
        }
    }

    @Test
    void saysThatTheHostIsUnknown() {
        String tooLong = "x".repeat(64); // for a name: no resolver is asked

        assertThat(run("--url", "http://" + tooLong + "/", "--rate", "10")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("turnout: cannot find the host of " + tooLong);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--rate 0", "--rate 1000001", "--rate fast", "--connections 0", "--duration 10",
        "--duration 5ms", "--warmup 2h", "--timeout 0s", "--method CONNECT", "--method G@T", "--header x",
        "--header a:b\r\nc:d", "--header Content-Length:5", "--header Expect:100-continue", "--body-size -1",
        "--url https://127.0.0.1/", "--url 127.0.0.1:80", "--url http://me@127.0.0.1/",
        "--url http://127.0.0.1:0/",
        "--url http://[/", "--out /no/such/folder/x", "--html .", "--compare /no/such/file"})
    void refusesWhatMakesNoSense(String option) {
        String[] words = option.split(" ", 2);
        List<String> options = new ArrayList<>(List.of(words));
        if (!words[0].equals("--url")) {
            options.addAll(List.of("--url", "http://127.0.0.1:1/"));
        }
        if (!words[0].equals("--rate")) {
            options.addAll(List.of("--rate", "10"));
        }

        assertThat(run(options.toArray(String[]::new))).as("%s", err).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("turnout: ", words[0], "(expected: ");
        assertThat(out.toString()).as("nothing was begun").isEmpty();
    }

    @Test
    void wantsToKnowWhichKindOfLoad() {
        assertThat(Main.commandLine().setErr(new PrintWriter(err, true)).execute("bench"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("bench: no kind of load (expected: http, pg)");
    }

    @Test
    void comparesWithAnEarlierReport() throws IOException {
        try (ScriptedServer server = new ScriptedServer(OK, FOR_EVER)) {
            Path earlier = folder.resolve("earlier.json");
            Files.writeString(earlier, "{\"format\":1,\"rate\":{\"answered\":50.0},\"errors\":0}");
            report(ExitCode.DONE, url(server.address()),
                    "--rate 100 --connections 2 --duration 200ms --compare " + earlier);

            assertThat(out.toString()).containsPattern("compared +this +earlier +ratio\\s")
                    .containsPattern("answered/s +\\d+\\.\\d +50\\.0 +\\d+\\.\\d\\d\\s");
        }
    }

    @Test
    void refusesToCompareWithSomethingElse() throws IOException {
        Path other = Files.writeString(folder.resolve("other.json"), "{}");

        assertThat(run("--url", "http://127.0.0.1:1/", "--rate", "1", "--compare", other.toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("(expected: a report of turnout bench, format 1)");
    }

    @Test
    void showsWhatWasMeasuredWhenItIsInterrupted() throws Exception {
        Path json = folder.resolve("report.json");
        try (ScriptedServer server = new ScriptedServer(OK, FOR_EVER)) {
            Process bench = new ProcessBuilder(TurnoutProcess.command(List.of("bench", "http", "--url",
                    url(server.address()), "--rate", "100", "--duration", "10m", "--out", json.toString())))
                    .redirectErrorStream(true).start();
            try (var said = bench.inputReader(StandardCharsets.UTF_8)) {
                await().until(() -> server.requests() > 10);
                bench.toHandle().destroy(); // by its handle: the process's own would also close the pipe
                assertThat(said.readAllAsString()).contains("Interrupted after ", "corrected  ");
            } finally {
                bench.destroyForcibly();
            }
            assertThat(bench.waitFor()).isEqualTo(128 + SIGTERM);
            JsonNode report = new ObjectMapper().readTree(Files.readString(json));
            assertThat(report.at("/interrupted").asBoolean()).isTrue();
            assertThat(report.at("/answers/2xx").asInt()).isEqualTo(report.at("/requests").asInt())
                    .isEqualTo(server.requests());
        }
    }
}
