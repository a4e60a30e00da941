package dev.turnout.config;

import java.time.Duration;

/**
 * When an endpoint is taken out because requests to it fail.
 *
 * @param failures failed requests in a row; 1..1000, default 5
 * @param duration of the first ejection; each one in a row takes twice as long, up to 5 minutes; 1ms..5m, default
 *     10s
 * @param atMost share of a side's endpoints that may be out at once; default 50%, 0% switches ejection off
 */
public record EjectConfig(int failures, Duration duration, Share atMost) {}
