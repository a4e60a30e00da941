package dev.turnout.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code turnout audit}: who changed what, when and why. */
// @formatter:off
@CommandLine.Command(name = "audit",
        description = {"Lists who changed what, when and why, newest first.",
            "It goes back beyond restarts of the proxy. SUBJECT is the side or endpoint of the route; empty: the route itself. Times are UTC."},
        footer = {"", "Examples:",
            "  turnout audit",
            "  turnout audit shop --limit 5",
            "  turnout audit -o json | jq '.[] | select(.actor == \"ops\")'"})
// @formatter:on
public final class AuditCommand implements Command {
    @Spec
    private CommandSpec spec;
    @Mixin
    private AdminOptions options;
    // @formatter:off
    @Parameters(arity = "0..1", paramLabel = "ROUTE", description = "Only changes of this one; default: all.")
    private @Nullable String route;
    @Option(names = "--limit", paramLabel = "N", defaultValue = "20",
            description = "At most so many, 1 to 1000; default: 20.")
    private int limit;
    // @formatter:on

    @Override
    public Integer call() {
        if (limit < 1 || limit > 1000) {
            throw new ParameterException(spec.commandLine(), "--limit: " + limit + " (expected: 1 to 1000)");
        }
        Query query = new Query().with("limit", Integer.toString(limit));
        if (route != null) {
            query.with("route", RouteName.checked(route, spec));
        }
        try (AdminClient admin = options.connect()) {
            JsonNode entries = admin.get("/audit" + query);
            options.print(spec, entries, answer -> table(answer).toString());
        }
        return ExitCode.DONE;
    }

    private static Table table(JsonNode entries) {
        Table table = new Table("TIME", "ACTOR", "ACTION", "ROUTE", "SUBJECT", "BEFORE", "AFTER", "REASON");
        for (JsonNode entry : entries) {
            table.add(Times.toSeconds(Routes.text(entry, "at")), Routes.text(entry, "actor"),
                    Routes.text(entry, "action"), Routes.text(entry, "route"), Routes.text(entry, "subject"),
                    Routes.text(entry, "before"), Routes.text(entry, "after"), Routes.text(entry, "reason"));
        }
        return table;
    }
}
