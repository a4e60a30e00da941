package dev.turnout.proxy.metrics;

import dev.turnout.config.Target;
import dev.turnout.proxy.failure.Kind;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.ToDoubleFunction;

/** Reads the series of every meter of a route, when someone looks. Any thread. */
final class RouteSamples {
    private interface OfSide {
        double value(MeteredRoute route, Target target);
    }

    private static final Map<Meter, BiConsumer<MeteredRoute, Samples>> ALL = all();

    private RouteSamples() {}

    /** Adds the series of the route; none when routes do not have this meter. */
    static void add(MeteredRoute route, Meter meter, Samples to) {
        BiConsumer<MeteredRoute, Samples> read = ALL.get(meter);
        if (read != null) {
            read.accept(route, to);
        }
    }

    private static Map<Meter, BiConsumer<MeteredRoute, Samples>> all() {
        Map<Meter, BiConsumer<MeteredRoute, Samples>> all = new EnumMap<>(Meter.class);
        all.put(Meter.CONNECTIONS, ofRoute(RouteMeters::connections));
        all.put(Meter.CONNECTIONS_OPENED, ofRoute(RouteMeters::connectionsOpened));
        all.put(Meter.COHORT_COOKIES, ofHttp(ofRoute(RouteMeters::cohortCookies)));
        all.put(Meter.DROPPED_FIELDS, ofHttp(ofRoute(RouteMeters::droppedFields)));
        all.put(Meter.IN_FLIGHT, ofSide((route, target) -> route.meters().inFlight(target)));
        all.put(Meter.TUNNELS, ofHttp(ofSide((route, target) -> route.meters().tunnels(target))));
        all.put(Meter.RETRIES, ofHttp(ofSide((route, target) -> route.meters().retries(target))));
        all.put(Meter.SPILLED, ofSide((route, target) -> route.meters().spills(target)));
        all.put(Meter.SPLIT_RATIO, ofSide(RouteSamples::share));
        all.put(Meter.DRAINED, ofSide((route, target) -> route.drained()
                .get()
                .filter(target::equals)
                .isPresent() ? 1 : 0));
        all.put(Meter.ENDPOINTS, ofEndpoints(endpoints -> endpoints.all().getAsDouble()));
        all.put(Meter.ENDPOINTS_HEALTHY, ofEndpoints(endpoints -> endpoints.healthy().getAsDouble()));
        all.put(Meter.EJECTIONS, ofEndpoints(endpoints -> endpoints.ejections().getAsDouble()));
        all.put(Meter.HEALTH_CHECKS, RouteSamples::healthChecks);
        all.put(Meter.REQUESTS, ofHttp(RouteSamples::requests));
        all.put(Meter.DECISIONS, RouteSamples::decisions);
        all.put(Meter.REQUEST_DURATION, ofHttp(RouteSamples::durations));
        SessionSamples.addTo(all);
        return all;
    }

    private static BiConsumer<MeteredRoute, Samples> ofHttp(BiConsumer<MeteredRoute, Samples> read) {
        return (route, to) -> {
            if (route.meters().speaksHttp()) {
                read.accept(route, to);
            }
        };
    }

    private static BiConsumer<MeteredRoute, Samples> ofRoute(ToDoubleFunction<RouteMeters> value) {
        return (route, to) -> to.add(value.applyAsDouble(route.meters()), route.name());
    }

    private static BiConsumer<MeteredRoute, Samples> ofSide(OfSide side) {
        return (route, to) -> {
            for (Target target : Target.values()) {
                to.add(side.value(route, target), route.name(), target.label());
            }
        };
    }

    private static BiConsumer<MeteredRoute, Samples> ofEndpoints(
            ToDoubleFunction<MeteredRoute.Endpoints> value) {
        return (route, to) -> route.endpoints()
                .forEach((target, endpoints) -> to.add(value.applyAsDouble(endpoints), route.name(),
                        target.label()));
    }

    private static double share(MeteredRoute route, Target target) {
        double green = route.green().getAsDouble();
        return switch (target) {
            case GREEN -> green;
            case BLUE -> 1 - green;
        };
    }

    private static void healthChecks(MeteredRoute route, Samples to) {
        route.endpoints().forEach((target, endpoints) -> {
            to.add(endpoints.passedChecks().getAsDouble(), route.name(), target.label(), "passed");
            to.add(endpoints.failedChecks().getAsDouble(), route.name(), target.label(), "failed");
        });
    }

    private static void requests(MeteredRoute route, Samples to) {
        for (Target target : Target.values()) {
            for (Outcome outcome : Outcome.values()) {
                long count = route.meters().count(target, outcome);
                if (count > 0 || outcome.answered()) {
                    to.add(count, route.name(), target.label(), outcome.label());
                }
            }
        }
        for (Kind kind : Kind.values()) {
            long count = route.meters().refusals(kind);
            if (count > 0) {
                to.add(count, route.name(), Meter.NO_TARGET, Outcome.of(kind).label());
            }
        }
    }

    private static void decisions(MeteredRoute route, Samples to) {
        for (Target target : Target.values()) {
            for (int rung = 0; rung < RequestMeters.RUNGS.size(); rung++) {
                long count = route.meters().decisions(target, rung);
                if (count > 0) {
                    to.add(count, route.name(), target.label(), RequestMeters.RUNGS.get(rung));
                }
            }
        }
    }

    static void durations(MeteredRoute route, Samples to) {
        for (Target target : Target.values()) {
            if (route.meters().requests(target) > 0) {
                long[] counts = new long[DurationHistogram.BUCKETS];
                long sumNanos = route.meters().durations(target, counts);
                to.add(counts, sumNanos, route.name(), target.label());
            }
        }
    }
}
