package dev.turnout.admin.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.admin.RouteControl;
import dev.turnout.admin.RouteView;
import dev.turnout.admin.SessionView;
import dev.turnout.admin.http.Problem.Kind;
import dev.turnout.config.Protocol;
import dev.turnout.config.Target;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The PostgreSQL sessions of a route: who is connected, and what moving each would take. */
final class SessionListOperation {
    private static final int MAX = 100_000;
    private static final int DEFAULT = 1000;
    private static final List<String> STATES = List.of("starting", "idle", "active", "idle-in-transaction",
            "failed-transaction", "closing");

    private final RouteControl routes;

    SessionListOperation(RouteControl routes) {
        this.routes = routes;
    }

    Answer list(Call call) {
        Query query = Query.of(call, "user", "database", "state", "limit");
        int limit = Math.toIntExact(query.number("limit", 1, MAX, DEFAULT));
        Predicate<SessionView> wanted = wanted(query);
        requirePostgres(RouteOperations.known(routes, call));
        List<SessionView> found = routes.sessions(call.route())
                .orElseThrow(() -> RouteOperations.unknown(routes, call))
                .stream()
                .filter(wanted)
                .toList();
        ObjectNode json = Json.object().put("total", found.size());
        ArrayNode sessions = json.putArray("sessions");
        found.stream().limit(limit).forEach(session -> sessions.add(json(session)));
        return Answer.json(json);
    }

    private static Predicate<SessionView> wanted(Query query) {
        Optional<String> user = query.one("user");
        Optional<String> database = query.one("database");
        Optional<String> state = query.one("state").map(SessionListOperation::state);
        return session -> user.orElse(session.user()).equals(session.user())
                && database.orElse(session.database()).equals(session.database())
                && state.orElse(session.state()).equals(session.state());
    }

    private static String state(String text) {
        if (!STATES.contains(text)) {
            throw Query.refused("state", '"' + text + '"', "one of " + String.join(", ", STATES));
        }
        return text;
    }

    private static void requirePostgres(RouteView route) {
        if (RouteOperations.protocol(route) != Protocol.POSTGRESQL) {
            throw new Problem(Kind.WRONG_PROTOCOL, "route: " + route.name() + " speaks " + route.protocol()
                    + ", which has no sessions (expected: a route that speaks postgresql)").raised();
        }
    }

    private static ObjectNode json(SessionView session) {
        ObjectNode json = Json.object()
                .put("id", session.id())
                .put("client", session.client())
                .put("user", session.user())
                .put("database", session.database())
                .put("application", session.application().orElse(null))
                .put("tls", session.tls())
                .put("state", session.state())
                .put("class", session.category());
        ArrayNode reasons = json.putArray("reasons");
        session.reasons().forEach(reasons::add);
        return json.put("reason", session.reasons().stream().findFirst().orElse(null))
                .put("target", session.target().map(Target::label).orElse(null))
                .put("endpoint", session.endpoint().orElse(null))
                .put("pid", session.pid())
                .put("since", session.since().toString())
                .put("stateSince", session.stateSince().toString());
    }
}
