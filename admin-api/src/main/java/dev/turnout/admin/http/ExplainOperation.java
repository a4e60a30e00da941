package dev.turnout.admin.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.admin.Explanation;
import dev.turnout.admin.RouteControl;
import dev.turnout.admin.RouteView;

/** Where a request would go, and why. */
final class ExplainOperation {
    private final RouteControl routes;

    ExplainOperation(RouteControl routes) {
        this.routes = routes;
    }

    Answer explain(Call call) {
        RouteView route = RouteOperations.known(routes, call);
        return routes.explain(call.route(), SampleRequests.of(call, RouteOperations.protocol(route)))
                .map(explanation -> Answer.json(json(call.route(), explanation)))
                .orElseThrow(() -> RouteOperations.unknown(routes, call));
    }

    private static ObjectNode json(String route, Explanation explanation) {
        ObjectNode json = Json.object()
                .put("route", route)
                .put("target", explanation.target().label())
                .put("certain", explanation.certain())
                .put("rung", explanation.rung())
                .put("sentence", explanation.sentence());
        json.set("inputs", Json.tree(explanation.inputs()));
        return json;
    }
}
