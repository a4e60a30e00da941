package dev.turnout.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;

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
            table.add(text(route, "name"), protocol(route), text(route, "listen"),
                    Figures.percent(split.path("green")),
                    Figures.percent(split.path("file")), Figures.percent(split.path("runtime")),
                    text(split, "cohort"),
                    route.path("version").asLong(), reason(split));
        }
        return table;
    }

    /** {@code postgresql, replicated}. */
    private static String protocol(JsonNode route) {
        return text(route, "protocol") + (speaksPostgres(route) ? ", " + text(route, "data") : "");
    }

    static boolean speaksPostgres(JsonNode route) {
        return text(route, "protocol").equals("postgresql");
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
            if (isDrained(endpoint) || isAdded(endpoint)) {
                table.add(route, side, text(endpoint, "address"), text(endpoint, "state"),
                        text(endpoint, "origin"), reason(endpoint));
            }
        }
        for (JsonNode endpoint : view.path("removed")) {
            table.add(route, side, text(endpoint, "address"), "removed", "file", reason(endpoint));
        }
    }

    static boolean isDrained(JsonNode endpoint) {
        return text(endpoint, "state").equals("drained");
    }

    /** Whether an operator put it there. */
    static boolean isAdded(JsonNode endpoint) {
        return text(endpoint, "origin").equals("runtime");
    }

    static boolean isHealthy(JsonNode endpoint) {
        return endpoint.path("healthy").asBoolean();
    }

    private static String reason(JsonNode json) {
        return shortened(text(json, "reason"));
    }

    /** A text of the API, not yet fit for a terminal. */
    static String text(JsonNode json, String field) {
        return json.path(field).isTextual() ? json.path(field).textValue() : Figures.NONE;
    }

    private static String shortened(String text) {
        return text.length() <= MAX_REASON ? text : text.substring(0, MAX_REASON - 3) + "...";
    }
}
