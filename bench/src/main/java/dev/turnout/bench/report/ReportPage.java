package dev.turnout.bench.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A report as one page that needs nothing but itself: no script, no other file. Also well-formed XML. */
final class ReportPage {
    private static final String TEMPLATE = "page.html";
    private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

    private final Report report;

    private ReportPage(Report report) {
        this.report = report;
    }

    static String of(Report report) {
        Map<String, String> parts = new ReportPage(report).parts();
        return PLACE.matcher(template()).replaceAll(
                place -> Matcher
                        .quoteReplacement(Objects.requireNonNull(parts.get(place.group(1)), place.group())));
    }

    private static String template() {
        try (InputStream page = ReportPage.class.getResourceAsStream(TEMPLATE)) {
            return new String(Objects.requireNonNull(page, TEMPLATE).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> parts() {
        Plots plots = new Plots(report);
        Latency best = report.latency().best();
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("subject", Html.escape(report.subject()));
        parts.put("when", Html.escape(when()));
        parts.put("tiles", tiles(best));
        parts.put("remarks", remarks());
        parts.put("latencies", Html.table(latencies()));
        parts.put("unit",
                report.unit().substring(0, 1).toUpperCase(Locale.ROOT) + report.unit().substring(1));
        parts.put("requestsPlot", plots.requests());
        parts.put("errorsPlot", report.errors() == 0 ? "<p class=\"none\">None.</p>" : plots.errors());
        parts.put("latencyPlot", plots.latencies());
        parts.put("distributionPlot", plots.distribution());
        boolean closedLoop = report.latency().corrected() == null;
        parts.put("measure", closedLoop ? "service time" : "corrected");
        parts.put("beside", closedLoop ? "" : "<span class=\"key blue\">service time</span>");
        parts.put("counts", Html.table(counts()));
        parts.put("options", Html.table(options()));
        return parts;
    }

    private String when() {
        return report.startedAt().replace("T", " ").replaceFirst("(\\.\\d+)?Z$", " UTC") + ", "
                + Text.digits(report.durationSeconds()) + " s"
                + (report.interrupted() ? ", interrupted" : "");
    }

    private String tiles(@Nullable Latency best) {
        Report.Rate rate = report.rate();
        List<String> tiles = new ArrayList<>();
        tiles.add(tile("answered", Text.digits(rate.answered()) + " /s",
                rate.asked() == null ? "as fast as it goes" : "asked " + Text.count(rate.asked()) + " /s"));
        tiles.add(tile("errors", Text.count(report.errors()),
                Text.percent(report.errors(), report.requests()) + " of " + Text.count(report.requests())));
        if (best != null) {
            tiles.add(tile("p50", Text.time(best.p50Millis()), ""));
            tiles.add(tile("p99", Text.time(best.p99Millis()), ""));
            tiles.add(tile("p99.9", Text.time(best.p999Millis()), ""));
            tiles.add(tile("max", Text.time(best.maxMillis()), ""));
        }
        return String.join("\n", tiles);
    }

    private static String tile(String name, String value, String note) {
        return "<div class=\"tile\"><span>" + Html.escape(name) + "</span><b>" + Html.escape(value)
                + "</b><small>"
                + Html.escape(note) + "</small></div>";
    }

    private String remarks() {
        String style = report.generator().limit() || broken() ? "remarks limit" : "remarks";
        return Remarks.of(report)
                .stream()
                .map(Html::escape)
                .collect(Collectors.joining("<br/>\n", "<p class=\"" + style + "\">", "</p>"));
    }

    private boolean broken() {
        return report.ledger() != null && !report.ledger().intact();
    }

    private List<List<String>> latencies() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("latency", "min", "p50", "p90", "p99", "p99.9", "max", "mean"));
        addLatency(rows, "corrected: since it was due", report.latency().corrected());
        addLatency(rows, "service: since it was sent", report.latency().service());
        return rows;
    }

    private static void addLatency(List<List<String>> rows, String name, @Nullable Latency latency) {
        if (latency != null) {
            rows.add(List.of(name, Text.time(latency.minMillis()), Text.time(latency.p50Millis()),
                    Text.time(latency.p90Millis()), Text.time(latency.p99Millis()),
                    Text.time(latency.p999Millis()), Text.time(latency.maxMillis()),
                    Text.time(latency.meanMillis())));
        }
    }

    private List<List<String>> counts() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(report.unit(), Text.count(report.requests())));
        report.answers()
                .forEach((status, count) -> rows.add(List.of("answered " + status, Text.count(count))));
        report.failures().forEach((why, count) -> rows.add(List.of("failed: " + why, Text.count(count))));
        if (report.bytes() != null) {
            rows.add(List.of("received", Text.size(report.bytes().received())));
            rows.add(List.of("sent", Text.size(report.bytes().sent())));
        }
        rows.add(List.of("connections opened", Text.count(report.connections().opened())));
        rows.add(List.of("connections lost", Text.count(report.connections().lost())));
        if (report.ledger() != null) {
            rows.add(List.of("acknowledged writes", Text.count(report.ledger().acknowledged())));
            rows.add(List.of("lost", Text.count(report.ledger().lost())));
            rows.add(List.of("duplicated", Text.count(report.ledger().duplicated())));
            rows.add(List.of("reordered", Text.count(report.ledger().reordered())));
            rows.add(List.of("unexpected", Text.count(report.ledger().unexpected())));
        }
        return rows;
    }

    /** The URL is no link: a page that is passed on must not lead anywhere. */
    private List<List<String>> options() {
        List<List<String>> rows = new ArrayList<>();
        report.options().forEach(
                (name, value) -> rows.add(List.of(name, shown(value).replaceFirst("^[a-z]+://", ""))));
        return rows;
    }

    private static String shown(Object value) {
        if (value instanceof List<?> list) {
            return list.isEmpty()
                    ? "none"
                    : list.stream().map(Object::toString).collect(Collectors.joining(", "));
        }
        return value.toString();
    }
}
