package dev.turnout.admin.http;

import dev.turnout.admin.ChangeContext;
import dev.turnout.admin.ChangeResult;
import dev.turnout.admin.RouteControl;
import dev.turnout.admin.RouteView;
import dev.turnout.admin.http.Problem.Kind;
import dev.turnout.admin.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reading routes and changing their weight. */
final class RouteOperations {
    /** Would promise something that this version does not do: refused, since ignoring them could hurt. */
    private static final List<String> UNSUPPORTED = List.of("Idempotency-Key", "If-None-Match",
            "If-Unmodified-Since");

    private final RouteControl routes;

    RouteOperations(RouteControl routes) {
        this.routes = routes;
    }

    Answer list(Call call) {
        List<RouteView> views = routes.routes();
        Map<String, String> headers = RouteJson.etag(views).map(etag -> Map.of("ETag", etag))
                .orElse(Map.of());
        return new Answer(200, Answer.JSON, Json.bytes(RouteJson.of(views)), headers);
    }

    Answer get(Call call) {
        return routes.route(call.route())
                .map(RouteOperations::answer)
                .orElseThrow(
                        () -> unknown(call.route(), routes.routes().stream().map(RouteView::name).toList()));
    }

    Answer setSplit(Call call) {
        refuseUnsupported(call);
        requireJson(call);
        SplitRequest request = SplitRequest.parse(call.body());
        return answer(routes.setSplit(call.route(), request.green(), context(call, request.reason())));
    }

    Answer resetSplit(Call call) {
        refuseUnsupported(call);
        // By the headers: what Vert.x takes for a form it does not hand over as a body.
        String length = Optional.ofNullable(call.headers().get("Content-Length")).orElse("0");
        if (!length.equals("0") || call.headers().contains("Transfer-Encoding")) {
            throw new Problem(Kind.BAD_REQUEST, "body: present (expected: none, a reset takes no reason)")
                    .raised();
        }
        return answer(routes.resetSplit(call.route(), context(call, Optional.empty())));
    }

    private static void refuseUnsupported(Call call) {
        for (String header : UNSUPPORTED) {
            if (call.headers().contains(header)) {
                throw new Problem(Kind.UNSUPPORTED_HEADER, header
                        + ": not supported by this version (expected: no such header; If-Match makes a repeated change"
                        + " safe); nothing was changed").raised();
            }
        }
    }

    private static ChangeContext context(Call call, Optional<String> reason) {
        String actor = call.principal().map(Principal::name).orElseThrow();
        return new ChangeContext(actor, reason, IfMatch.of(call.headers().getAll("If-Match")));
    }

    private static void requireJson(Call call) {
        String type = Optional.ofNullable(call.headers().get("Content-Type")).orElse("missing");
        if (!type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
            throw new Problem(Kind.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Type: " + type + " (expected: application/json)")
                    .raised();
        }
    }

    private static Answer answer(ChangeResult result) {
        return switch (result) {
            case ChangeResult.Applied(RouteView route) -> answer(route);
            case ChangeResult.UnknownRoute(String name, List<String> known) -> throw unknown(name, known);
            case ChangeResult.Stale(long expected, long current) -> throw new Problem(Kind.STALE_VERSION,
                    "version " + expected + " was asked for (If-Match), but the route is at version "
                            + current
                            + " (expected: the current one); nothing was changed: read the route again and decide anew")
                    .raised();
            case ChangeResult.NotDurable(String detail) -> throw new Problem(Kind.NOT_DURABLE,
                    "nothing was changed, because the change could not be made durable: " + detail).raised();
        };
    }

    private static Answer answer(RouteView route) {
        return new Answer(200, Answer.JSON, Json.bytes(RouteJson.of(route)),
                Map.of("ETag", RouteJson.etag(route.version())));
    }

    private static ProblemException unknown(String name, List<String> known) {
        return new Problem(Kind.UNKNOWN_ROUTE,
                "route: " + name + " (expected: one of " + String.join(", ", known) + ")")
                .raised();
    }
}
