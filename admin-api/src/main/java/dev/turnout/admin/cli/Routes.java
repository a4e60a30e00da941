package dev.turnout.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;

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
                    route.path("version").asLong(), reason(split));
        }
        return table;
    }

    /** Every endpoint that is not as the file has it. */
    static Table endpointLayers(JsonNode routes) {
        Table table = new Table("ROUTE", "SIDE", "ENDPOINT", "STATE", "ORIGIN", "REASON");
        for (JsonNode route : routes) {
            route.path("targets").properties().forEach(
                    side -> endpointLayers(table, text(route, "name"), side.getKey(), side.getValue()));
        }
        return table;
    }

    private static void endpointLayers(Table table, String route, String side, JsonNode view) {
        for (JsonNode endpoint : view.path("endpoints")) {
            if (isDrained(endpoint) || text(endpoint, "origin").equals("runtime")) {
                table.add(route, side, text(endpoint, "address"), text(endpoint, "state"),
                        text(endpoint, "origin"), reason(endpoint));
            }
        }
        for (JsonNode endpoint : view.path("removed")) {
            table.add(route, side, text(endpoint, "address"), "removed", "file", reason(endpoint));
        }
    }

    /** Both sides of each route, one below the other, so that their numbers can be compared. */
    static Table sides(JsonNode routes) {
        Table table = new Table("ROUTE", "SIDE", "SHARE", "IN FLIGHT", "REQUESTS", "FAILURES", "HEALTHY",
                "DRAINED");
        for (JsonNode route : routes) {
            BigDecimal green = route.at("/split/green").decimalValue();
            side(table, text(route, "name"), "blue", BigDecimal.valueOf(100).subtract(green), route);
            side(table, "", "green", green, route);
        }
        return table;
    }

    private static void side(Table table, String name, String target, BigDecimal share, JsonNode route) {
        JsonNode view = route.path("targets").path(target);
        List<JsonNode> active = view.path("endpoints").valueStream().filter(endpoint -> !isDrained(endpoint))
                .toList();
        long healthy = active.stream().filter(endpoint -> endpoint.path("healthy").asBoolean()).count();
        String drained = view.path("endpoints").valueStream().filter(Routes::isDrained)
                .map(endpoint -> text(endpoint, "address") + " (" + endpoint.path("inFlight").asLong() + ")")
                .collect(Collectors.joining(", "));
        table.add(name, target, percent(share), view.path("inFlight").asLong(),
                view.path("requests").asLong(), view.path("failures").asLong(), healthy + "/" + active.size(),
                drained.isEmpty() ? "-" : drained);
    }

    private static boolean isDrained(JsonNode endpoint) {
        return text(endpoint, "state").equals("drained");
    }

    private static String reason(JsonNode json) {
        return shortened(text(json, "reason"));
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
