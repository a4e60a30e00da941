package dev.turnout.bench.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * A distribution of latencies, in milliseconds; three digits are exact.
 *
 * @param count how many were recorded; at least one
 * @param distribution the whole of it, finer and finer towards the slowest
 */
public record Latency(
        long count,
        double minMillis,
        double p50Millis,
        double p90Millis,
        double p99Millis,
        @JsonProperty("p99.9Millis") double p999Millis,
        double maxMillis,
        double meanMillis,
        List<Point> distribution) {
    private static final int DIGITS = 3;
    private static final long UNIT_NANOS = 1_000;
    private static final long MOST_NANOS = Duration.ofHours(25).toNanos();
    private static final int STEPS_PER_HALVING = 5;
    private static final double MICROS_PER_MILLI = 1000;

    /** So many percent of the requests took at most so long. */
    public record Point(double percentile, double millis) {}

    /** An empty histogram of nanoseconds, as {@link #record} fills it. */
    public static Histogram histogram() {
        return new Histogram(UNIT_NANOS, MOST_NANOS, DIGITS);
    }

    public static void record(Histogram histogram, long nanos) {
        histogram.recordValue(Math.clamp(nanos, 0, MOST_NANOS));
    }

    /** Not of an empty one. */
    public static Latency of(Histogram nanos) {
        List<Point> distribution = new ArrayList<>();
        for (HistogramIterationValue step : nanos.percentiles(STEPS_PER_HALVING)) {
            distribution
                    .add(new Point(step.getPercentileLevelIteratedTo(), millis(step.getValueIteratedTo())));
        }
        return new Latency(nanos.getTotalCount(), millis(nanos.getMinValue()), at(nanos, 50), at(nanos, 90),
                at(nanos, 99),
                at(nanos, 99.9), millis(nanos.getMaxValue()), millis(Math.round(nanos.getMean())),
                distribution);
    }

    static double at(Histogram nanos, double percentile) {
        return millis(nanos.getValueAtPercentile(percentile));
    }

    /** To the microsecond. */
    static double millis(long nanos) {
        return Math.round((double) nanos / UNIT_NANOS) / MICROS_PER_MILLI;
    }
}
