package dev.turnout.proxy.metrics;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * What a side answered lately.
 *
 * @param over how long that was
 * @param requests that ended, in whatever way
 * @param errors of those: answers of 5xx, and what the side failed to answer
 * @param p50Seconds from the whole head of a request to the last byte of its answer; empty when there were none
 * @param p99Seconds likewise
 */
public record Recent(
        Duration over,
        long requests,
        long errors,
        OptionalDouble p50Seconds,
        OptionalDouble p99Seconds) {
    private static final double NANOS_PER_SECOND = 1e9;

    static Recent of(Duration over, Tally tally) {
        return new Recent(over, tally.requests(), tally.errors(), seconds(0.5, tally), seconds(0.99, tally));
    }

    private static OptionalDouble seconds(double q, Tally tally) {
        for (long count : tally.durations()) {
            if (count != 0) {
                return OptionalDouble
                        .of(DurationHistogram.quantileNanos(q, tally.durations()) / NANOS_PER_SECOND);
            }
        }
        return OptionalDouble.empty();
    }
}
