package dev.turnout.proxy.app;

import dev.turnout.admin.cli.Command;
import dev.turnout.admin.cli.ExitCode;
import dev.turnout.admin.cli.OperatorException;
import dev.turnout.admin.cli.VersionCommand;
import dev.turnout.config.ConfigLoader;
import dev.turnout.config.TurnoutConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code turnout run FILE}: the proxy with its admin API, until the process is told to end. */
@CommandLine.Command(name = "run", mixinStandardHelpOptions = true, versionProvider = VersionCommand.class, description = {
    "Runs the proxy and its admin API until SIGTERM or Ctrl-C, then lets what is under way end.",
    "SIGHUP reads FILE again, as turnout reload does; a file with a mistake changes nothing."}, footer = {
        "", "TURNOUT_LOG_LEVEL sets the log level (default INFO); the log goes to standard error.", "",
        "Example: turnout run turnout.conf"})
public final class RunCommand implements Command {
    @Spec
    private CommandSpec spec;
    @Parameters(paramLabel = "FILE", description = "The configuration file, in HOCON.")
    private Path file;

    @Override
    public Integer call() throws InterruptedException {
        Optional<TurnoutConfig> config = ConfigFile.read(file, spec.commandLine().getErr());
        if (config.isEmpty()) {
            return ExitCode.USAGE;
        }
        CountDownLatch ended = new CountDownLatch(1);
        try {
            Turnout turnout = Turnout.start(config.get(), () -> ConfigLoader.load(file, System.getenv()));
            HangUp.handle(() -> turnout.reload("SIGHUP"));
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("turnout-stop").unstarted(() -> {
                turnout.drain(turnout.config().shutdownTimeout());
                turnout.close();
                ended.countDown();
            }));
        } catch (IOException e) {
            throw new OperatorException(ExitCode.FAILED, String.valueOf(e.getMessage()));
        }
        ended.await();
        return ExitCode.DONE;
    }
}
