package dev.turnout.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A report as lines for a terminal. */
public final class ReportTable {
    /** A name and seven figures. */
    private static final String LATENCIES = "%-11s" + "%10s".repeat(7);

    /** Answers that are errors. */
    private static final Set<String> ERRORS = Set.of("4xx", "5xx");

    private final Report report;

    private ReportTable(Report report) {
        this.report = report;
    }

    public static String of(Report report) {
        return new ReportTable(report).text();
    }

    private String text() {
        List<String> lines = new ArrayList<>();
        lines.add(row("rate", rate()));
        lines.add(row(report.unit(), report.requests() + "  answered " + named(report.answers())));
        lines.add(row("errors", errors()));
        if (report.bytes() != null) {
            lines.add(
                    row("bytes", "received " + report.bytes().received() + "  sent "
                            + report.bytes().sent()));
        }
        lines.add(row("connections", "opened " + report.connections().opened() + "  lost "
                + report.connections().lost()));
        if (report.ledger() != null) {
            lines.add(row("ledger", ledger(report.ledger())));
        }
        lines.add("");
        lines.add(
                String.format(Locale.ROOT, LATENCIES, "latency ms", "min", "p50", "p90", "p99", "p99.9",
                        "max",
                        "mean"));
        latency(lines, "corrected", report.latency().corrected());
        latency(lines, "service", report.latency().service());
        lines.add("");
        lines.addAll(Remarks.of(report));
        return String.join(System.lineSeparator(), lines);
    }

    private static String row(String name, String value) {
        return String.format(Locale.ROOT, "%-13s%s", name, value);
    }

    private String rate() {
        Report.Rate rate = report.rate();
        String asked = rate.asked() == null ? "asked max" : "asked " + rate.asked();
        return asked + "  sent " + rate.sent() + "/s  answered " + rate.answered() + "/s";
    }

    private String errors() {
        String share = String.format(Locale.ROOT, " (%.3f %%)",
                report.requests() == 0 ? 0 : 100.0 * report.errors() / report.requests());
        Map<String, Long> counts = new LinkedHashMap<>(report.failures());
        report.answers().forEach((answer, count) -> {
            if (ERRORS.contains(answer)) {
                counts.put(answer, count);
            }
        });
        return (report.errors() + share + "  " + named(counts)).strip();
    }

    private static String ledger(Report.Ledger ledger) {
        return "acknowledged " + ledger.acknowledged() + "  lost " + ledger.lost() + "  duplicated "
                + ledger.duplicated() + "  reordered " + ledger.reordered() + "  unexpected "
                + ledger.unexpected() + "  unacknowledged " + ledger.unacknowledged() + ", of which there "
                + ledger.appeared();
    }

    private static String named(Map<String, Long> counts) {
        return counts.entrySet().stream().map(count -> count.getKey() + " " + count.getValue())
                .collect(Collectors.joining("  "));
    }

    private static void latency(List<String> lines, String name, @Nullable Latency latency) {
        if (latency != null) {
            lines.add(String.format(Locale.ROOT, LATENCIES, name, millis(latency.minMillis()),
                    millis(latency.p50Millis()), millis(latency.p90Millis()), millis(latency.p99Millis()),
                    millis(latency.p999Millis()), millis(latency.maxMillis()), millis(latency.meanMillis())));
        }
    }

    private static String millis(double millis) {
        return String.format(Locale.ROOT, "%.3f", millis);
    }
}
