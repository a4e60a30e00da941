package dev.turnout.proxy.metrics;

import dev.turnout.config.Target;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** {@code turnout_request_duration_seconds}, out of the buckets that the event loops fill. Any thread. */
final class DurationCollector implements Collector {
    private static final double NANOS_PER_SECOND = 1e9;
    /** Every doubling is exported; the finer buckets are for quantiles of our own. */
    private static final int EXPORTED_STEP = 4;

    private final Map<String, RouteMeters> routes = new ConcurrentSkipListMap<>();

    void add(String route, RouteMeters meters) {
        routes.put(route, meters);
    }

    @Override
    public HistogramSnapshot collect() {
        HistogramSnapshot.Builder snapshot = HistogramSnapshot.builder()
                .name("turnout_request_duration_seconds")
                .help("From the whole head of a request to the last byte of its answer");
        routes.forEach((route, meters) -> {
            for (Target target : Target.values()) {
                snapshot.dataPoint(
                        dataPoint(meters, target, Labels.of("route", route, "target", target.label())));
            }
        });
        return snapshot.build();
    }

    private static HistogramSnapshot.HistogramDataPointSnapshot dataPoint(RouteMeters meters, Target target,
            Labels labels) {
        long[] fine = new long[DurationHistogram.BUCKETS];
        double sum = meters.durations(target, fine) / NANOS_PER_SECOND;
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        long count = 0;
        for (int i = 0; i < fine.length; i++) {
            count += fine[i];
            boolean last = i == fine.length - 1;
            if (i % EXPORTED_STEP == 0 || last) {
                double upper = last
                        ? Double.POSITIVE_INFINITY
                        : DurationHistogram.upperNanos(i) / NANOS_PER_SECOND;
                buckets.bucket(upper, count);
                count = 0;
            }
        }
        return HistogramSnapshot.HistogramDataPointSnapshot.builder()
                .labels(labels)
                .classicHistogramBuckets(buckets.build())
                .sum(sum)
                .build();
    }
}
