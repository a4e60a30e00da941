package dev.turnout.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Drives {@code bench/compare-http} as a user does. Judges no times: those depend on the machine. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class CompareHttpTest {
    /** Whom the script is tried with. */
    private static final List<String> PEERS = List.of("direct", "haproxy", "nginx", "turnout");
    private static final int TOOL_MISSING = 2;

    @TempDir
    Path temporary;
    private @Nullable Process started;

    /** Every process of the script works in a folder below this one, by which it is known. */
    @AfterEach
    void leavesNoProcessAndNoFileBehind() throws Exception {
        if (started != null) {
            started.destroy(); // a test that failed may have left it running
            started.waitFor();
        }
        assertThat(ScriptProcess.processesBelow(temporary)).isEmpty();
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.filter(Files::isDirectory)).isEmpty();
        }
    }

    @Test
    void measuresEveryPeerAndPrintsItsRow() throws Exception {
        Path json = temporary.resolve("out.json");
        Process script = start("--check", "--split", "--peers", String.join(",", PEERS), "--out",
                json.toString());
        String said = ScriptProcess.said(script);

        int status = script.waitFor();
        assertThat(status).as("a tool is missing; run: mvn verify -DinstallTools=true\n%s", said)
                .isNotEqualTo(TOOL_MISSING);
        assertThat(status).as(said).isZero();
        assertThat(said).contains("128 B, one target", "4 KiB, one target", "split 90/10",
                "ratio to haproxy");
        for (String peer : PEERS) {
            assertThat(said).containsPattern("(?m)^  " + peer + " +\\d+\\.\\d\\d .* 1 of 1$");
            assertThat(Files.readString(json)).contains("\"" + peer + "\": {");
        }
    }

    @Test
    void printsWhatAProxyAddsAtAConstantRate() throws Exception {
        Path json = temporary.resolve("out.json");
        Process script = start("--check", "--size", "128", "--peers", "direct,haproxy", "--rates", "500",
                "--out", json.toString());
        String said = ScriptProcess.said(script);

        assertThat(script.waitFor()).as(said).isZero();
        String atRate = said.substring(said.indexOf("\n128 B, 500 requests/s, one target\n"));
        assertThat(atRate).contains("added p50 ms")
                .containsPattern("(?m)^  direct .* - +\\d+% +1 of 1$")
                .containsPattern("(?m)^  haproxy .* -?\\d+\\.\\d{3} +\\d+% +1 of 1$");
        assertThat(said).contains("load generator's JVM warms up", "load generator was the limit itself: ");
        assertThat(Files.readString(json)).contains("\"added_ms\": ", "\"maxLagMillis\": ");
    }

    @Test
    void endsEverythingThatItStartedWhenItIsStopped() throws Exception {
        Process script = start("--peers", String.join(",", PEERS), "--seconds", "60", "--warmup", "0");
        try (var said = script.inputReader(StandardCharsets.UTF_8)) {
            String line = said.readLine();
            while (line != null && !line.startsWith("round 1")) {
                line = said.readLine();
            }
            assertThat(line).as("it came as far as its first round").isNotNull();
            await().untilAsserted(
                    () -> assertThat(ScriptProcess.processesBelow(temporary)).contains("wrk", "haproxy",
                            "nginx", "java", "upstream"));

            script.toHandle().destroy(); // by its handle: the process's own would also close the pipe
            assertThat(said.readAllAsString()).contains("stopped");
        }
        assertThat(script.waitFor()).isEqualTo(128 + 15);
    }

    @Test
    void namesTheCommandThatInstallsAMissingTool() throws Exception {
        Process script = start("--check", "--haproxy", "/nowhere/haproxy", "--peers", "direct,haproxy");

        assertThat(ScriptProcess.said(script))
                .contains("not found: haproxy; to install: apt-get install --no-install-recommends haproxy");
        assertThat(script.waitFor()).isEqualTo(TOOL_MISSING);
    }

    @Test
    void refusesAPeerThatDoesNotStart() throws Exception {
        Process script = start("--check", "--haproxy", "/bin/false", "--peers", "direct,haproxy");

        assertThat(ScriptProcess.said(script)).contains("haproxy ended with 1");
        assertThat(script.waitFor()).isEqualTo(1);
    }

    private Process start(String... arguments) throws IOException {
        Process script = ScriptProcess.start("bench/compare-http", temporary, arguments);
        started = script;
        return script;
    }
}
