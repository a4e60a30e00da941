package dev.turnout.bench;

import dev.turnout.admin.cli.Command;
import dev.turnout.admin.cli.VersionCommand;
import dev.turnout.bench.http.BenchHttpCommand;
import dev.turnout.bench.pg.BenchPgCommand;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code turnout bench}: load and drills; each kind is a command of its own below this one. */
// @formatter:off
@CommandLine.Command(name = "bench", mixinStandardHelpOptions = true, versionProvider = VersionCommand.class,
        description = "Puts load on a service and reports what it saw.",
        synopsisSubcommandLabel = "KIND",
        subcommands = {BenchHttpCommand.class, BenchPgCommand.class})
// @formatter:on
public final class BenchCommand implements Command {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(spec.commandLine(),
                "bench: no kind of load (expected: " + String.join(", ", spec.subcommands().keySet()) + ")");
    }
}
