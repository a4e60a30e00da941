package dev.turnout.admin.http;

import dev.turnout.admin.RouteControl;
import dev.turnout.admin.RouteView;
import dev.turnout.config.Protocol;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reading routes and changing their weight. */
final class RouteOperations {
    private static final Times WINDOW = new Times("window", Duration.ofSeconds(10), Duration.ofMinutes(10),
            "10s to 10m");
    private static final Duration LATELY = Duration.ofMinutes(1);

    private final RouteControl routes;

    RouteOperations(RouteControl routes) {
        this.routes = routes;
    }

    Answer list(Call call) {
        List<RouteView> views = routes.routes(window(call));
        return Answer.json(RouteJson.of(views))
                .with(RouteJson.etag(views).map(etag -> Map.of("ETag", etag)).orElse(Map.of()));
    }

    Answer get(Call call) {
        return routes.route(call.route(), window(call))
                .map(Results::answer)
                .orElseThrow(() -> unknown(routes, call));
    }

    private static Duration window(Call call) {
        return Query.of(call, "window").one("window").map(WINDOW::parse).orElse(LATELY);
    }

    /** Throws what {@link #unknown} makes. */
    static RouteView known(RouteControl routes, Call call) {
        return routes.route(call.route(), LATELY).orElseThrow(() -> unknown(routes, call));
    }

    static Protocol protocol(RouteView route) {
        return route.data().isPresent() ? Protocol.POSTGRESQL : Protocol.HTTP;
    }

    static ProblemException unknown(RouteControl routes, Call call) {
        return Results.unknown(call.route(), routes.routes(LATELY).stream().map(RouteView::name).toList());
    }

    Answer setSplit(Call call) {
        Query.of(call);
        Changes.refuseUnsupported(call);
        Changes.requireJson(call);
        SplitRequest request = SplitRequest.parse(call.body());
        return Results
                .answer(routes.setSplit(call.route(), request.green(),
                        Changes.context(call, request.reason())));
    }

    Answer resetSplit(Call call) {
        Query.of(call);
        Changes.refuseUnsupported(call);
        Changes.refuseBody(call, "a reset takes no reason");
        return Results.answer(routes.resetSplit(call.route(), Changes.context(call, Optional.empty())));
    }
}
