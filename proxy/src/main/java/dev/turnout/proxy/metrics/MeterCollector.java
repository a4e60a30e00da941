package dev.turnout.proxy.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One meter as the registry asks for it. Any thread. */
record MeterCollector(Meter meter, Function<Meter, Samples> read) implements Collector {
    @Override
    public MetricSnapshot collect() {
        return read.apply(meter).snapshot();
    }

    /** Reads nothing when it is another meter that is looked at. */
    @Override
    public @Nullable MetricSnapshot collect(Predicate<String> included) {
        return included.test(meter.baseName()) ? collect() : null;
    }
}
