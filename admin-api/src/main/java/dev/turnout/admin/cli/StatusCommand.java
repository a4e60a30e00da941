package dev.turnout.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code turnout status}: what both sides of each route are doing. */
// @formatter:off
@CommandLine.Command(name = "status",
        description = {
            "Shows how both sides of every route are doing.",
            "Blue and green stand next to each other: the share that is set and the traffic that there was, how it went,"
                    + " and how many endpoints are healthy.",
            "ERROR RATE counts answers of 5xx and requests that a side failed to answer; P50 and P99 are the times"
                    + " within which half and 99 of 100 requests were answered whole; HEALTHY leaves out drained"
                    + " endpoints. For PostgreSQL a request is what one server did until it was ready again, and an error"
                    + " one by the server's fault; a second table has its sessions now, and its transactions and errors"
                    + " since the start. What is not as the file has it, or not well, stands below."},
        footer = {"", "Examples:",
            "  turnout status -w                    until Ctrl-C",
            "  turnout status shop --window 5m",
            "  turnout status -w -o json            one line for each refresh"})
// @formatter:on
public final class StatusCommand implements Command {
    private static final String CLEAR_SCREEN = "\u001b[H\u001b[2J";
    private static final Duration MIN_WINDOW = Duration.ofSeconds(10);
    private static final Duration MAX_WINDOW = Duration.ofMinutes(10);

    private final Ticks ticks;
    private final boolean terminal;

    @Spec
    private CommandSpec spec;
    @Mixin
    private AdminOptions options;
    // @formatter:off
    @Parameters(arity = "0..1", paramLabel = "ROUTE", description = "Only this one; default: all.")
    private @Nullable String route;
    @Option(names = {"-w", "--watch"}, description = "Refreshes each second until Ctrl-C, also while the proxy is away.")
    private boolean watch;
    @Option(names = "--window", paramLabel = "TIME", defaultValue = "60s", converter = DurationConverter.class,
            description = "The time that the figures are about, 10s to 10m; default: 60s.")
    private Duration window;
    // @formatter:on

    private String screen = "";

    /** For the command line. */
    public StatusCommand() {
        this(Ticks.eachSecond(), CommandLine.Help.Ansi.AUTO.enabled());
    }

    /** @param terminal whether what is printed can be wiped */
    StatusCommand(Ticks ticks, boolean terminal) {
        this.ticks = ticks;
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        String path = path();
        PrintWriter out = spec.commandLine().getOut();
        try (AdminClient admin = options.connect()) {
            if (watch) {
                new Watch(ticks, out).run(() -> show(out, admin.get(path)), why -> explain(out, why));
            } else {
                out.println(options.output() == OutputFormat.JSON
                        ? AdminAnswer.print(admin.get(path))
                        : table(admin.get(path)));
            }
        }
        return ExitCode.DONE;
    }

    private String path() {
        if (window.compareTo(MIN_WINDOW) < 0 || window.compareTo(MAX_WINDOW) > 0) {
            throw new ParameterException(spec.commandLine(),
                    "--window: " + DurationConverter.print(window) + " (expected: 10s to 10m)");
        }
        String which = route == null ? "" : "/" + RouteName.checked(route, spec);
        return "/routes" + which + new Query().with("window", DurationConverter.print(window));
    }

    private void show(PrintWriter out, JsonNode answer) {
        if (options.output() == OutputFormat.JSON) {
            out.println(AdminAnswer.line(answer)); // what reads a stream of JSON expects a line for each
            return;
        }
        screen = table(answer) + System.lineSeparator();
        out.println(terminal ? CLEAR_SCREEN + screen : screen);
    }

    private void explain(PrintWriter out, String why) {
        if (terminal && options.output() == OutputFormat.TABLE) {
            out.println(CLEAR_SCREEN + screen + System.lineSeparator() + why);
        } else {
            spec.commandLine().getErr().println(why);
        }
    }

    private String table(JsonNode answer) {
        JsonNode routes = answer.isObject() ? JsonNodeFactory.instance.arrayNode().add(answer) : answer;
        return SideTable.of(routes, window.toSeconds());
    }
}
