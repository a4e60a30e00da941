package dev.turnout.proxy.http;

import dev.turnout.config.Target;
import dev.turnout.proxy.metrics.ListenerMeters;
import dev.turnout.proxy.metrics.RequestMeters;
import dev.turnout.proxy.upstream.Rotation;
import java.time.Duration;

/**
 * One route as one event loop serves it. Confined to that loop.
 *
 * @param loop shared with the loop's other routes
 * @param exposeTarget whether answers say which side gave them
 */
public record HttpRoute(
        String name,
        HttpLoop loop,
        Side blue,
        Side green,
        ListenerMeters meters,
        Duration connectTimeout,
        boolean exposeTarget) {
    /** One side as one event loop sees it. */
    public record Side(Rotation endpoints, RequestMeters meters) {}

    Side side(Target target) {
        return switch (target) {
            case BLUE -> blue;
            case GREEN -> green;
        };
    }
}
