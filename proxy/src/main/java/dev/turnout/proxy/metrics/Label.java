package dev.turnout.proxy.metrics;

import java.util.List;

/**
 * What tells the series of a meter apart.
 *
 * @param values all there can be; none: they are open, and {@code meaning} says what they are
 */
record Label(String name, List<String> values, String meaning) {
    static final Label ROUTE = open("route", "the name of a route");
    static final Label TARGET = closed("target", "blue", "green");
    static final Label RUNG = new Label("rung", RequestMeters.RUNGS, "");

    /** Its values are known beforehand. */
    static Label closed(String name, List<String> values) {
        return new Label(name, values, "");
    }

    /** As {@link #closed(String, List)}. */
    static Label closed(String name, String... values) {
        return new Label(name, List.of(values), "");
    }

    /** Its values depend on the configuration or the build. */
    static Label open(String name, String meaning) {
        return new Label(name, List.of(), meaning);
    }
}
