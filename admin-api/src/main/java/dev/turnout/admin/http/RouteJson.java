package dev.turnout.admin.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.admin.RouteView;
import dev.turnout.config.DataKind;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** A route as JSON; the names are a contract. */
final class RouteJson {
    private RouteJson() {}

    static ArrayNode of(List<RouteView> routes) {
        ArrayNode json = Json.object().arrayNode();
        routes.forEach(route -> json.add(of(route)));
        return json;
    }

    static ObjectNode of(RouteView route) {
        ObjectNode json = Json.object();
        json.put("name", route.name())
                .put("protocol", route.protocol())
                .put("listen", route.listen())
                .put("version", route.version())
                .put("data", route.data().map(DataKind::label).orElse(null));
        json.set("split", split(route.split()));
        ObjectNode targets = json.putObject("targets");
        route.targets().forEach((target, view) -> targets.set(target.label(), target(view)));
        return json;
    }

    private static ObjectNode split(RouteView.Split split) {
        return Json.object()
                .put("green", percent(split.green()))
                .put("file", percent(split.file()))
                .put("runtime", split.runtime().map(RouteJson::percent).orElse(null))
                .put("reason", split.reason().orElse(null))
                .put("fileThen", split.fileThen().map(RouteJson::percent).orElse(null))
                .put("drained", split.drained().map(Target::label).orElse(null))
                .put("salt", split.salt())
                .put("cohort", split.cohort().orElse(null))
                .put("hidden", split.hidden().orElse(null));
    }

    private static ObjectNode target(RouteView.TargetView view) {
        ObjectNode json = Json.object();
        ArrayNode endpoints = json.putArray("endpoints");
        view.endpoints().forEach(endpoint -> endpoints.add(endpoint(endpoint)));
        ArrayNode removed = json.putArray("removed");
        view.removed()
                .forEach(endpoint -> removed.addObject()
                        .put("address", endpoint.address())
                        .put("reason", endpoint.reason().orElse(null)));
        json.put("inFlight", view.inFlight())
                .put("requests", view.requests())
                .put("failures", view.failures())
                .put("tunnels", view.tunnels())
                .set("recent", recent(view.recent()));
        json.set("sessions", view.sessions().map(RouteJson::sessions).orElse(null));
        return json;
    }

    private static ObjectNode sessions(RouteView.SessionsView view) {
        return Json.object()
                .put("open", view.open())
                .put("pinned", view.pinned())
                .put("active", view.active())
                .put("inTransaction", view.inTransaction())
                .put("transactions", view.transactions())
                .put("errors", view.errors());
    }

    private static ObjectNode recent(RouteView.Recent recent) {
        return Json.object()
                .put("seconds", Rounded.seconds(recent.over()))
                .put("requests", recent.requests())
                .put("errors", recent.errors())
                .put("errorPercent", Rounded.percent(recent.errorPercent()))
                .put("sharePercent", Rounded.each(recent.sharePercent(), Rounded::percent))
                .put("p50Millis", Rounded.each(recent.p50Seconds(), Rounded::millis))
                .put("p99Millis", Rounded.each(recent.p99Seconds(), Rounded::millis));
    }

    private static ObjectNode endpoint(RouteView.EndpointView view) {
        return Json.object()
                .put("address", view.address())
                .put("state", view.state().label())
                .put("healthy", view.healthy())
                .put("inFlight", view.inFlight())
                .put("origin", view.origin().label())
                .put("reason", view.reason().orElse(null));
    }

    private static BigDecimal percent(Share share) {
        return Rounded.withDecimal(share.percent());
    }

    static Optional<String> etag(List<RouteView> routes) {
        return routes.stream().map(RouteView::version).max(Long::compare).map(RouteJson::etag);
    }

    static String etag(long version) {
        return "\"" + version + "\"";
    }
}
