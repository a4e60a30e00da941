package dev.turnout.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Drives {@code bench/growth} as a user does. Judges no times: those depend on the machine. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class GrowthTest {
    @TempDir
    Path temporary;

    @Test
    void comparesFewWithManyAndLeavesNothingBehind() throws Exception {
        Path json = temporary.resolve("out.json");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("turnout.root", ".."), "bench", "growth").toString()));
        command.addAll(List.of("--check", "--out", json.toString(), "--turnout",
                "'" + String.join("' '", TurnoutProcess.command(List.of())) + "'"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("TMPDIR", temporary.toString());
        Process script = builder.start();
        String said = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(script.waitFor()).as("2: a tool is missing; run: mvn verify -DinstallTools=true\n%s", said)
                .isZero();
        for (String row : List.of("the same twice: the noise", "1 -> 1000 routes, one of them",
                "1 -> 1000 routes, each in turn", "1 -> 100 rules", "64 -> \\d+ connections")) {
            assertThat(said).containsPattern("(?m)^  " + row + "( +\\d+\\.\\d\\d){2} +\\d.* 1 of 1$");
        }
        assertThat(said).containsPattern("(?m)^  1000 routes( +\\d+\\.\\d){5}$");
        assertThat(Files.readString(json)).contains("\"ratio\": {", "\"memory\": {");
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.filter(Files::isDirectory)).isEmpty();
        }
    }
}
