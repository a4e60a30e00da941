package dev.turnout.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.config.Share;
import java.util.OptionalLong;
import java.util.regex.Pattern;
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
                    + " --reset."},
        footer = {"", "Examples:",
            "  turnout split shop green=12.5%% --reason \"canary looks good\"",
            "  turnout split shop green=50%% --if-version 7    only if nobody changed it since version 7",
            "  turnout split shop --reset                     back to what the file says"})
// @formatter:on
public final class SplitCommand implements Command {
    private static final Pattern ROUTE = Pattern.compile("[a-z0-9-]{1,63}");
    private static final String GREEN = "green=";

    @Spec
    private CommandSpec spec;
    @Mixin
    private AdminOptions options;
    // @formatter:off
    @Parameters(index = "0", paramLabel = "ROUTE", description = "The name of the route; turnout routes lists them.")
    private String route;
    @Parameters(index = "1", arity = "0..1", paramLabel = "green=PERCENT",
            description = "0%% to 100%%, at most four decimals.")
    private @Nullable String share;
    @Option(names = "--reset", description = "Drops what was set at run time: back to the file.")
    private boolean reset;
    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for whoever asks later; one line.")
    private @Nullable String reason;
    @Option(names = "--if-version", paramLabel = "V",
            description = "Only if the route is still at this version; else nothing changes and the exit code is 3.")
    private @Nullable Long ifVersion;
    // @formatter:on

    @Override
    public Integer call() {
        if (!ROUTE.matcher(route).matches()) {
            throw usage("ROUTE: " + route + " (expected: 1 to 63 lower-case letters, digits and hyphens)");
        }
        if (reset == (share != null)) {
            throw usage(reset
                    ? "--reset and " + share + " (expected: one of them)"
                    : "no share (expected: green=PERCENT, or --reset)");
        }
        if (reset && reason != null) {
            throw usage("--reason: a reset keeps none (expected: --reset without it)");
        }
        String path = "/routes/" + route + "/split";
        OptionalLong version = ifVersion == null ? OptionalLong.empty() : OptionalLong.of(ifVersion);
        Share green = share == null ? Share.NONE : green(share);
        try (AdminClient admin = options.connect()) {
            JsonNode changed = reset ? admin.delete(path, version) : admin.put(path, body(green), version);
            spec.commandLine().getOut().println(switch (options.output()) {
                case TABLE -> Routes.sentence(changed);
                case JSON -> AdminAnswer.print(changed);
            });
        }
        return ExitCode.DONE;
    }

    private ObjectNode body(Share green) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("green", green.toString());
        return reason == null ? body : body.put("reason", reason);
    }

    private Share green(String text) {
        if (!text.startsWith(GREEN)) {
            throw usage(text + ": not a share (expected: green=PERCENT, like green=12.5%)");
        }
        try {
            return Share.ofPercent(text.substring(GREEN.length()));
        } catch (IllegalArgumentException e) {
            throw usage(text + ": not a share (expected: green= and " + Share.ALLOWED + ")");
        }
    }

    private CommandLine.ParameterException usage(String sentence) {
        return new CommandLine.ParameterException(spec.commandLine(), sentence);
    }
}
