package dev.turnout.bench.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Reports as JSON. */
public final class ReportJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FORMAT = "/format";

    private ReportJson() {}

    static JsonNode tree(Report report) {
        return JSON.valueToTree(report);
    }

    static String text(Report report) {
        return tree(report).toPrettyString() + "\n";
    }

    /** Reads what {@link ReportFiles} wrote, by this version or an earlier one; IllegalArgumentException otherwise. */
    public static JsonNode parse(String text) {
        try {
            JsonNode report = JSON.readTree(text);
            if (report.at(FORMAT).asInt() == Report.FORMAT) {
                return report;
            }
        } catch (JsonProcessingException _) {
            // said below
        }
        throw new IllegalArgumentException(
                "(expected: a report of turnout bench, format " + Report.FORMAT + ")");
    }
}
