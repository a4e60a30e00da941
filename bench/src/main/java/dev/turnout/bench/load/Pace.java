package dev.turnout.bench.load;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * How often and for how long. A value out of range is an IllegalArgumentException that names it.
 *
 * @param warmup what is due in this time is sent and not counted; 0..1h
 * @param duration what is measured, after the warm-up; 100ms..24h
 * @param timeout how long an answer may take from when it was asked for; 10ms..10m
 */
public record Pace(Rate rate, Duration warmup, Duration duration, Duration timeout) {
    public Pace {
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

    /** Warm-up and measurement together. */
    public Duration length() {
        return warmup.plus(duration);
    }

    /** The end of a heading: {@code for 30.0 s, after 5.0 s of warm-up}. */
    public String text() {
        return "for " + seconds(duration)
                + (warmup.isZero() ? "" : ", after " + seconds(warmup) + " of warm-up");
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }

    /** As options of a report. */
    public void addTo(Map<String, Object> options) {
        options.put("rate", rate.given());
        options.put("warmupMillis", warmup.toMillis());
        options.put("durationMillis", duration.toMillis());
        options.put("timeoutMillis", timeout.toMillis());
    }
}
