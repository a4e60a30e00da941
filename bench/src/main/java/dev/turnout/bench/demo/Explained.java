package dev.turnout.bench.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.config.Target;
import java.io.IOException;

/**
 * Where a request would go.
 *
 * @param rung the step of the ladder that decides
 */
record Explained(Target side, String rung) {
    /** Reads an answer of the admin API. Throws IOException for one that names no side. */
    static Explained of(JsonNode explanation) throws IOException {
        return new Explained(RouteState.side(explanation.path("target").asText()),
                explanation.path("rung").asText());
    }

    @Override
    public String toString() {
        return side.label() + " by " + rung;
    }
}
