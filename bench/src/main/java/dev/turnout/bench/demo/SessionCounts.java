package dev.turnout.bench.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.config.Target;

/** How many sessions a database route has on each side, of those that are on one. */
record SessionCounts(int blue, int green) {
    /** @param answer of {@code GET /api/v1/routes/{route}/sessions} */
    static SessionCounts of(JsonNode answer) {
        JsonNode sessions = answer.path("sessions");
        return new SessionCounts(on(Target.BLUE, sessions), on(Target.GREEN, sessions));
    }

    private static int on(Target side, JsonNode sessions) {
        int count = 0;
        for (JsonNode session : sessions) {
            if (session.path("target").asText().equals(side.label())) {
                count++;
            }
        }
        return count;
    }

    @Override
    public String toString() {
        return blue + " on blue and " + green + " on green";
    }
}
