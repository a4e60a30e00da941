package dev.turnout.bench.pg;

import dev.turnout.bench.load.Timings;
import dev.turnout.bench.report.Report;
import dev.turnout.bench.report.Second;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What became of the transactions that were due within the measurement. Any thread. */
final class PgMeasurement {
    private static final String OK = "ok";
    private static final String UNFINISHED = "unfinished";

    private final Timings timings;
    private final Map<String, Long> failures = new TreeMap<>();
    private long succeeded;

    PgMeasurement(Timings timings) {
        this.timings = timings;
    }

    synchronized void sent(long dueNanos, long nowNanos) {
        if (timings.counts(dueNanos)) {
            timings.sent(nowNanos);
        }
    }

    synchronized void succeeded(long dueNanos, long sentNanos, long nowNanos) {
        if (timings.counts(dueNanos)) {
            succeeded++;
            timings.answered(dueNanos, sentNanos, nowNanos, false);
        }
    }

    synchronized void failed(long dueNanos, long sentNanos, long nowNanos, SqlFailure failure) {
        if (timings.counts(dueNanos)) {
            failures.merge(failure.label(), 1L, Long::sum);
            timings.failed(dueNanos, sentNanos, nowNanos, failure.waited());
        }
    }

    /** It was due, and the run ended before a client was free for it, or before its answer. */
    synchronized void unfinished(long dueNanos, long nowNanos) {
        if (timings.counts(dueNanos)) {
            failures.merge(UNFINISHED, 1L, Long::sum);
            timings.neverSent(dueNanos, nowNanos);
        }
    }

    /** The measurement ends now, which is earlier than planned. */
    synchronized void endAt(long nowNanos) {
        timings.endAt(nowNanos);
    }

    /** To be read, as all below, once everything has ended. */
    synchronized long transactions() {
        return succeeded + failures.values().stream().mapToLong(Long::longValue).sum();
    }

    synchronized Map<String, Long> answers() {
        return Map.of(OK, succeeded);
    }

    /** By SQLSTATE, those that occurred; what we gave up on comes behind. */
    synchronized Map<String, Long> failures() {
        return new LinkedHashMap<>(failures);
    }

    synchronized double durationSeconds() {
        return timings.durationSeconds();
    }

    synchronized long errors() {
        return timings.errors();
    }

    synchronized Report.Rate rate(@Nullable Integer asked) {
        return timings.rate(asked);
    }

    synchronized Report.Latencies latencies() {
        return timings.latencies();
    }

    synchronized List<Second> seconds() {
        return timings.seconds();
    }
}
