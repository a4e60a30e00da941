package dev.turnout.admin.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.admin.AuditTrail;
import dev.turnout.admin.http.Problem.Kind;
import java.io.IOException;

/** What operators changed. */
final class AuditOperation {
    private static final int MAX = 1000;
    private static final int DEFAULT = 100;

    private final AuditTrail audit;

    AuditOperation(AuditTrail audit) {
        this.audit = audit;
    }

    Answer newest(Call call) {
        Query query = Query.of(call, "limit", "route");
        int limit = Math.toIntExact(query.number("limit", 1, MAX, DEFAULT));
        try {
            ArrayNode json = Json.object().arrayNode();
            audit.newest(limit, query.one("route")).forEach(entry -> json.add(json(entry)));
            return Answer.json(json);
        } catch (IOException e) {
            throw new Problem(Kind.AUDIT_UNREADABLE,
                    "audit: cannot be read: " + e.getMessage() + " (expected: a file that can be)").raised();
        }
    }

    private static ObjectNode json(AuditTrail.Entry entry) {
        return Json.object()
                .put("version", entry.version())
                .put("at", entry.at().toString())
                .put("actor", entry.actor())
                .put("action", entry.action())
                .put("route", entry.route().orElse(null))
                .put("subject", entry.subject().orElse(null))
                .put("reason", entry.reason().orElse(null))
                .put("before", entry.before())
                .put("after", entry.after());
    }
}
