package dev.turnout.bench.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A report beside an earlier one, as lines for a terminal. */
public final class Comparison {
    private static final String LINE = "%-18s%12s%12s%9s";
    /** In this order; where each stands in the JSON. */
    private static final Map<String, String> FIGURES = figures();

    private Comparison() {}

    private static Map<String, String> figures() {
        Map<String, String> figures = new LinkedHashMap<>();
        figures.put("sent/s", "/rate/sent");
        figures.put("answered/s", "/rate/answered");
        figures.put("errors", "/errors");
        for (String kind : new String[]{"corrected", "service"}) {
            for (String figure : new String[]{"p50", "p90", "p99", "p99.9", "max"}) {
                figures.put(kind + " " + figure, "/latency/" + kind + "/" + figure + "Millis");
            }
        }
        return figures;
    }

    /**
     * What is now, what was, and the ratio of both.
     *
     * @param earlier as {@link ReportJson#parse} read it
     */
    public static String of(Report report, JsonNode earlier) {
        JsonNode now = ReportJson.tree(report);
        return String.format(Locale.ROOT, LINE, "compared", "this", "earlier", "ratio")
                + System.lineSeparator()
                + FIGURES.entrySet()
                        .stream()
                        .map(figure -> line(figure.getKey(), now.at(figure.getValue()),
                                earlier.at(figure.getValue())))
                        .collect(Collectors.joining(System.lineSeparator()));
    }

    private static String line(String name, JsonNode now, JsonNode earlier) {
        boolean both = now.isNumber() && earlier.isNumber() && earlier.asDouble() != 0;
        String ratio = both ? String.format(Locale.ROOT, "%.2f", now.asDouble() / earlier.asDouble()) : "-";
        return String.format(Locale.ROOT, LINE, name, shown(now), shown(earlier), ratio);
    }

    private static String shown(JsonNode figure) {
        return figure.isNumber() ? figure.asText() : "-";
    }
}
