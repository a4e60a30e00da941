package dev.turnout.proxy.metrics;

import dev.turnout.config.Target;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * Where the figures of one route come from. Each is asked when someone looks.
 *
 * @param green its share of the weight, 0 to 1
 * @param endpoints of each side
 * @param drained the side that an operator drained, if any
 */
public record MeteredRoute(
        String name,
        RouteMeters meters,
        DoubleSupplier green,
        Map<Target, Endpoints> endpoints,
        Supplier<Optional<Target>> drained) {
    /**
     * What is known of the endpoints of one side.
     *
     * @param all of the side, the drained ones too
     * @param healthy of those
     * @param passedChecks since the start
     * @param failedChecks since the start
     * @param ejections since the start
     */
    public record Endpoints(
            DoubleSupplier all,
            DoubleSupplier healthy,
            DoubleSupplier passedChecks,
            DoubleSupplier failedChecks,
            DoubleSupplier ejections) {}
}
