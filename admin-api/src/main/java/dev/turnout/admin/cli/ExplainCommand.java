package dev.turnout.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code turnout explain}: where a request would go, and why. */
// @formatter:off
@CommandLine.Command(name = "explain",
        description = {"Says to which side a request, or a session of PostgreSQL, would go, and why.",
            "Describe it by the options; what is left out, it does not have. The answer names the step of the ladder"
                    + " that decides (drained, override, rule, writer, cohort, unkeyed or spill), and below it what was"
                    + " looked at. Nothing is sent to either side.",
            "--header, --cookie, --path, --method and --host describe a request; --user, --database, --application and"
                    + " --startup a session of PostgreSQL."},
        footer = {"", "Examples:",
            "  turnout explain shop --cookie uid=alice",
            "  turnout explain shop --header x-canary=always --client 10.1.2.3",
            "  turnout explain shop --method POST --path '/cart?beta=1' --host shop.example",
            "  turnout explain shop-db --user app --database shop --application report",
            "  turnout explain shop-db --user app --startup turnout.target=green --client 10.1.2.3"})
// @formatter:on
public final class ExplainCommand implements Command {
    @Spec
    private CommandSpec spec;
    @Mixin
    private AdminOptions options;
    // @formatter:off
    @Parameters(paramLabel = "ROUTE", description = "The name of the route; turnout routes lists them.")
    private String route;
    @Option(names = "--header", paramLabel = "NAME=VALUE", description = "A header of the request; may be repeated.")
    private List<String> headers = List.of();
    @Option(names = "--cookie", paramLabel = "NAME=VALUE", description = "A cookie of the request; may be repeated.")
    private List<String> cookies = List.of();
    @Option(names = "--path", paramLabel = "PATH", description = "With its query, if any: /x?y=1; default: /.")
    private @Nullable String path;
    @Option(names = "--method", paramLabel = "METHOD", description = "Default: GET.")
    private @Nullable String method;
    @Option(names = "--host", paramLabel = "HOST", description = "The host that the request asks for, without a port; default: none.")
    private @Nullable String host;
    @Option(names = "--client", paramLabel = "ADDRESS",
            description = "The IP address that the request or session comes from; default: not known.")
    private @Nullable String client;
    @Option(names = "--user", paramLabel = "USER", description = "Whom the session logs in as.")
    private @Nullable String user;
    @Option(names = "--database", paramLabel = "DATABASE", description = "The database of the session; default: as the user.")
    private @Nullable String database;
    @Option(names = "--application", paramLabel = "NAME", description = "The application_name of the session; default: none.")
    private @Nullable String application;
    @Option(names = "--startup", paramLabel = "NAME=VALUE",
            description = "A startup parameter of the session, also one of its options; may be repeated.")
    private List<String> startup = List.of();
    // @formatter:on

    @Override
    public Integer call() {
        String question = "/routes/" + RouteName.checked(route, spec) + "/explain" + query();
        try (AdminClient admin = options.connect()) {
            JsonNode explanation = admin.get(question);
            options.print(spec, explanation, ExplainCommand::sentences);
        }
        return ExitCode.DONE;
    }

    private Query query() {
        Query query = new Query().withSome("method", method);
        if (path != null && !path.startsWith("/")) {
            throw usage("--path: " + path + " (expected: a path like /x?y=1)");
        }
        query.withSome("path", path).withSome("host", host).withSome("client", client).withSome("user", user)
                .withSome("database", database).withSome("application", application);
        headers.forEach(header -> query.with("header", named("--header", header)));
        cookies.forEach(cookie -> query.with("cookie", named("--cookie", cookie)));
        startup.forEach(parameter -> query.with("startup", named("--startup", parameter)));
        return query;
    }

    private String named(String option, String text) {
        if (text.indexOf('=') < 1) {
            throw usage(option + ": " + text + " (expected: NAME=VALUE, like uid=alice)");
        }
        return text;
    }

    private ParameterException usage(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }

    private static String sentences(JsonNode explanation) {
        JsonNode inputs = explanation.path("inputs");
        int width = inputs.properties().stream().mapToInt(input -> input.getKey().length()).max().orElse(0);
        String lines = inputs.properties().stream().map(input -> line(input, width))
                .collect(Collectors.joining());
        return sentence(explanation) + lines;
    }

    private static String sentence(JsonNode explanation) {
        String target = explanation.path("certain").asBoolean()
                ? Routes.text(explanation, "target")
                : "blue or green";
        return Table.printable(Routes.text(explanation, "route") + ": " + target + " by "
                + Routes.text(explanation, "rung") + ": " + Routes.text(explanation, "sentence"));
    }

    private static String line(Map.Entry<String, JsonNode> input, int width) {
        JsonNode value = input.getValue();
        return System.lineSeparator() + "  "
                + Table.printable(input.getKey() + " ".repeat(width - input.getKey().length() + 2)
                        + (value.isNull()
                                ? Figures.NONE
                                : value.isTextual() ? value.textValue() : value.toString()));
    }
}
