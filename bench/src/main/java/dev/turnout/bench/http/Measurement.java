package dev.turnout.bench.http;

import dev.turnout.bench.load.Timings;
import dev.turnout.bench.report.Report;
import dev.turnout.bench.report.Second;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of the requests that were due within the measurement; the others are left out. Pure: all times are of
 * one ticker, and events come in the order of time. Confined by its caller.
 */
final class Measurement {
    private static final int FIRST_ERROR_STATUS = 400;
    /** Of final answers: 2xx to 5xx. */
    private static final int FIRST_CLASS = 2;
    private static final int LAST_CLASS = 5;

    private final Timings timings;
    private final long[] answers = new long[LAST_CLASS + 1];
    private final Map<Failure, Long> failures = new EnumMap<>(Failure.class);

    /** @param closedLoop whether requests are due only when they can be sent, so that there is nothing to correct */
    Measurement(long startNanos, long endNanos, boolean closedLoop) {
        timings = new Timings(startNanos, endNanos, closedLoop);
        for (Failure failure : Failure.values()) {
            failures.put(failure, 0L);
        }
    }

    void sent(long dueNanos, long nowNanos) {
        if (timings.counts(dueNanos)) {
            timings.sent(nowNanos);
        }
    }

    /** The whole answer has come. */
    void answered(long dueNanos, long sentNanos, long nowNanos, int status) {
        if (timings.counts(dueNanos)) {
            answers[Math.clamp(status / 100, FIRST_CLASS, LAST_CLASS)]++;
            timings.answered(dueNanos, sentNanos, nowNanos, status >= FIRST_ERROR_STATUS);
        }
    }

    /** It was sent, or a connection sought for it, and there will be no answer. */
    void failed(long dueNanos, long sentNanos, long nowNanos, Failure failure) {
        if (timings.counts(dueNanos)) {
            failures.merge(failure, 1L, Long::sum);
            timings.failed(dueNanos, sentNanos, nowNanos, failure.waited());
        }
    }

    /** It was due, and the run ended before a connection was free for it. */
    void neverSent(long dueNanos, long nowNanos) {
        if (timings.counts(dueNanos)) {
            failures.merge(Failure.UNFINISHED, 1L, Long::sum);
            timings.neverSent(dueNanos, nowNanos);
        }
    }

    /** The measurement ends now, which is earlier than planned. */
    void endAt(long nowNanos) {
        timings.endAt(nowNanos);
    }

    double durationSeconds() {
        return timings.durationSeconds();
    }

    /** To be read once everything has ended. */
    long requests() {
        return answeredTotal() + failures.values().stream().mapToLong(Long::longValue).sum();
    }

    private long answeredTotal() {
        long total = 0;
        for (long count : answers) {
            total += count;
        }
        return total;
    }

    Report.Rate rate(@Nullable Integer asked) {
        return timings.rate(asked);
    }

    /** By class of status, all of them. */
    Map<String, Long> answers() {
        Map<String, Long> named = new LinkedHashMap<>();
        for (int i = FIRST_CLASS; i <= LAST_CLASS; i++) {
            named.put(String.format(Locale.ROOT, "%dxx", i), answers[i]);
        }
        return named;
    }

    /** By reason, all of them. */
    Map<String, Long> failures() {
        Map<String, Long> named = new LinkedHashMap<>();
        failures.forEach((failure, count) -> named.put(failure.label(), count));
        return named;
    }

    long errors() {
        return timings.errors();
    }

    Report.Latencies latencies() {
        return timings.latencies();
    }

    /** Ends the series. */
    List<Second> seconds() {
        return timings.seconds();
    }
}
