package dev.turnout.proxy.metrics;

import dev.turnout.config.Target;
import dev.turnout.proxy.failure.SessionFailure;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Reads the series that only routes have that speak PostgreSQL. Any thread. */
final class SessionSamples {
    private interface OfSide {
        void add(RouteMeters meters, Target target, Series to);
    }

    private interface Value {
        long of(RouteMeters meters, Target target, int place);
    }

    /** Adds the series of one side of one route. */
    private record Series(String route, Target target, Samples to) {
        void add(long value) {
            to.add(value, route, target.label());
        }

        void add(long value, String label) {
            to.add(value, route, target.label(), label);
        }
    }

    private SessionSamples() {}

    static void addTo(Map<Meter, BiConsumer<MeteredRoute, Samples>> all) {
        all.put(Meter.PG_SESSIONS, ofSide(each(SessionMeters.CLASSES, RouteMeters::sessions)));
        all.put(Meter.PG_SERVER_CONNECTIONS, ofSide(each(SessionMeters.STATES, RouteMeters::servers)));
        all.put(Meter.PG_TRANSACTIONS, ofSide((meters, target, to) -> {
            to.add(meters.transactions(target, true), "committed");
            to.add(meters.transactions(target, false), "rolled_back");
        }));
        all.put(Meter.PG_QUERIES, ofSide((meters, target, to) -> to.add(meters.queries(target))));
        all.put(Meter.PG_ERRORS, ofSide(SessionSamples::errors));
        all.put(Meter.PG_SERVER_TIME, ofRoute(RouteSamples::durations));
        all.put(Meter.PG_SESSION_FAILURES, ofRoute(SessionSamples::failures));
        all.put(Meter.PG_CANCELS, ofRoute(SessionSamples::cancels));
        all.put(Meter.PG_TLS_HANDSHAKES,
                ofRoute((route, to) -> to.add(route.meters().handshakes(), route.name())));
    }

    private static BiConsumer<MeteredRoute, Samples> ofRoute(BiConsumer<MeteredRoute, Samples> read) {
        return (route, to) -> {
            if (route.meters().speaksPostgres()) {
                read.accept(route, to);
            }
        };
    }

    private static BiConsumer<MeteredRoute, Samples> ofSide(OfSide read) {
        return ofRoute((route, to) -> {
            for (Target target : Target.values()) {
                read.add(route.meters(), target, new Series(route.name(), target, to));
            }
        });
    }

    /** One series for each label, by their places. */
    private static OfSide each(List<String> labels, Value value) {
        return (meters, target, to) -> {
            for (int place = 0; place < labels.size(); place++) {
                to.add(value.of(meters, target, place), labels.get(place));
            }
        };
    }

    private static void errors(RouteMeters meters, Target target, Series to) {
        for (int place = 0; place < SqlStateClasses.LABELS.size(); place++) {
            long count = meters.errors(target, place);
            if (count > 0) {
                to.add(count, SqlStateClasses.LABELS.get(place));
            }
        }
    }

    private static void failures(MeteredRoute route, Samples to) {
        for (SessionFailure failure : SessionFailure.values()) {
            long count = route.meters().failures(failure);
            if (count > 0) {
                to.add(count, route.name(), failure.code());
            }
        }
    }

    private static void cancels(MeteredRoute route, Samples to) {
        for (int result = 0; result < SessionListenerMeters.CANCELS.size(); result++) {
            to.add(route.meters().cancels(result), route.name(), SessionListenerMeters.CANCELS.get(result));
        }
    }
}
