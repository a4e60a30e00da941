package dev.turnout.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code turnout routes}: every route, and where its weight comes from. */
// @formatter:off
@CommandLine.Command(name = "routes",
        description = {
            "Lists the routes: where they listen, green's share, and whether the file or an operator set it.",
            "VERSION is what --if-version takes. Below: the endpoints that an operator added, drained or removed."},
        footer = {"", "Example:", "  turnout routes -o json"})
// @formatter:on
public final class RoutesCommand implements Command {
    @Spec
    private CommandSpec spec;
    @Mixin
    private AdminOptions options;

    @Override
    public Integer call() {
        try (AdminClient admin = options.connect()) {
            JsonNode routes = admin.get("/routes");
            spec.commandLine().getOut().println(switch (options.output()) {
                case TABLE -> tables(routes);
                case JSON -> AdminAnswer.print(routes);
            });
        }
        return ExitCode.DONE;
    }

    private static String tables(JsonNode routes) {
        Table endpoints = Routes.endpointLayers(routes);
        return Routes.layers(routes)
                + (endpoints.isEmpty() ? "" : System.lineSeparator().repeat(2) + endpoints);
    }
}
