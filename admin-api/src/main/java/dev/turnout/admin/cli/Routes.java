package dev.turnout.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;

/** How commands print the routes of the admin API. */
final class Routes {
    private static final int MAX_REASON = 30;

    private Routes() {}

    /** Where the weight of each route comes from. */
    static Table layers(JsonNode routes) {
        Table table = new Table("ROUTE", "PROTOCOL", "LISTEN", "GREEN", "FILE", "RUNTIME", "COHORT",
                "VERSION", "REASON");
        for (JsonNode route : routes) {
            JsonNode split = route.path("split");
            table.add(text(route, "name"), text(route, "protocol"), text(route, "listen"),
                    percent(split, "green"),
                    percent(split, "file"), percent(split, "runtime"), text(split, "cohort"),
                    route.path("version").asLong(), shortened(text(split, "reason")));
        }
        return table;
    }

    /** Both sides of each route, one below the other, so that their numbers can be compared. */
    static Table sides(JsonNode routes) {
        Table table = new Table("ROUTE", "SIDE", "SHARE", "IN FLIGHT", "REQUESTS", "FAILURES", "HEALTHY");
        for (JsonNode route : routes) {
            BigDecimal green = route.at("/split/green").decimalValue();
            side(table, text(route, "name"), "blue", BigDecimal.valueOf(100).subtract(green), route);
            side(table, "", "green", green, route);
        }
        return table;
    }

    private static void side(Table table, String name, String target, BigDecimal share, JsonNode route) {
        JsonNode view = route.path("targets").path(target);
        JsonNode endpoints = view.path("endpoints");
        long healthy = endpoints.valueStream().filter(endpoint -> endpoint.path("healthy").asBoolean())
                .count();
        table.add(name, target, percent(share), view.path("inFlight").asLong(),
                view.path("requests").asLong(),
                view.path("failures").asLong(), healthy + "/" + endpoints.size());
    }

    /** The weight of one route in a sentence. */
    static String sentence(JsonNode route) {
        JsonNode split = route.path("split");
        String origin = split.path("runtime").isNull()
                ? "as in the file"
                : "set at run time (file: " + percent(split, "file") + ")";
        return Table.printable(text(route, "name")) + ": green " + percent(split, "green") + " " + origin
                + ", version "
                + route.path("version").asLong();
    }

    private static String text(JsonNode json, String field) {
        return json.path(field).isTextual() ? json.path(field).textValue() : "-";
    }

    private static String percent(JsonNode json, String field) {
        return json.path(field).isNumber() ? percent(json.path(field).decimalValue()) : "-";
    }

    private static String percent(BigDecimal percent) {
        return percent.stripTrailingZeros().toPlainString() + "%";
    }

    private static String shortened(String text) {
        return text.length() <= MAX_REASON ? text : text.substring(0, MAX_REASON - 3) + "...";
    }
}
