package dev.turnout.proxy.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.List;

/** All series of one meter at one moment. Not for concurrent use. */
final class Samples {
    private static final double NANOS_PER_SECOND = 1e9;
    /** Ends of the exported buckets: one for each doubling; the finer ones are for quantiles of our own. */
    private static final double[] UPPER_SECONDS = upperSeconds();

    private final Meter meter;
    private final List<CounterDataPointSnapshot> counters = new ArrayList<>();
    private final List<GaugeDataPointSnapshot> gauges = new ArrayList<>();
    private final List<HistogramDataPointSnapshot> histograms = new ArrayList<>();
    private final List<InfoDataPointSnapshot> infos = new ArrayList<>();

    Samples(Meter meter) {
        this.meter = meter;
    }

    private static double[] upperSeconds() {
        double[] upper = new double[DurationHistogram.DOUBLINGS + 2];
        for (int i = 0; i <= DurationHistogram.DOUBLINGS; i++) {
            upper[i] = DurationHistogram.upperNanos(i * DurationHistogram.SUB_BUCKETS) / NANOS_PER_SECOND;
        }
        upper[upper.length - 1] = Double.POSITIVE_INFINITY;
        return upper;
    }

    void add(long value, String... labels) {
        add((double) value, labels);
    }

    /**
     * One series of a counter, gauge or info.
     *
     * @param labels their values, in the order of the meter
     */
    void add(double value, String... labels) {
        switch (meter.type()) {
            case COUNTER -> counters.add(new CounterDataPointSnapshot(value, labels(labels), null, 0));
            case GAUGE -> gauges.add(new GaugeDataPointSnapshot(value, labels(labels), null));
            case INFO -> infos.add(new InfoDataPointSnapshot(labels(labels)));
            case HISTOGRAM -> throw new IllegalArgumentException(
                    meter.fullName() + ": one number (expected: a histogram)");
        }
    }

    /**
     * One series of a histogram.
     *
     * @param counts of the buckets of {@link DurationHistogram}
     */
    void add(long[] counts, long sumNanos, String... labels) {
        long[] exported = new long[UPPER_SECONDS.length];
        for (int bucket = 0; bucket < counts.length; bucket++) {
            int doubling = (bucket + DurationHistogram.SUB_BUCKETS - 1) / DurationHistogram.SUB_BUCKETS;
            exported[doubling] += counts[bucket];
        }
        histograms.add(new HistogramDataPointSnapshot(ClassicHistogramBuckets.of(UPPER_SECONDS, exported),
                sumNanos / NANOS_PER_SECOND, labels(labels), null, 0));
    }

    private Labels labels(String... values) {
        return Labels.of(meter.labelNames(), values);
    }

    /** In the order of the labels. */
    MetricSnapshot snapshot() {
        MetricMetadata data = new MetricMetadata(meter.baseName(), meter.help());
        return switch (meter.type()) {
            case COUNTER -> new CounterSnapshot(data, counters);
            case GAUGE -> new GaugeSnapshot(data, gauges);
            case HISTOGRAM -> new HistogramSnapshot(data, histograms);
            case INFO -> new InfoSnapshot(data, infos);
        };
    }
}
