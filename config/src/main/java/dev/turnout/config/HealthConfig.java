package dev.turnout.config;

import java.time.Duration;
import java.util.Locale;

/**
 * When an endpoint gets traffic, and how much.
 *
 * @param check how endpoints are asked; default none: then only {@code eject} takes one out
 * @param path the target of an HTTP check; begins with a slash, at most 1024 characters, default {@code /}
 * @param interval between two checks of an endpoint; 10ms..1h, default 5s
 * @param timeout until a check counts as failed; 1ms..60s, default 2s
 * @param rise passed checks in a row that make an endpoint healthy; 1..100, default 2
 * @param fall failed checks in a row that make it unhealthy; 1..100, default 3
 * @param slowStart how long the share of a new or returned endpoint grows to the full; 0s..1h, default 0s: at once
 */
public record HealthConfig(
        Check check,
        String path,
        Duration interval,
        Duration timeout,
        int rise,
        int fall,
        Duration slowStart,
        EjectConfig eject) {
    /** How an endpoint is asked whether it is healthy. */
    public enum Check {
        NONE,
        /** It is when a connection opens. */
        CONNECT,
        /** It is when it answers a GET with a status from 200 to 399. */
        HTTP;

        /** The name in configuration. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
