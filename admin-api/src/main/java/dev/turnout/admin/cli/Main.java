package dev.turnout.admin.cli;

import dev.turnout.config.AllowedHere;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import picocli.CommandLine;

/** The {@code turnout} program: finds the commands on the class path and runs the one that was asked for. */
@CommandLine.Command(name = "turnout", mixinStandardHelpOptions = true, versionProvider = VersionCommand.class, description = "Moves live HTTP and PostgreSQL traffic from one environment to another.", synopsisSubcommandLabel = "COMMAND")
public final class Main {
    private Main() {}

    @AllowedHere("the one place where the process ends")
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The whole command line; its output goes where the caller's {@code setOut} and {@code setErr} say. */
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        List<Command> commands = ServiceLoader.load(Command.class)
                .stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(command -> new CommandLine(command).getCommandName()))
                .toList();
        commands.forEach(line::addSubcommand);
        line.setExecutionExceptionHandler((failure, at, parsed) -> answer(failure, at.getErr()));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        return line;
    }

    private static int answer(Exception failure, PrintWriter err) throws Exception {
        if (failure instanceof OperatorException told) {
            err.println("turnout: " + told.getMessage());
            return told.exitCode();
        }
        throw failure;
    }
}
