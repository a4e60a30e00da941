package dev.turnout.admin.cli;

import java.util.Locale;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code turnout completion}: a script that has a shell complete the words of this command line. */
// @formatter:off
@CommandLine.Command(name = CompletionCommand.NAME,
        description = {"Prints a script that has your shell complete commands and options.",
            "For bash and zsh, which load the same script; there is none for fish."},
        footer = {"", "Examples:",
            "  source <(turnout completion bash)               in this shell, or in ~/.bashrc for all",
            "  source <(turnout completion zsh)                in this shell, or in ~/.zshrc for all"})
// @formatter:on
public final class CompletionCommand implements Command {
    static final String NAME = "completion";

    private enum Shell {
        BASH, ZSH;

        /** As it is typed. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Spec
    private CommandSpec spec;
    // @formatter:off
    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    @SuppressWarnings("UnusedVariable") // the script finds out by itself which one reads it
    private Shell shell;
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Prints this help.")
    @SuppressWarnings("UnusedVariable") // picocli asks it by the annotation
    private boolean help;
    // @formatter:on

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(AutoComplete.bash("turnout", spec.root().commandLine()));
        return ExitCode.DONE;
    }
}
