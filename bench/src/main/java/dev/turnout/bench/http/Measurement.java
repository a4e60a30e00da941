package dev.turnout.bench.http;

import dev.turnout.bench.report.Latency;
import dev.turnout.bench.report.Report;
import dev.turnout.bench.report.Second;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
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
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long startNanos;
    private final boolean closedLoop;
    private final Histogram corrected = Latency.histogram();
    private final Histogram service = Latency.histogram();
    private final long[] answers = new long[LAST_CLASS + 1];
    private final Map<Failure, Long> failures = new EnumMap<>(Failure.class);
    private final SecondBySecond seconds;
    private long endNanos;
    private long errors;
    private long sentInTime;
    private long answeredInTime;

    /** @param closedLoop whether requests are due only when they can be sent, so that there is nothing to correct */
    Measurement(long startNanos, long endNanos, boolean closedLoop) {
        this.startNanos = startNanos;
        this.endNanos = endNanos;
        this.closedLoop = closedLoop;
        this.seconds = new SecondBySecond(startNanos);
        for (Failure failure : Failure.values()) {
            failures.put(failure, 0L);
        }
    }

    private boolean counts(long dueNanos) {
        return dueNanos - startNanos >= 0;
    }

    void sent(long dueNanos, long nowNanos) {
        if (counts(dueNanos) && nowNanos - endNanos < 0) {
            sentInTime++;
        }
    }

    /** The whole answer has come. */
    void answered(long dueNanos, long sentNanos, long nowNanos, int status) {
        if (!counts(dueNanos)) {
            return;
        }
        answers[Math.clamp(status / 100, FIRST_CLASS, LAST_CLASS)]++;
        boolean error = status >= FIRST_ERROR_STATUS;
        errors += error ? 1 : 0;
        answeredInTime += nowNanos - endNanos < 0 ? 1 : 0;
        Latency.record(service, nowNanos - sentNanos);
        ended(dueNanos, nowNanos, error, true);
    }

    /** It was sent, or a connection sought for it, and there will be no answer. */
    void failed(long dueNanos, long sentNanos, long nowNanos, Failure failure) {
        if (counts(dueNanos)) {
            if (failure.waited()) {
                Latency.record(service, nowNanos - sentNanos);
            }
            lost(dueNanos, nowNanos, failure);
        }
    }

    /** It was due, and the run ended before a connection was free for it. */
    void neverSent(long dueNanos, long nowNanos) {
        if (counts(dueNanos)) {
            lost(dueNanos, nowNanos, Failure.UNFINISHED);
        }
    }

    private void lost(long dueNanos, long nowNanos, Failure failure) {
        failures.merge(failure, 1L, Long::sum);
        errors++;
        ended(dueNanos, nowNanos, true, failure.waited());
    }

    private void ended(long dueNanos, long nowNanos, boolean error, boolean waited) {
        if (waited) {
            Latency.record(corrected, nowNanos - dueNanos);
        }
        seconds.ended(nowNanos, error, waited ? nowNanos - dueNanos : SecondBySecond.NOT_RECORDED);
    }

    /** The measurement ends now, which is earlier than planned. */
    void endAt(long nowNanos) {
        endNanos = nowNanos;
    }

    double durationSeconds() {
        return (endNanos - startNanos) / NANOS_PER_SECOND;
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
        return new Report.Rate(asked, perSecond(sentInTime), perSecond(answeredInTime));
    }

    private double perSecond(long count) {
        return Math.round(count / durationSeconds() * 10) / 10.0;
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
        return errors;
    }

    Report.Latencies latencies() {
        return new Report.Latencies(closedLoop ? null : latency(corrected), latency(service));
    }

    private static @Nullable Latency latency(Histogram histogram) {
        return histogram.getTotalCount() == 0 ? null : Latency.of(histogram);
    }

    /** Ends the series. */
    List<Second> seconds() {
        return seconds.upTo(endNanos);
    }
}
