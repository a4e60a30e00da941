package dev.turnout.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The script in a real bash. */
class CompletionCommandTest {
    @TempDir
    private Path folder;
    private Path script;

    @BeforeEach
    void print() throws Exception {
        Cli turnout = new Cli();
        assertThat(turnout.run("completion", "bash")).isEqualTo(ExitCode.DONE);
        script = Files.writeString(folder.resolve("completion"), turnout.out());
    }

    private static String bash(String... words) throws Exception {
        ProcessBuilder bash = new ProcessBuilder("bash", "--noprofile", "--norc");
        bash.command().addAll(List.of(words));
        Process process = bash.redirectErrorStream(true).start();
        try (var output = process.getInputStream()) {
            String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(text).isZero();
            return text;
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void isCorrectBash() throws Exception {
        assertThat(bash("-n", script.toString())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"turnout spl,split", "turnout dr,drain", "turnout status --win,--window",
        "./turnout relo,reload", "turnout sess,sessions",
        "turnout sessions db --state idle-,idle-in-transaction",
        "turnout drain shop b,blue", "turnout completion z,zsh", "turnout status -o js,json"})
    void completesWords(String line, String expected) throws Exception {
        String[] words = line.split(" ", -1);
        String asked = "compopt() { :; }; source " + script + "; COMP_WORDS=(" + line + "); COMP_CWORD="
                + (words.length - 1)
                + "; COMP_LINE='" + line + "'; COMP_POINT=" + line.length()
                + "; $(complete -p turnout | sed 's/.*-F \\([^ ]*\\).*/\\1/') turnout; printf '%s\\n' \"${COMPREPLY[@]}\"";
        assertThat(bash("-c", asked).lines().map(String::strip)).containsExactly(expected);
    }

    @Test
    void isTheSameForZsh() throws Exception {
        Cli turnout = new Cli();
        assertThat(turnout.run("completion", "zsh")).isEqualTo(ExitCode.DONE);
        assertThat(turnout.out()).isEqualTo(Files.readString(script)).contains("bashcompinit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"completion fish", "completion"})
    void saysForWhichShellsThereIsOne(String words) {
        Cli turnout = new Cli();
        assertThat(turnout.run(words.split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(turnout.err()).contains("SHELL");
    }
}
