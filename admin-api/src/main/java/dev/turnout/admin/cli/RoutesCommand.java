package dev.turnout.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code turnout routes}: every route, and where its weight comes from. */
// @formatter:off
@CommandLine.Command(name = "routes",
        description = {
            "Lists the routes, with green's share and who set it.",
            "GREEN is the share in effect; FILE and RUNTIME say where it comes from, and what an operator set holds"
                    + " over the file. VERSION is what --if-version takes. Below: sides that are drained, shares of the"
                    + " file that changed under an operator's, and the endpoints that an operator added, drained or"
                    + " removed."},
        footer = {"", "Examples:",
            "  turnout routes",
            "  turnout routes -o json | jq '.[].name'"})
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
            options.print(spec, routes, RoutesCommand::tables);
        }
        return ExitCode.DONE;
    }

    private static String tables(JsonNode routes) {
        String notes = routes.valueStream().flatMap(Notes::ofSplit)
                .collect(Collectors.joining(System.lineSeparator()));
        Table endpoints = Routes.endpointLayers(routes);
        return Stream
                .of(Routes.layers(routes).toString(), notes, endpoints.isEmpty() ? "" : endpoints.toString())
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(System.lineSeparator().repeat(2)));
    }
}
