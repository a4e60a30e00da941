package dev.turnout.bench.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.io.IOException;
import java.util.Optional;

/**
 * A route as its operators see it.
 *
 * @param green green's share in effect, with what is drained
 * @param drained the side that gets nothing new
 * @param version rises with every change of the route
 */
record RouteState(Share green, Optional<Target> drained, long version) {
    /** Reads an answer of the admin API. Throws IOException for one that is no route. */
    static RouteState of(JsonNode route) throws IOException {
        JsonNode green = route.at("/split/green");
        if (!green.isNumber()) {
            throw new IOException("not a route: " + route);
        }
        JsonNode drained = route.at("/split/drained");
        return new RouteState(Share.ofPercent(green.decimalValue()),
                drained.isTextual() ? Optional.of(side(drained.textValue())) : Optional.empty(),
                route.path("version").asLong());
    }

    /** Throws IOException for a name that is neither blue nor green. */
    static Target side(String label) throws IOException {
        for (Target target : Target.values()) {
            if (target.label().equals(label)) {
                return target;
            }
        }
        throw new IOException("side: " + label + " (expected: blue or green)");
    }

    /** {@code 12.5%}, and what is drained. */
    @Override
    public String toString() {
        return green + drained.map(side -> ", " + side.label() + " drained").orElse("");
    }
}
