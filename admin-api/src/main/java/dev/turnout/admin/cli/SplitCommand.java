package dev.turnout.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.config.Share;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code turnout split}: sets green's share of a route, or drops what was set. */
// @formatter:off
@CommandLine.Command(name = "split",
        description = {"Sets green's share of a route; blue gets the rest.",
            "It decides every request from then on, survives a restart of the proxy, and holds over the file until"
                    + " --reset. Either undoes turnout drain."},
        footer = {"", "Examples:",
            "  turnout split shop green=12.5%% --reason \"canary looks good\"",
            "  turnout split shop green=50%% --if-version 7    only if nobody changed it since version 7",
            "  turnout split shop --reset                     back to what the file says"})
// @formatter:on
public final class SplitCommand implements Command {
    private static final String GREEN = "green=";

    @Spec
    private CommandSpec spec;
    @Mixin
    private AdminOptions options;
    @Mixin
    private ChangeOptions change;
    // @formatter:off
    @Parameters(index = "1", arity = "0..1", paramLabel = "green=PERCENT",
            description = "0%% to 100%%, at most four decimals.")
    private @Nullable String share;
    @Option(names = "--reset", description = "Drops what was set at run time: back to the file.")
    private boolean reset;
    // @formatter:on

    @Override
    public Integer call() {
        if (reset == (share != null)) {
            throw change.usage(reset
                    ? "--reset and " + share + " (expected: one of them)"
                    : "no share (expected: green=PERCENT, or --reset)");
        }
        if (reset && change.reason().isPresent()) {
            throw change.usage("--reason: a reset keeps none (expected: --reset without it)");
        }
        String route = "/routes/" + change.route();
        String path = route + "/split";
        OptionalLong version = change.ifVersion();
        Share green = share == null ? Share.NONE : green(share);
        try (AdminClient admin = options.connect()) {
            JsonNode before = admin.get(route);
            JsonNode after = reset ? admin.delete(path, version) : admin.put(path, body(green), version);
            options.print(spec, after, _ -> sentence(before, after));
        }
        return ExitCode.DONE;
    }

    private ObjectNode body(Share green) {
        return change.withReason(JsonNodeFactory.instance.objectNode().put("green", green.toString()));
    }

    private Share green(String text) {
        if (!text.startsWith(GREEN)) {
            throw change.usage(text + ": not a share (expected: green=PERCENT, like green=12.5%)");
        }
        try {
            return Share.ofPercent(text.substring(GREEN.length()));
        } catch (IllegalArgumentException e) {
            throw change.usage(text + ": not a share (expected: green= and " + Share.ALLOWED + ")");
        }
    }

    private String sentence(JsonNode before, JsonNode after) {
        JsonNode split = after.path("split");
        String origin = split.path("runtime").isNumber()
                ? "file: " + Figures.percent(split.path("file"))
                : "as in the file";
        return change.route() + ": green " + Figures.percent(before.at("/split/green")) + " -> "
                + Figures.percent(split.path("green")) + " (" + origin + "), version "
                + after.path("version").asLong() + undone(before.path("split"), split);
    }

    private String undone(JsonNode before, JsonNode after) {
        String drained = Routes.text(before, "drained");
        return drained.equals(Routes.text(after, "drained"))
                ? ""
                : System.lineSeparator() + change.route() + ": " + Table.printable(drained)
                        + " is not drained any more";
    }
}
