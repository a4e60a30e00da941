package dev.turnout.admin.cli;

import dev.turnout.config.AllowedHere;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code turnout} program: finds the commands on the class path and runs the one that was asked for. */
// @formatter:off
@CommandLine.Command(name = "turnout", mixinStandardHelpOptions = true, versionProvider = VersionCommand.class,
        description = "Moves live traffic from one environment to another.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the operation failed",
            "2:the command line or the configuration is wrong",
            "3:refused, nothing was changed: the token or its role, a condition, a conflict",
            "4:the admin API cannot be reached",
            "5:timed out"},
        footer = {"", "turnout COMMAND --help explains a command and shows an example."})
// @formatter:on
public final class Main {
    private static final int HELP_COLUMNS = 100;
    /** As somebody needs them who begins; any other comes after these. */
    private static final List<String> ORDER = List.of("run", "check", "status", "routes", "sessions",
            "explain",
            "split", "drain", "endpoint", "reload", "events", "audit", "demo", "bench", "completion",
            "version");

    private Main() {}

    @AllowedHere("the one place where the process begins and ends")
    public static void main(String[] args) {
        // Not System.out, which would not tell that the reader has gone.
        System.exit(commandLine(args)
                .setOut(new PrintWriter(new FileOutputStream(FileDescriptor.out), true,
                        StandardCharsets.UTF_8))
                .execute(args));
    }

    /**
     * With the one command that is asked for: to set up the others takes longer than most commands run. With all of
     * them, when none is named or they are what it is about.
     */
    static CommandLine commandLine(String... args) {
        return ServiceLoader.load(Command.class)
                .stream()
                .filter(command -> args.length > 0 && !args[0].equals(CompletionCommand.NAME)
                        && name(command.type()).equals(args[0]))
                .findFirst()
                .map(command -> commandLine(List.of(command.get())))
                .orElseGet(Main::commandLine);
    }

    private static String name(Class<? extends Command> command) {
        return command.getAnnotation(CommandLine.Command.class).name();
    }

    /** The whole command line; its output goes where the caller's {@code setOut} and {@code setErr} say. */
    public static CommandLine commandLine() {
        return commandLine(
                ServiceLoader.load(Command.class).stream().map(ServiceLoader.Provider::get).toList());
    }

    static CommandLine commandLine(List<Command> commands) {
        CommandLine line = new CommandLine(new Main());
        commands.stream()
                .map(CommandLine::new)
                .sorted(Comparator.comparingInt(Main::place).thenComparing(CommandLine::getCommandName))
                .forEach(line::addSubcommand);
        line.addSubcommand(new CommandLine.HelpCommand());
        line.setExecutionExceptionHandler((failure, at, parsed) -> answer(failure, at.getErr()));
        line.setParameterExceptionHandler((wrong, args) -> explain(wrong));
        line.setUsageHelpWidth(HELP_COLUMNS);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        return line;
    }

    private static int place(CommandLine command) {
        int place = ORDER.indexOf(command.getCommandName());
        return place < 0 ? ORDER.size() : place;
    }

    private static int answer(Exception failure, PrintWriter err) throws Exception {
        if (failure instanceof OperatorException told) {
            err.println("turnout: " + told.getMessage());
            return told.exitCode();
        }
        throw failure;
    }

    /** One sentence and where to read more, instead of the whole help. */
    private static int explain(ParameterException wrong) {
        CommandLine at = wrong.getCommandLine();
        PrintWriter err = at.getErr();
        if (at.getParent() == null && at.getParseResult().originalArgs().isEmpty()) {
            at.usage(err); // whoever types the bare name wants to know what there is
            return ExitCode.USAGE;
        }
        err.println("turnout: " + wrong.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(wrong, err)) {
            err.println("See: " + at.getCommandSpec().qualifiedName() + " --help");
        }
        return ExitCode.USAGE;
    }
}
