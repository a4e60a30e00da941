package dev.turnout.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.config.Target;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code turnout drain}: empties a side of a route, and waits until it is empty. */
// @formatter:off
@CommandLine.Command(name = "drain",
        description = {"Empties a side of a route, and waits until it is empty.",
            "All new requests go to the other side; those under way end where they are.",
            "Upgraded connections, like WebSockets, and sessions of PostgreSQL are closed over that time. The side stays drained, also when the time"
                    + " is up (exit code 5) or the proxy restarts, until turnout split sets or resets the share."},
        footer = {"", "Examples:",
            "  turnout drain shop blue --reason \"kernel update\"",
            "  turnout drain shop green --timeout 2m",
            "  turnout split shop --reset                      undoes it"})
// @formatter:on
public final class DrainCommand implements Command {
    private final Duration progressEvery;

    @Spec
    private CommandSpec spec;
    @Mixin
    private AdminOptions options;
    @Mixin
    private ChangeOptions change;
    // @formatter:off
    @Parameters(index = "1", paramLabel = "SIDE", converter = SideConverter.class,
            completionCandidates = SideConverter.Sides.class, description = "blue or green: the one to empty.")
    private Target side;
    @Option(names = "--timeout", paramLabel = "TIME", defaultValue = "30s", converter = DurationConverter.class,
            description = "How long to wait until it is empty, like 500ms, 30s or 2m; default: 30s.")
    private Duration timeout;
    // @formatter:on

    private String shown = "";

    /** For the command line. */
    public DrainCommand() {
        this(Duration.ofSeconds(1));
    }

    DrainCommand(Duration progressEvery) {
        this.progressEvery = progressEvery;
    }

    @Override
    public Integer call() {
        String route = "/routes/" + change.route();
        try (AdminClient admin = options.connect()) {
            JsonNode drained = admin.post(route + "/drain", body(), change.ifVersion(),
                    new Waiting(timeout, progressEvery, () -> showProgress(admin, route)));
            options.print(spec, drained, this::sentence);
        } catch (ApiProblem problem) {
            throw problem.is("drain_timeout") ? timedOut(problem) : problem;
        }
        return ExitCode.DONE;
    }

    private ObjectNode body() {
        return change.withReason(JsonNodeFactory.instance.objectNode()
                .put("target", side.label())
                .put("timeout", DurationConverter.print(timeout)));
    }

    private void showProgress(AdminClient admin, String route) {
        String now;
        try {
            now = Notes.left(admin.get(route).path("targets").path(side.label())) + " left";
        } catch (OperatorException e) {
            now = "how much is left is not known: " + e.getMessage(); // what becomes of the drain its own answer tells
        }
        if (!now.equals(shown)) {
            shown = now;
            spec.commandLine().getErr().println(subject() + ": draining, " + now);
        }
    }

    private String sentence(JsonNode drained) {
        return subject() + ": drained after " + Figures.time(drained.path("tookMillis"))
                + ", everything goes to "
                + side.other().label() + ", version " + drained.at("/route/version").asLong()
                + System.lineSeparator() + howToUndo();
    }

    private OperatorException timedOut(ApiProblem problem) {
        return new OperatorException(ExitCode.TIMED_OUT,
                subject() + ": after " + DurationConverter.print(timeout)
                        + " " + left(problem)
                        + " are left, which go on; it stays drained, and everything new goes to "
                        + side.other().label()
                        + " (" + howToUndo() + ")");
    }

    /** Requests and tunnels are of HTTP, sessions of PostgreSQL: of the other there are none. */
    private static String left(ApiProblem problem) {
        return problem.member("sessions").asLong() > 0
                ? Notes.plural(problem.member("sessions"), "session")
                : Notes.plural(problem.member("requests"), "request") + " and "
                        + Notes.plural(problem.member("tunnels"), "tunnel");
    }

    private String howToUndo() {
        return "turnout split " + change.route() + " green=PERCENT, or --reset, undoes it";
    }

    private String subject() {
        return change.route() + " " + side.label();
    }
}
