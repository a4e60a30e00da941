package dev.turnout.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine turnout = Main.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));

    @Test
    void findsItsCommandsOnTheClassPath() {
        assertThat(turnout.execute("version")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("turnout 0.").contains("java 25");
    }

    @Test
    void showsTheHelpToWhoeverTypesNothingElse() {
        assertThat(turnout.execute()).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("Commands:").contains("Exit codes:");
    }

    @Test
    void answersAMisspeltCommandWithTheOneThatWasMeant() {
        assertThat(turnout.execute("versoin")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("version");
    }

    @Test
    void helpsWhoeverAsksInWords() {
        assertThat(turnout.execute("help", "split")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("turnout split");
    }
}
