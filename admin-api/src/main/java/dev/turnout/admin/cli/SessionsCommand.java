package dev.turnout.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code turnout sessions}: who is connected to a PostgreSQL route, and what each session does. */
// @formatter:off
@CommandLine.Command(name = "sessions",
        description = {"Lists the open sessions of a PostgreSQL route, the oldest first.",
            "STATE is what the session does, and STATE SINCE since when; CLASS is what moving it to the other side would"
                    + " take (stateless, replayable or pinned), and REASON the first thing that makes it so. PID is the"
                    + " server's, as pg_stat_activity shows it. Statements are never shown. Times are UTC."},
        footer = {"", "Examples:",
            "  turnout sessions shop-db",
            "  turnout sessions shop-db --state idle-in-transaction",
            "  turnout sessions shop-db --user app --database shop --limit 20",
            "  turnout sessions shop-db -o json | jq '.sessions[] | select(.class == \"pinned\")'"})
// @formatter:on
public final class SessionsCommand implements Command {
    private static final int MAX = 100_000;

    /** What a shell offers. */
    private static final class States implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List
                    .of("starting", "idle", "active", "idle-in-transaction", "failed-transaction", "closing")
                    .iterator();
        }
    }

    @Spec
    private CommandSpec spec;
    @Mixin
    private AdminOptions options;
    // @formatter:off
    @Parameters(paramLabel = "ROUTE", description = "The name of the route; turnout routes lists them.")
    private String route;
    @Option(names = "--user", paramLabel = "USER", description = "Only those of this user.")
    private @Nullable String user;
    @Option(names = "--database", paramLabel = "DATABASE", description = "Only those of this database.")
    private @Nullable String database;
    @Option(names = "--state", paramLabel = "STATE", completionCandidates = States.class,
            description = "Only those in this state: starting, idle, active, idle-in-transaction, failed-transaction or"
                    + " closing.")
    private @Nullable String state;
    @Option(names = "--limit", paramLabel = "N", defaultValue = "1000",
            description = "At most so many, 1 to 100000; default: 1000.")
    private int limit;
    // @formatter:on

    @Override
    public Integer call() {
        if (limit < 1 || limit > MAX) {
            throw new ParameterException(spec.commandLine(),
                    "--limit: " + limit + " (expected: 1 to " + MAX + ")");
        }
        String question = "/routes/" + RouteName.checked(route, spec) + "/sessions" + query();
        try (AdminClient admin = options.connect()) {
            JsonNode found = admin.get(question);
            options.print(spec, found, SessionsCommand::table);
        }
        return ExitCode.DONE;
    }

    private Query query() {
        return new Query().withSome("user", user).withSome("database", database).withSome("state", state)
                .with("limit", Integer.toString(limit));
    }

    private static String table(JsonNode found) {
        Table table = new Table("ID", "CLIENT", "USER", "DATABASE", "APPLICATION", "SIDE", "PID", "STATE",
                "STATE SINCE",
                "CLASS", "REASON", "SINCE");
        JsonNode sessions = found.path("sessions");
        for (JsonNode session : sessions) {
            table.add(session.path("id").asLong(), Routes.text(session, "client"),
                    Routes.text(session, "user"),
                    Routes.text(session, "database"), Routes.text(session, "application"),
                    Routes.text(session, "target"), session.path("pid").asLong(),
                    Routes.text(session, "state"),
                    Times.toSeconds(Routes.text(session, "stateSince")), Routes.text(session, "class"),
                    Routes.text(session, "reason"), Times.toSeconds(Routes.text(session, "since")));
        }
        long left = found.path("total").asLong() - sessions.size();
        return table + (left > 0
                ? System.lineSeparator() + "and " + left + " more (--limit shows them)"
                : "");
    }
}
