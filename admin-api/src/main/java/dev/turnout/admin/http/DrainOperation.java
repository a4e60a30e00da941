package dev.turnout.admin.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.admin.ChangeResult;
import dev.turnout.admin.DrainResult;
import dev.turnout.admin.RouteControl;
import dev.turnout.admin.RouteView;
import dev.turnout.admin.http.Problem.Kind;
import java.time.Duration;
import java.util.Map;

/** Emptying one side of a route; the answer waits as long as that takes. */
final class DrainOperation {
    private final RouteControl routes;

    DrainOperation(RouteControl routes) {
        this.routes = routes;
    }

    Answer drain(Call call) {
        Query.of(call);
        Changes.refuseUnsupported(call);
        Changes.requireJson(call);
        DrainRequest request = DrainRequest.parse(call.body());
        try {
            return answer(request, routes.drain(call.route(), request.target(), request.timeout(),
                    Changes.context(call, request.reason())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("drain: interrupted (expected: nobody interrupts a request)", e);
        }
    }

    private static Answer answer(DrainRequest request, DrainResult result) {
        return switch (result) {
            case DrainResult.Refused(ChangeResult why) -> Results.answer(why);
            case DrainResult.Drained(RouteView route, Duration took) -> drained(request, route, took);
            case DrainResult.TimedOut timedOut -> throw timedOut(request, timedOut);
            case DrainResult.Undone(RouteView route) -> throw new Problem(Kind.DRAIN_UNDONE,
                    "target: " + request.target().label() + " gets requests again, since somebody changed the"
                            + " route meanwhile: it is at version " + route.version()
                            + " now (expected: no change until the side is empty)")
                    .raised();
        };
    }

    private static Answer drained(DrainRequest request, RouteView route, Duration took) {
        ObjectNode json = Json.object()
                .put("target", request.target().label())
                .put("drained", true)
                .put("tookMillis", took.toMillis());
        json.set("route", RouteJson.of(route));
        return Answer.json(json).with(Map.of("ETag", RouteJson.etag(route.version())));
    }

    private static ProblemException timedOut(DrainRequest request, DrainResult.TimedOut left) {
        String side = request.target().label();
        return new Problem(Kind.DRAIN_TIMEOUT,
                side + ": " + left(left) + " after "
                        + request.timeout().toMillis() + " ms (expected: none); " + side
                        + " stays drained and they go on: drain again to wait longer, set or reset the split to undo it",
                Json.object()
                        .put("requests", left.requests())
                        .put("tunnels", left.tunnels())
                        .put("sessions", left.sessions()))
                .raised();
    }

    private static String left(DrainResult.TimedOut left) {
        return left.route().data().isPresent()
                ? left.sessions() + " sessions still open"
                : left.requests() + " requests and " + left.tunnels()
                        + " upgraded connections still under way";
    }
}
