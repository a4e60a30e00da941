package dev.turnout.proxy.app;

import dev.turnout.admin.cli.ExitCode;
import dev.turnout.config.ConfigLoader;
import dev.turnout.config.ConfigResult;
import dev.turnout.config.TurnoutConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the configuration that a command was given, and tells the operator what is wrong with it. */
final class ConfigFile {
    private ConfigFile() {}

    /** Empty when it may not run: then every problem has been printed, and the exit code is {@link ExitCode#USAGE}. */
    static Optional<TurnoutConfig> read(Path file, PrintWriter err) {
        return switch (ConfigLoader.load(file, System.getenv())) {
            case ConfigResult.Valid valid -> {
                valid.warnings().forEach(warning -> err.println("warning: " + warning));
                yield Optional.of(valid.config());
            }
            case ConfigResult.Invalid invalid -> {
                invalid.problems().forEach(err::println);
                int problems = invalid.problems().size();
                err.println(problems + (problems == 1 ? " problem" : " problems") + "; nothing was started");
                yield Optional.empty();
            }
        };
    }
}
