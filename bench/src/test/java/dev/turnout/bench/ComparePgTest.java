package dev.turnout.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Drives {@code bench/compare-pg} as a user does. Judges no times: those depend on the machine. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ComparePgTest {
    private static final List<String> PEERS = List.of("direct", "pgbouncer-session", "pgbouncer-transaction");
    private static final int TOOL_MISSING = 2;

    @TempDir
    Path temporary;
    private @Nullable Process started;

    /** Run by root, the servers are another account's, which must get through to their folder. */
    @BeforeEach
    void letsOthersPass() throws IOException {
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwx--x--x"));
    }

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
    void measuresEveryPeerInEveryCaseAndPrintsItsRow() throws Exception {
        Path json = temporary.resolve("out.json");
        Process script = start("--check", "--peers", String.join(",", PEERS), "--out", json.toString());
        String said = ScriptProcess.said(script);

        int status = script.waitFor();
        assertThat(status).as("a tool is missing; run: mvn verify -DinstallTools=true\n%s", said)
                .isNotEqualTo(TOOL_MISSING);
        assertThat(status).as(said).isZero();
        assertThat(said).contains("-S -M simple\n", "-S -M extended\n", "-S -M prepared\n",
                "-C, a connection",
                "beside 50 idle connections", "ratio to pgbouncer-session", "KiB/connection");
        assertThat(said).containsPattern("(?m)^  direct +- +\\d+ .* 1 of 1$");
        for (String peer : PEERS.subList(1, PEERS.size())) {
            assertThat(said).containsPattern("(?m)^  " + peer + " +\\d+\\.\\d\\d .* 1 of 1$")
                    .containsPattern("(?m)^  " + peer + "( +-?\\d+\\.\\d){3}$");
            assertThat(Files.readString(json)).contains("\"" + peer + "\": {");
        }
    }

    @Test
    void endsEverythingThatItStartedWhenItIsStopped() throws Exception {
        Process script = start("--peers", String.join(",", PEERS), "--seconds", "60", "--warmup", "0",
                "--idle",
                "10");
        try (var said = script.inputReader(StandardCharsets.UTF_8)) {
            String line = said.readLine();
            while (line != null && !line.startsWith("round 1")) {
                line = said.readLine();
            }
            assertThat(line).as("it came as far as its first round").isNotNull();
            await().untilAsserted(
                    () -> assertThat(ScriptProcess.processesBelow(temporary)).contains("pgbench", "pgbouncer",
                            "postgres"));

            script.toHandle().destroy(); // by its handle: the process's own would also close the pipe
            assertThat(said.readAllAsString()).contains("stopped");
        }
        assertThat(script.waitFor()).isEqualTo(128 + 15);
    }

    @Test
    void namesTheCommandThatInstallsAMissingTool() throws Exception {
        Process script = start("--check", "--pgbouncer", "/nowhere/pgbouncer", "--peers",
                "direct,pgbouncer-session");

        assertThat(ScriptProcess.said(script)).contains(
                "not found: pgbouncer; to install: apt-get install --no-install-recommends pgbouncer");
        assertThat(script.waitFor()).isEqualTo(TOOL_MISSING);
    }

    private Process start(String... arguments) throws IOException {
        Process script = ScriptProcess.start("bench/compare-pg", temporary, arguments);
        started = script;
        return script;
    }
}
