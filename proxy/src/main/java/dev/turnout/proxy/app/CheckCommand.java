package dev.turnout.proxy.app;

import dev.turnout.admin.cli.Command;
import dev.turnout.admin.cli.ExitCode;
import dev.turnout.admin.cli.VersionCommand;
import dev.turnout.config.TurnoutConfig;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code turnout check FILE}: whether a configuration may run, without running it. */
@CommandLine.Command(name = "check", mixinStandardHelpOptions = true, versionProvider = VersionCommand.class, description = "Validates a configuration file and prints every problem with its file and line.", footer = {
    "", "Exit code 0: it may run; 2: it may not.", "", "Example: turnout check turnout.conf"})
public final class CheckCommand implements Command {
    @Spec
    private CommandSpec spec;
    @Parameters(paramLabel = "FILE", description = "The configuration file, in HOCON.")
    private Path file;

    @Override
    public Integer call() {
        Optional<TurnoutConfig> config = ConfigFile.read(file, spec.commandLine().getErr());
        config.ifPresent(valid -> {
            int routes = valid.routes().size();
            spec.commandLine().getOut()
                    .println(file + ": ok, " + routes + (routes == 1 ? " route" : " routes"));
        });
        return config.isPresent() ? ExitCode.DONE : ExitCode.USAGE;
    }
}
