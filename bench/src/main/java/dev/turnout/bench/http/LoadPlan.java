package dev.turnout.bench.http;

import dev.turnout.bench.load.Pace;

/**
 * What is sent, how often and for how long. A value out of range is an IllegalArgumentException that names it.
 *
 * @param connections how many requests may be under way; 1..20 000
 */
record LoadPlan(HttpCall call, Pace pace, int connections) {
    private static final int MOST_CONNECTIONS = 20_000;

    LoadPlan {
        if (connections < 1 || connections > MOST_CONNECTIONS) {
            throw new IllegalArgumentException(
                    "connections: " + connections + " (expected: 1 to " + MOST_CONNECTIONS + ")");
        }
    }
}
