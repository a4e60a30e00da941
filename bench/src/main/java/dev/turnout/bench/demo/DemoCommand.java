package dev.turnout.bench.demo;

import dev.turnout.admin.cli.Command;
import dev.turnout.admin.cli.ExitCode;
import dev.turnout.admin.cli.OperatorException;
import dev.turnout.admin.cli.VersionCommand;
import dev.turnout.bench.signal.Stop;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code turnout demo}: everything on this machine, to look at and to try; or a check that a shift keeps its word. */
// @formatter:off
@CommandLine.Command(name = "demo", mixinStandardHelpOptions = true, versionProvider = VersionCommand.class,
        description = {
            "Starts a blue and a green service, a blue and a green PostgreSQL, a small load of known users, the proxy"
                    + " and its admin API, shows where the traffic goes, and ends all of it on Ctrl-C. Nothing stays"
                    + " behind.",
            "Logs warnings and errors only, unless TURNOUT_LOG_LEVEL says otherwise."},
        footer = {"", "Examples:",
            "  turnout demo                 and follow what it prints, in a second terminal",
            "  turnout demo --check         under load: shift, explain, drain, reload, one writer; exit code 0 if all held"})
// @formatter:on
public final class DemoCommand implements Command {
    private static final int USERS = 200;
    /** Each user once a second: then the numbers of a line are numbers of users. */
    private static final int PER_SECOND = USERS;
    private static final Duration UNTIL_STOPPED = Duration.ofDays(3650);
    private static final String LOG_LEVEL = "TURNOUT_LOG_LEVEL";

    private final DemoParts parts;

    @Spec
    private CommandSpec spec;
    // @formatter:off
    @Option(names = "--seconds", paramLabel = "N", description = "Ends by itself after so many seconds.")
    private @Nullable Integer seconds;
    @Option(names = "--check",
            description = "Shifts users from blue to green and back, explains some, drains blue, reads the"
                    + " configuration again and asks for a second writer of the database, by the API and by the command"
                    + " line; says what it saw, and fails unless all held.")
    private boolean check;
    // @formatter:on

    /** For the command line. */
    public DemoCommand() {
        this(DemoParts.REAL);
    }

    DemoCommand(DemoParts parts) {
        this.parts = parts;
    }

    @Override
    public Integer call() throws InterruptedException {
        Duration atMost = atMost();
        logOnlyTrouble();
        PrintWriter out = spec.commandLine().getOut();
        try (Stop stop = Stop.onSignal()) {
            return check ? check(out, stop) : show(out, stop, atMost);
        } catch (IOException e) {
            throw new OperatorException(ExitCode.FAILED, "the demo broke off: " + e.getMessage());
        }
    }

    private Duration atMost() {
        if (seconds == null) {
            return UNTIL_STOPPED;
        }
        if (check) {
            throw new CommandLine.ParameterException(spec.commandLine(),
                    "--seconds and --check (expected: one of them)");
        }
        if (seconds < 1) {
            throw new CommandLine.ParameterException(spec.commandLine(),
                    "--seconds: " + seconds + " (expected: 1 or more)");
        }
        return Duration.ofSeconds(seconds);
    }

    /** What the proxy would log at INFO the demo says itself. Too late when something was logged already. */
    private static void logOnlyTrouble() {
        if (System.getenv(LOG_LEVEL) == null && System.getProperty(LOG_LEVEL) == null) {
            System.setProperty(LOG_LEVEL, "WARN");
        }
    }

    private int check(PrintWriter out, Stop stop) throws IOException, InterruptedException {
        try (Stage stage = Stage.start(parts, false);
                UnderLoad load = new UnderLoad(stage, parts.hold(), stop, out, System::nanoTime)) {
            return new DemoCheck(load, DemoCheck.PROOFS).run() ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    private int show(PrintWriter out, Stop stop, Duration atMost) throws IOException, InterruptedException {
        LoadCounts counts;
        String orders;
        long began = System.nanoTime();
        try (Stage stage = Stage.start(parts, true)) {
            Invitation invitation = new Invitation(stage.route(), stage.databaseRoute(), stage.admin(),
                    stage.token(), stage.file());
            out.println(invitation.text(Path.of(System.getProperty("turnout.root", "."))));
            out.flush();
            KeyedLoad load = new KeyedLoad(stage.route(), KeyedLoad.users(USERS), PER_SECOND,
                    System::nanoTime,
                    _ -> {});
            try (load; OrderDesk desk = OrderDesk.open(stage.databaseRoute())) {
                load.start();
                boolean terminal = CommandLine.Help.Ansi.AUTO.enabled();
                new LiveShow(out, terminal, load::counts, stage.operators().getFirst(), System::nanoTime)
                        .run(atMost, stop);
                orders = desk.toString();
            }
            counts = load.counts();
        }
        out.println("Ended after " + Duration.ofNanos(System.nanoTime() - began).toSeconds() + " s: "
                + counts.answers() + " requests of " + USERS + " users, blue answered " + counts.blue()
                + ", green " + counts.green() + ", " + counts.failed() + " errors"
                + counts.firstFailure().map(first -> ", the first: " + first).orElse("") + "; " + orders
                + ".");
        out.flush();
        return ExitCode.DONE;
    }
}
