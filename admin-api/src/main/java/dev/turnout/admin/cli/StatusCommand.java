package dev.turnout.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code turnout status}: what both sides of each route are doing. */
// @formatter:off
@CommandLine.Command(name = "status",
        description = {
            "Shows both sides of every route: share, requests in flight, answered and failed, healthy endpoints.",
            "FAILURES are requests that the side failed to answer, so that the proxy had to. DRAINED are the endpoints"
                    + " that get no new requests, with those in flight; HEALTHY counts the others."},
        footer = {"", "Example:", "  turnout status -w"})
// @formatter:on
public final class StatusCommand implements Command {
    private static final String CLEAR_SCREEN = "\u001b[H\u001b[2J";

    private final Ticks ticks;

    @Spec
    private CommandSpec spec;
    @Mixin
    private AdminOptions options;
    @Option(names = {"-w", "--watch"}, description = "Refreshes each second until Ctrl-C.")
    private boolean watch;

    /** For the command line: a tick each second, for ever; Ctrl-C ends the process. */
    public StatusCommand() {
        this(() -> !new CountDownLatch(1).await(1, TimeUnit.SECONDS));
    }

    StatusCommand(Ticks ticks) {
        this.ticks = ticks;
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        boolean terminal = CommandLine.Help.Ansi.AUTO.enabled();
        try (AdminClient admin = options.connect()) {
            do {
                String screen = render(admin.get("/routes"));
                out.println(watch && terminal ? CLEAR_SCREEN + screen : screen);
                // A reader that went away, as in `turnout status -w | head`, ends the display.
            } while (watch && !out.checkError() && ticks.next());
        }
        return ExitCode.DONE;
    }

    private String render(JsonNode routes) {
        return switch (options.output()) {
            case TABLE -> Routes.sides(routes) + (watch ? System.lineSeparator() : "");
            // One line for each refresh: what reads a stream of JSON expects that.
            case JSON -> watch ? routes.toString() : AdminAnswer.print(routes);
        };
    }
}
