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
    void listsTheCommandsAsSomebodyNeedsThemWhoBegins() {
        assertThat(turnout.execute("--help")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString().lines().dropWhile(line -> !line.equals("Commands:")).skip(1)
                .takeWhile(line -> !line.isEmpty()).map(line -> line.strip().split(" ", 2)[0]))
                .as("one line for each").containsExactly("status", "routes", "sessions", "explain", "split",
                        "drain",
                        "endpoint", "reload", "events", "audit", "completion", "version", "help");
    }

    @Test
    void describesEveryCommandAndOption() {
        turnout.getSubcommands().forEach((name, command) -> {
            var spec = command.getCommandSpec();
            assertThat(spec.usageMessage().description()).as(name).isNotEmpty();
            assertThat(spec.args()).allSatisfy(
                    arg -> assertThat(arg.description()).as("%s %s", name, arg.paramLabel()).isNotEmpty());
        });
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
