package dev.turnout.proxy.http;

import dev.turnout.config.HttpConfig;
import dev.turnout.config.Target;
import dev.turnout.config.Timeouts;
import dev.turnout.proxy.metrics.ListenerMeters;
import dev.turnout.proxy.metrics.RequestMeters;
import dev.turnout.proxy.net.ConnectionLimit;
import dev.turnout.proxy.net.Deadlines;
import dev.turnout.proxy.net.LongLived;
import dev.turnout.proxy.upstream.Balancer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * One route as one event loop serves it. Confined to that loop.
 *
 * @param loop shared with the loop's other routes
 * @param connections shared by all loops
 * @param ticks of the limits in {@code http}
 * @param spills whether a side without a healthy endpoint leaves its requests to the other
 */
public record HttpRoute(
        String name,
        HttpLoop loop,
        Map<Target, Side> sides,
        ListenerMeters meters,
        ConnectionLimit connections,
        HttpConfig http,
        Ticks ticks,
        boolean spills) {
    public HttpRoute {
        // An array look-up for each request.
        sides = new EnumMap<>(sides);
    }

    /** One side as one event loop sees it. */
    public record Side(Balancer endpoints, RequestMeters meters, LongLived tunnels) {}

    /** The limits that stand on the wheel of the loop, in its ticks. */
    public record Ticks(long head, long idle, long request, long tunnel) {
        public static Ticks of(Timeouts timeouts) {
            return new Ticks(Deadlines.ticks(timeouts.head().toNanos()),
                    Deadlines.ticks(timeouts.idle().toNanos()), Deadlines.ticks(timeouts.request().toNanos()),
                    Deadlines.ticks(timeouts.tunnel().toNanos()));
        }
    }

    long mostBodyBytes() {
        return http.limits().body().orElse(Long.MAX_VALUE);
    }

    boolean exposeTarget() {
        return http.exposeTarget();
    }

    Side side(Target target) {
        return Objects.requireNonNull(sides.get(target), target.label());
    }
}
