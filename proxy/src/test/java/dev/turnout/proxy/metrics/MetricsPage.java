package dev.turnout.proxy.metrics;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** {@code docs/metrics.md}, out of {@link Meter}. */
final class MetricsPage {
    private static final String BEFORE = """
            # Metrics

            <!-- Made of the code by MetricsPageTest, which says how when they differ: do not edit. -->

            `GET /metrics` of the admin API, with the role viewer, answers in the text format of Prometheus. Figures are gathered when
            someone asks: how often that is costs requests nothing. Counters begin with 0 at the start of the process, and those of a
            route with the route.

            | name | type | unit | labels | meaning |
            |---|---|---|---|---|
            """;
    private static final String LABELS = """

            ## Labels

            No label ever holds what a client sent.

            | label | values |
            |---|---|
            """;
    private static final String AFTER = """

            `outcome` is the class of the status that went out, or, where the proxy ended the request, its reason code: see
            [failures](failures.md). `target` is `none` for requests that were refused before a side was chosen.

            `reason` is the reason code of the proxy for a session of PostgreSQL, and `class` of an error the first two characters of
            its SQLSTATE, as far as PostgreSQL's appendix A knows them. A route has the meters of the protocol that it speaks.

            The buckets of `turnout_request_duration_seconds` and `turnout_pg_server_seconds` end at 2^14 ns (16 µs), at each doubling of it up
            to 2^36 ns (69 s), and at `+Inf`. `turnout status` and the API know quantiles to within 1.6 %.
            """;

    private MetricsPage() {}

    static String text() {
        StringBuilder page = new StringBuilder(BEFORE);
        for (Meter meter : Meter.values()) {
            page.append(row(meter));
        }
        page.append(LABELS);
        labels().forEach((name, values) -> page
                .append("| `").append(name).append("` | ").append(values).append(" |\n"));
        return page.append(AFTER).toString();
    }

    private static String row(Meter meter) {
        String labels = meter.labels().stream().map(label -> "`" + label.name() + "`")
                .collect(Collectors.joining(", "));
        return "| `" + meter.fullName() + "` | " + meter.type().label() + " | " + unit(meter) + " | " + labels
                + " | " + meter.help() + " |\n";
    }

    private static String unit(Meter meter) {
        return Arrays.stream(new String[]{"seconds", "bytes"})
                .filter(unit -> meter.fullName().endsWith("_" + unit)).findFirst().orElse("");
    }

    /** Each set of values once; where a label has several, with the meter of each that only one has. */
    private static Map<String, String> labels() {
        Map<String, Map<String, String>> metersByValues = new TreeMap<>();
        for (Meter meter : Meter.values()) {
            for (Label label : meter.labels()) {
                metersByValues.computeIfAbsent(label.name(), none -> new LinkedHashMap<>())
                        .merge(values(label), "`" + meter.fullName() + "`",
                                (some, more) -> some + ", " + more);
            }
        }
        Map<String, String> rows = new TreeMap<>();
        metersByValues.forEach((name, sets) -> rows.put(name, sets.size() == 1
                ? sets.keySet().iterator().next()
                : sets.entrySet().stream()
                        .map(set -> set.getKey()
                                + (set.getValue().contains(", ") ? "" : " in " + set.getValue()))
                        .collect(Collectors.joining("; "))));
        return rows;
    }

    private static String values(Label label) {
        return label.values().isEmpty()
                ? label.meaning()
                : label.values().stream().map(value -> "`" + value + "`").collect(Collectors.joining(", "));
    }
}
