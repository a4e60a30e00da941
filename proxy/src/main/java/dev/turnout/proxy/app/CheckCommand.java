package dev.turnout.proxy.app;

import dev.turnout.admin.cli.Command;
import dev.turnout.admin.cli.DurationConverter;
import dev.turnout.admin.cli.ExitCode;
import dev.turnout.admin.cli.VersionCommand;
import dev.turnout.config.Protocol;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.TurnoutConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code turnout check FILE}: whether a configuration may run, without running it. */
// @formatter:off
@CommandLine.Command(name = "check", mixinStandardHelpOptions = true, versionProvider = VersionCommand.class,
        description = {"Validates a configuration file and prints every problem with its file and line.",
            "With --connect it also tries every endpoint: HTTP ones with a connection, PostgreSQL ones with the login"
                + " of each user whose password is known; with auth.query it runs that, and compares the verifiers of"
                + " both sides for each --user."},
        footer = {"", "Exit code 0: it may run, and all that was tried went well; 1: something that was tried did not;"
            + " 2: it may not run.", "", "Examples:",
            "  turnout check turnout.conf",
            "  turnout check turnout.conf --connect --user app --user reporting"})
// @formatter:on
public final class CheckCommand implements Command {
    @Spec
    private CommandSpec spec;
    // @formatter:off
    @Parameters(paramLabel = "FILE", description = "The configuration file, in HOCON.")
    private Path file;
    @Option(names = "--connect", description = "Tries every endpoint as well.")
    private boolean connect;
    @Option(names = "--user", paramLabel = "NAME",
            description = "With --connect: only this user; may be given several times.")
    private List<String> users = List.of();
    @Option(names = "--database", paramLabel = "NAME", defaultValue = "postgres",
            description = "With --connect: where to log in (default: ${DEFAULT-VALUE}).")
    private String database;
    @Option(names = "--timeout", paramLabel = "TIME", defaultValue = "5s", converter = DurationConverter.class,
            description = "With --connect: for each connection and each login (default: ${DEFAULT-VALUE}).")
    private Duration timeout;
    // @formatter:on

    @Override
    public Integer call() throws IOException {
        Optional<TurnoutConfig> config = ConfigFile.read(file, spec.commandLine().getErr());
        if (config.isEmpty()) {
            return ExitCode.USAGE;
        }
        Map<String, PgParts> parts = new LinkedHashMap<>();
        try {
            int problems = open(config.get(), parts);
            if (problems > 0) {
                spec.commandLine().getErr()
                        .println(problems + (problems == 1 ? " problem" : " problems")
                                + "; nothing was started");
                return ExitCode.USAGE;
            }
            int routes = config.get().routes().size();
            spec.commandLine().getOut()
                    .println(file + ": ok, " + routes + (routes == 1 ? " route" : " routes"));
            return connect ? tryAll(config.get(), parts) : ExitCode.DONE;
        } finally {
            parts.values().forEach(PgParts::close);
        }
    }

    /** Reads the files that a route names; answers how many routes cannot have theirs. */
    private int open(TurnoutConfig config, Map<String, PgParts> parts) {
        int problems = 0;
        for (RouteConfig route : config.routes()) {
            if (route.protocol() == Protocol.POSTGRESQL) {
                try {
                    parts.put(route.name(), PgParts.open(route, new SecureRandom()));
                } catch (IOException e) {
                    problems++;
                    spec.commandLine().getErr().println(file + ": " + e.getMessage());
                }
            }
        }
        return problems;
    }

    private int tryAll(TurnoutConfig config, Map<String, PgParts> parts) throws IOException {
        try (CheckLoop loop = CheckLoop.start(config, timeout)) {
            ConnectCheck check = new ConnectCheck(loop.servers(), loop::addresses,
                    new ConnectCheck.Wanted(users, database, timeout), spec.commandLine().getOut());
            for (RouteConfig route : config.routes()) {
                switch (route.protocol()) {
                    case HTTP -> check.http(route);
                    case POSTGRESQL -> check.postgres(route, Objects.requireNonNull(parts.get(route.name())));
                }
            }
            return check.failures() == 0 ? ExitCode.DONE : ExitCode.FAILED;
        }
    }
}
