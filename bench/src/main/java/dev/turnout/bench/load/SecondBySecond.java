package dev.turnout.bench.load;

import dev.turnout.bench.report.Latency;
import dev.turnout.bench.report.Second;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Counts and latencies by the second in which a request ended. Pure; events come in the order of time. */
final class SecondBySecond {
    /** In place of a latency: it counts, and its time says nothing. */
    static final long NOT_RECORDED = -1;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final long startNanos;
    private final List<Second> closed = new ArrayList<>();
    private final Histogram latency = Latency.histogram();
    private long requests;
    private long errors;

    SecondBySecond(long startNanos) {
        this.startNanos = startNanos;
    }

    void ended(long nowNanos, boolean error, long latencyNanos) {
        while (nowNanos - startNanos >= (closed.size() + 1) * SECOND) {
            close(SECOND);
        }
        requests++;
        errors += error ? 1 : 0;
        if (latencyNanos != NOT_RECORDED) {
            Latency.record(latency, latencyNanos);
        }
    }

    /** Everything up to this time, and what ended after it. */
    List<Second> upTo(long endNanos) {
        long length = endNanos - startNanos;
        while ((closed.size() + 1) * SECOND <= length) {
            close(SECOND);
        }
        long rest = length - closed.size() * SECOND;
        if (rest > 0 || requests > 0) {
            close(rest >= MILLI ? rest : SECOND);
        }
        return List.copyOf(closed);
    }

    private void close(long lengthNanos) {
        closed.add(Second.of(closed.size(), lengthNanos / MILLI, requests, errors, latency));
        requests = 0;
        errors = 0;
        latency.reset();
    }
}
