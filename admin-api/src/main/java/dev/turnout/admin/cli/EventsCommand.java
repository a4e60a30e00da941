package dev.turnout.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code turnout events}: what happened, and what happens. Following asks again each second instead of holding the
 * stream open: every answer has its limits of time and size then, and a restart of the proxy shows.
 */
// @formatter:off
@CommandLine.Command(name = "events",
        description = {"Prints what happened lately, oldest first.",
            "Changes, health, reloads and drains, a sentence each, after the time (UTC) and the kind. The proxy keeps some in memory and begins anew with each start; turnout audit has every change ever made."},
        footer = {"", "Examples:",
            "  turnout events",
            "  turnout events -w                    goes on until Ctrl-C, also while the proxy is away",
            "  turnout events -w -o json            one object on each line"})
// @formatter:on
public final class EventsCommand implements Command {
    private final Ticks ticks;

    @Spec
    private CommandSpec spec;
    @Mixin
    private AdminOptions options;
    // @formatter:off
    @Option(names = {"-w", "--watch"}, description = "Goes on with what happens, until Ctrl-C.")
    private boolean watch;
    @Option(names = "--after", paramLabel = "N", defaultValue = "0",
            description = "Only those with a higher number, which -o json shows; default: 0, all that are kept.")
    private long after;
    // @formatter:on

    private JsonNode last = JsonNodeFactory.instance.missingNode();

    /** For the command line. */
    public EventsCommand() {
        this(Ticks.eachSecond());
    }

    EventsCommand(Ticks ticks) {
        this.ticks = ticks;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (after < 0) {
            throw new ParameterException(spec.commandLine(), "--after: " + after + " (expected: 0 or more)");
        }
        PrintWriter out = spec.commandLine().getOut();
        try (AdminClient admin = options.connect()) {
            if (watch) {
                new Watch(ticks, out).run(() -> printNew(out, admin), spec.commandLine().getErr()::println);
            } else {
                printNew(out, admin);
            }
        }
        return ExitCode.DONE;
    }

    private void printNew(PrintWriter out, AdminClient admin) {
        for (JsonNode event : newOnes(admin)) {
            out.println(options.output() == OutputFormat.JSON ? AdminAnswer.line(event) : line(event));
            last = event;
        }
    }

    /** Asks for the last known one too: if another comes in its place, the proxy has begun to count anew. */
    private Iterable<JsonNode> newOnes(AdminClient admin) {
        if (last.isMissingNode()) {
            return since(admin, after);
        }
        JsonNode events = since(admin, last.path("number").asLong() - 1);
        return events.path(0).equals(last)
                ? events.valueStream().skip(1).toList()
                : since(admin, 0);
    }

    private static JsonNode since(AdminClient admin, long number) {
        return admin.get("/events" + new Query().with("after", Long.toString(number)));
    }

    private static String line(JsonNode event) {
        String kind = Table.printable(Routes.text(event, "kind"));
        return Times.toSeconds(Routes.text(event, "at")) + "  " + kind
                + " ".repeat(Math.max(0, 8 - kind.length()))
                + "  " + Table.printable(Routes.text(event, "text"));
    }
}
