package dev.turnout.bench.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a load came to; also the fields of the JSON, which {@code docs/bench.md} describes. Maps keep their order.
 *
 * @param kind which command made it, {@code http} or {@code pg}
 * @param unit what is counted, {@code requests} or {@code transactions}
 * @param subject what was measured, in a few words
 * @param startedAt when the measurement began, ISO 8601 in UTC
 * @param durationSeconds how long it was; shorter than asked when it was interrupted
 * @param options as given or by default
 * @param requests that were due in the measurement; each is in {@code answers} or in {@code failures}
 * @param answers by class of status, {@code 2xx}; transactions that succeeded are {@code ok}
 * @param failures requests without an answer, by reason
 * @param errors failures and answers with a status of 400 and more
 * @param bytes null where they are not counted
 * @param seconds one for each second
 * @param ledger null where none was kept
 */
@JsonPropertyOrder({"format", "kind"})
public record Report(
        String kind,
        String unit,
        String subject,
        String startedAt,
        double durationSeconds,
        boolean interrupted,
        Map<String, Object> options,
        Rate rate,
        long requests,
        Map<String, Long> answers,
        Map<String, Long> failures,
        long errors,
        Latencies latency,
        @Nullable Bytes bytes,
        Connections connections,
        Generator generator,
        List<Second> seconds,
        @Nullable Ledger ledger) {
    static final int FORMAT = 1;

    /**
     * Requests per second.
     *
     * @param asked null: as fast as it goes
     */
    public record Rate(@Nullable Integer asked, double sent, double answered) {}

    /**
     * How long answers took.
     *
     * @param corrected from when a request was due; null in a closed loop and when nothing was recorded
     * @param service from when it was sent; null when nothing was recorded
     */
    public record Latencies(@Nullable Latency corrected, @Nullable Latency service) {
        /** The one to judge by. */
        @Nullable
        Latency best() {
            return corrected == null ? service : corrected;
        }
    }

    public record Bytes(long received, long sent) {}

    /**
     * How many connections there were.
     *
     * @param opened before and during the measurement
     * @param lost those of them that ended before the run did
     */
    public record Connections(long opened, long lost) {}

    /**
     * How well the load generator itself kept up.
     *
     * @param limit whether it, and not the target, may be what the figures show
     * @param maxLagMillis how late its timer noticed a request that was due, at worst
     * @param lateRequests noticed more than 1 ms late
     * @param cpuPercent of one core, by the threads of the load
     * @param cores how many those threads could keep busy
     */
    public record Generator(
            boolean limit,
            double maxLagMillis,
            long lateRequests,
            double cpuPercent,
            int cores) {
        private static final double BUSY_PERCENT = 90;
        /** From here on the 99.9th percentile may be the generator's own. */
        private static final double LATE_SHARE = 0.001;

        public static Generator of(long requests, long maxLagNanos, long lateRequests, double cpuPercent,
                int cores) {
            boolean limit = lateRequests > requests * LATE_SHARE || cpuPercent > BUSY_PERCENT * cores;
            return new Generator(limit, Latency.millis(maxLagNanos), lateRequests,
                    Math.round(cpuPercent * 10) / 10.0, cores);
        }
    }

    /**
     * What became of writes that carry a number of their own.
     *
     * @param acknowledged how many the target said it had
     * @param unacknowledged those that failed, or whose answer never came: nobody knows
     * @param appeared how many of those are there all the same, which is no mistake
     * @param lost acknowledged, and not there
     * @param duplicated rows that are there once too often
     * @param reordered acknowledged rows that stand behind a later one of the same client
     * @param unexpected rows that nobody wrote
     * @param readBacks how often a client looked for its own last write during the load
     * @param staleReads how many of those did not find it
     */
    public record Ledger(
            long acknowledged,
            long unacknowledged,
            long appeared,
            long lost,
            long duplicated,
            long reordered,
            long unexpected,
            long readBacks,
            long staleReads) {
        /** Whether every acknowledged write is there exactly once, in its order, and nothing else is. */
        @JsonProperty
        public boolean intact() {
            return lost + duplicated + reordered + unexpected == 0;
        }
    }

    /** What a reader of the JSON may rely on: fields are added within a format, never renamed. */
    @JsonProperty
    public int format() {
        return FORMAT;
    }
}
