package dev.turnout.proxy.metrics;

import dev.turnout.config.Target;
import dev.turnout.proxy.failure.Kind;
import dev.turnout.proxy.metrics.access.AccessLog;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;

/** The names of all meters, and their text for Prometheus. Any thread. */
public final class Meters {
    private static final String TARGET = "target";
    /** In place of a side, for what ended before one was chosen. */
    private static final String NO_TARGET = "none";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final DurationCollector durations = new DurationCollector();

    public Meters() {
        registry.getPrometheusRegistry().register(durations);
    }

    /**
     * Registers everything that is counted of a route.
     *
     * @param greenShare of the weight, 0 to 1
     */
    public void route(String name, RouteMeters meters, DoubleSupplier greenShare) {
        Tags route = Tags.of("route", name);
        Gauge.builder("turnout.connections", meters, RouteMeters::connections)
                .description("Open client connections")
                .tags(route)
                .register(registry);
        FunctionCounter.builder("turnout.dropped.fields", meters, RouteMeters::droppedFields)
                .description("Request fields left out for an underscore in their name")
                .tags(route)
                .register(registry);
        for (Kind kind : Kind.values()) {
            requests(meters, route.and(TARGET, NO_TARGET), Outcome.of(kind),
                    refused -> refused.refusals(kind));
        }
        for (Target target : Target.values()) {
            side(meters, target, route.and(TARGET, target.label()), greenShare);
        }
        durations.add(name, meters);
    }

    /**
     * What is known of the endpoints of one side. Each is asked when someone looks.
     *
     * @param all of the side, the drained ones too
     * @param healthy of those
     * @param passedChecks since the start
     * @param failedChecks since the start
     * @param ejections since the start
     */
    public record EndpointFigures(
            DoubleSupplier all,
            DoubleSupplier healthy,
            DoubleSupplier passedChecks,
            DoubleSupplier failedChecks,
            DoubleSupplier ejections) {}

    /** Registers what is known of the endpoints of one side. */
    public void endpoints(String route, Target target, EndpointFigures figures) {
        Tags tags = Tags.of("route", route, TARGET, target.label());
        gauge("turnout.endpoints", figures.all, "Endpoints of the side, the drained ones too", tags);
        gauge("turnout.endpoints.healthy", figures.healthy, "Endpoints of the side that are healthy", tags);
        String checks = "Health checks that ended";
        counter("turnout.health.checks", figures.passedChecks, checks, tags.and("result", "passed"));
        counter("turnout.health.checks", figures.failedChecks, checks, tags.and("result", "failed"));
        counter("turnout.ejections", figures.ejections, "Endpoints taken out for failing requests", tags);
    }

    private void gauge(String name, DoubleSupplier value, String description, Tags tags) {
        Gauge.builder(name, value, DoubleSupplier::getAsDouble)
                .description(description)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    private void counter(String name, DoubleSupplier value, String description, Tags tags) {
        // The registry holds no reference to what it asks; the function does.
        FunctionCounter.builder(name, this, itself -> value.getAsDouble())
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private void side(RouteMeters meters, Target target, Tags tags, DoubleSupplier greenShare) {
        Gauge.builder("turnout.in.flight", meters, counted -> counted.inFlight(target))
                .description("Requests that wait for an answer")
                .tags(tags)
                .register(registry);
        Gauge.builder("turnout.split.ratio", greenShare, share -> switch (target) {
            case GREEN -> share.getAsDouble();
            case BLUE -> 1 - share.getAsDouble();
        })
                .description("The side's share of the traffic that the weight decides, 0 to 1")
                .tags(tags)
                .strongReference(true)
                .register(registry);
        Gauge.builder("turnout.tunnels", meters, counted -> counted.tunnels(target))
                .description("Open connections that were upgraded to another protocol")
                .tags(tags)
                .register(registry);
        FunctionCounter.builder("turnout.retries", meters, counted -> counted.retries(target))
                .description(
                        "Requests that were sent once more, to another endpoint or on a fresh connection")
                .tags(tags)
                .register(registry);
        FunctionCounter.builder("turnout.spilled", meters, counted -> counted.spills(target))
                .description("Requests that the other side, without a healthy endpoint, left to this one")
                .tags(tags)
                .register(registry);
        for (Outcome outcome : Outcome.values()) {
            requests(meters, tags, outcome, counted -> counted.count(target, outcome));
        }
    }

    private void requests(RouteMeters meters, Tags tags, Outcome outcome,
            ToDoubleFunction<RouteMeters> count) {
        FunctionCounter.builder("turnout.requests", meters, count)
                .description(
                        "Requests that ended, by the class of their status or by the proxy's reason code")
                .tags(tags.and("outcome", outcome.label()))
                .register(registry);
    }

    /** Registers how late the tasks of one event loop run, in {@code seconds}. */
    public void eventLoop(int number, DoubleSupplier seconds) {
        Gauge.builder("turnout.event.loop.lag", seconds, DoubleSupplier::getAsDouble)
                .description("How late the last timed task of an event loop ran")
                .baseUnit("seconds")
                .tags("loop", Integer.toString(number))
                .strongReference(true)
                .register(registry);
    }

    /** Registers what became of the entries of the access log. */
    public void accessLog(AccessLog log) {
        accessLog(log, "written", AccessLog::written);
        accessLog(log, "dropped", AccessLog::dropped);
    }

    private void accessLog(AccessLog log, String result, ToDoubleFunction<AccessLog> count) {
        FunctionCounter.builder("turnout.access.log", log, count)
                .description("Entries of the access log, by what became of them")
                .tags("result", result)
                .register(registry);
    }

    /** Everything, in Prometheus' text format. */
    public String scrape() {
        return registry.scrape();
    }
}
