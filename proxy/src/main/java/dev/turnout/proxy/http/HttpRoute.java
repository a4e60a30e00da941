package dev.turnout.proxy.http;

import dev.turnout.config.Target;
import dev.turnout.proxy.metrics.ListenerMeters;
import dev.turnout.proxy.metrics.RequestMeters;
import dev.turnout.proxy.upstream.Rotation;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * One route as one event loop serves it. Confined to that loop.
 *
 * @param loop shared with the loop's other routes
 * @param exposeTarget whether answers say which side gave them
 */
public record HttpRoute(
        String name,
        HttpLoop loop,
        Map<Target, Side> sides,
        ListenerMeters meters,
        Duration connectTimeout,
        boolean exposeTarget) {
    public HttpRoute {
        // An array look-up for each request.
        sides = new EnumMap<>(sides);
    }

    /** One side as one event loop sees it. */
    public record Side(Rotation endpoints, RequestMeters meters) {}

    Side side(Target target) {
        return Objects.requireNonNull(sides.get(target), target.label());
    }
}
