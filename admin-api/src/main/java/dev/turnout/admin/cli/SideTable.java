package dev.turnout.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Both sides of each route next to each other, with what they did lately. */
final class SideTable {
    private SideTable() {}

    /**
     * All that {@code turnout status} shows.
     *
     * @param windowSeconds that was asked for
     */
    static String of(JsonNode routes, long windowSeconds) {
        String notes = routes.valueStream().flatMap(Notes::of)
                .collect(Collectors.joining(System.lineSeparator()));
        Table sessions = sessions(routes);
        return heading(routes, windowSeconds) + System.lineSeparator() + table(routes)
                + (sessions.isEmpty() ? "" : System.lineSeparator().repeat(2) + sessions)
                + (notes.isEmpty() ? "" : System.lineSeparator().repeat(2) + notes);
    }

    private static String heading(JsonNode routes, long windowSeconds) {
        long covered = routes.valueStream()
                .flatMap(route -> Stream.of(side(route, "blue"), side(route, "green")))
                .map(side -> side.at("/recent/seconds"))
                .filter(JsonNode::isNumber)
                .mapToLong(seconds -> Math.round(seconds.doubleValue()))
                .max().orElse(windowSeconds);
        return "The last " + windowSeconds + " s"
                + (covered < windowSeconds ? ", of which the proxy has seen " + covered + " s" : "")
                + "; blue / green:";
    }

    private static Table table(JsonNode routes) {
        Table table = new Table("ROUTE", "SHARE", "TRAFFIC", "REQUESTS", "ERROR RATE", "P50", "P99",
                "IN FLIGHT",
                "HEALTHY");
        for (JsonNode route : routes) {
            table.add(Routes.text(route, "name"),
                    Figures.shares(route.at("/split/green")),
                    Figures.shares(side(route, "blue").at("/recent/sharePercent"),
                            side(route, "green").at("/recent/sharePercent")),
                    both(route, side -> Figures.count(side.at("/recent/requests"))),
                    both(route, SideTable::errorRate),
                    both(route, side -> Figures.time(side.at("/recent/p50Millis"))),
                    both(route, side -> Figures.time(side.at("/recent/p99Millis"))),
                    both(route, side -> Figures.count(side.path("inFlight"))),
                    both(route, SideTable::healthy));
        }
        return table;
    }

    /** Of the routes that speak PostgreSQL. */
    private static Table sessions(JsonNode routes) {
        Table table = new Table("ROUTE", "SESSIONS", "ACTIVE", "IN TRANSACTION", "PINNED", "TRANSACTIONS",
                "ERRORS");
        routes.valueStream().filter(Routes::speaksPostgres)
                .forEach(route -> table.add(Routes.text(route, "name"),
                        sessions(route, "open"), sessions(route, "active"), sessions(route, "inTransaction"),
                        sessions(route, "pinned"), sessions(route, "transactions"),
                        sessions(route, "errors")));
        return table;
    }

    private static String sessions(JsonNode route, String figure) {
        return both(route, side -> Figures.count(side.path("sessions").path(figure)));
    }

    private static String both(JsonNode route, Function<JsonNode, String> cell) {
        return Figures.pair(cell.apply(side(route, "blue")), cell.apply(side(route, "green")));
    }

    private static JsonNode side(JsonNode route, String target) {
        return route.path("targets").path(target);
    }

    /** None without requests: nothing is known then, which is not the same as no errors. */
    private static String errorRate(JsonNode side) {
        return side.at("/recent/requests").asLong() == 0
                ? Figures.NONE
                : Figures.rate(side.at("/recent/errorPercent"));
    }

    private static String healthy(JsonNode side) {
        List<JsonNode> active = side.path("endpoints").valueStream()
                .filter(endpoint -> !Routes.isDrained(endpoint)).toList();
        long healthy = active.stream().filter(Routes::isHealthy).count();
        return healthy + "/" + active.size();
    }
}
