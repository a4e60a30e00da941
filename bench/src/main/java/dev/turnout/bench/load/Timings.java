package dev.turnout.bench.load;

import dev.turnout.bench.report.Latency;
import dev.turnout.bench.report.Report;
import dev.turnout.bench.report.Second;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * How long it took what was due within the measurement, and how much of it went wrong; what was due before is left out.
 * Pure: all times are of one ticker, and events come in the order of time. Confined by its caller.
 */
public final class Timings {
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long startNanos;
    private final boolean closedLoop;
    private final Histogram corrected = Latency.histogram();
    private final Histogram service = Latency.histogram();
    private final SecondBySecond seconds;
    private long endNanos;
    private long errors;
    private long sentInTime;
    private long answeredInTime;

    /** @param closedLoop whether things are due only when they can be sent, so that there is nothing to correct */
    public Timings(long startNanos, long endNanos, boolean closedLoop) {
        this.startNanos = startNanos;
        this.endNanos = endNanos;
        this.closedLoop = closedLoop;
        this.seconds = new SecondBySecond(startNanos);
    }

    /** Whether what was due then belongs to the measurement; only that may be told to the methods below. */
    public boolean counts(long dueNanos) {
        return dueNanos - startNanos >= 0;
    }

    public void sent(long nowNanos) {
        sentInTime += nowNanos - endNanos < 0 ? 1 : 0;
    }

    /** The whole answer has come. */
    public void answered(long dueNanos, long sentNanos, long nowNanos, boolean error) {
        answeredInTime += nowNanos - endNanos < 0 ? 1 : 0;
        Latency.record(service, nowNanos - sentNanos);
        ended(dueNanos, nowNanos, error, true);
    }

    /**
     * It was sent, or a connection sought for it, and there will be no answer.
     *
     * @param waited whether we gave up: it waited at least so long, and leaving that out would flatter the target
     */
    public void failed(long dueNanos, long sentNanos, long nowNanos, boolean waited) {
        if (waited) {
            Latency.record(service, nowNanos - sentNanos);
        }
        ended(dueNanos, nowNanos, true, waited);
    }

    /** It was due, and the run ended before it could be sent. */
    public void neverSent(long dueNanos, long nowNanos) {
        ended(dueNanos, nowNanos, true, true);
    }

    private void ended(long dueNanos, long nowNanos, boolean error, boolean waited) {
        errors += error ? 1 : 0;
        if (waited) {
            Latency.record(corrected, nowNanos - dueNanos);
        }
        seconds.ended(nowNanos, error, waited ? nowNanos - dueNanos : SecondBySecond.NOT_RECORDED);
    }

    /** The measurement ends now, which is earlier than planned. */
    public void endAt(long nowNanos) {
        endNanos = nowNanos;
    }

    public double durationSeconds() {
        return (endNanos - startNanos) / NANOS_PER_SECOND;
    }

    public long errors() {
        return errors;
    }

    public Report.Rate rate(@Nullable Integer asked) {
        return new Report.Rate(asked, perSecond(sentInTime), perSecond(answeredInTime));
    }

    private double perSecond(long count) {
        return Math.round(count / durationSeconds() * 10) / 10.0;
    }

    public Report.Latencies latencies() {
        return new Report.Latencies(closedLoop ? null : latency(corrected), latency(service));
    }

    private static @Nullable Latency latency(Histogram histogram) {
        return histogram.getTotalCount() == 0 ? null : Latency.of(histogram);
    }

    /** Ends the series. */
    public List<Second> seconds() {
        return seconds.upTo(endNanos);
    }
}
