package dev.turnout.proxy.metrics;

import dev.turnout.proxy.metrics.access.AccessLog;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * All meters, and their text for Prometheus. Nothing is kept for a series: who counts is asked when someone looks. Any
 * thread.
 */
public final class Meters {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final int SMALLEST_TEXT = 16 * 1024;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    /** By meter, what adds its series. */
    private final Map<Meter, List<Consumer<Samples>>> sources = new EnumMap<>(Meter.class);
    private volatile Supplier<? extends Collection<MeteredRoute>> routes = List::of;
    /** Of the last text: the next one will hardly be longer. */
    private volatile int lastBytes;

    public Meters() {
        for (Meter meter : Meter.values()) {
            sources.put(meter, new CopyOnWriteArrayList<>());
            registry.getPrometheusRegistry().register(new MeterCollector(meter, this::read));
        }
    }

    private Samples read(Meter meter) {
        Samples samples = new Samples(meter);
        routes.get().forEach(route -> RouteSamples.add(route, meter, samples));
        sources(meter).forEach(source -> source.accept(samples));
        return samples;
    }

    private List<Consumer<Samples>> sources(Meter meter) {
        return Objects.requireNonNull(sources.get(meter));
    }

    private void source(Meter meter, Consumer<Samples> source) {
        sources(meter).add(source);
    }

    /** Shows the routes that there are at each look. */
    public void routes(Supplier<? extends Collection<MeteredRoute>> live) {
        routes = live;
    }

    /** Shows how late the tasks of one event loop run, in {@code seconds}. */
    public void eventLoop(int number, DoubleSupplier seconds) {
        source(Meter.EVENT_LOOP_LAG, to -> to.add(seconds.getAsDouble(), Integer.toString(number)));
    }

    /** Shows what became of the entries of the access log. */
    public void accessLog(AccessLog log) {
        source(Meter.ACCESS_LOG, to -> {
            to.add(log.written(), "written");
            to.add(log.dropped(), "dropped");
        });
    }

    /** Shows what became of changes and reloads. */
    public void control(ControlMeters control) {
        source(Meter.CHANGES, to -> control.eachChange((result, count) -> to.add(count, result)));
        source(Meter.RELOADS, to -> control.eachReload((result, count) -> to.add(count, result)));
    }

    /** Shows how long the journal is. */
    public void journal(LongSupplier bytes) {
        source(Meter.JOURNAL_BYTES, to -> to.add(bytes.getAsLong()));
    }

    /**
     * Shows which build runs, and the memory it uses.
     *
     * @param directBytes of buffers outside of the heap
     */
    public void process(String version, LongSupplier directBytes) {
        source(Meter.BUILD_INFO, to -> to.add(1, version, Runtime.version().toString()));
        source(Meter.HEAP_USED,
                to -> to.add(Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()));
        source(Meter.DIRECT_MEMORY, to -> to.add(directBytes.getAsLong()));
    }

    /** Everything, in Prometheus' text format: meters by name, the series of each by their labels. */
    public String scrape() {
        int expected = Math.max(SMALLEST_TEXT, lastBytes + lastBytes / 8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(expected);
        try {
            for (Meter meter : Meter.values()) {
                // One after the other: with many routes the objects of all meters together would fill a small heap.
                registry.scrape(out, TEXT, Set.of(meter.baseName()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        lastBytes = out.size();
        return out.toString(StandardCharsets.UTF_8);
    }
}
