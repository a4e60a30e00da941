package dev.turnout.admin.http;

import dev.turnout.admin.RouteControl;
import dev.turnout.admin.RouteView;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reading routes and changing their weight. */
final class RouteOperations {
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
                .map(Changes::answer)
                .orElseThrow(() -> Changes.unknown(call.route(),
                        routes.routes().stream().map(RouteView::name).toList()));
    }

    Answer setSplit(Call call) {
        Changes.refuseUnsupported(call);
        Changes.requireJson(call);
        SplitRequest request = SplitRequest.parse(call.body());
        return Changes
                .answer(routes.setSplit(call.route(), request.green(),
                        Changes.context(call, request.reason())));
    }

    Answer resetSplit(Call call) {
        Changes.refuseUnsupported(call);
        Changes.refuseBody(call, "a reset takes no reason");
        return Changes.answer(routes.resetSplit(call.route(), Changes.context(call, Optional.empty())));
    }
}
