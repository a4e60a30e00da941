package dev.turnout.bench.http;

import java.time.Duration;

/**
 * What is sent, how often and for how long. A value out of range is an IllegalArgumentException that names it.
 *
 * @param connections how many requests may be under way; 1..20 000
 * @param warmup what is due in this time is sent and not counted; 0..1h
 * @param duration what is measured, after the warm-up; 100ms..24h
 * @param timeout how long an answer may take from when its request was sent; 10ms..10m
 */
record LoadPlan(
        HttpCall call,
        Rate rate,
        int connections,
        Duration warmup,
        Duration duration,
        Duration timeout) {
    private static final int MOST_CONNECTIONS = 20_000;

    LoadPlan {
        if (connections < 1 || connections > MOST_CONNECTIONS) {
            throw new IllegalArgumentException(
                    "connections: " + connections + " (expected: 1 to " + MOST_CONNECTIONS + ")");
        }
        check("warmup", warmup, Duration.ZERO, Duration.ofHours(1), "0s to 1h");
        check("duration", duration, Duration.ofMillis(100), Duration.ofHours(24), "100ms to 24h");
        check("timeout", timeout, Duration.ofMillis(10), Duration.ofMinutes(10), "10ms to 10m");
    }

    private static void check(String name, Duration value, Duration least, Duration most, String expected) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    name + ": " + value.toMillis() + "ms (expected: " + expected + ")");
        }
    }
}
