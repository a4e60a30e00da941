package dev.turnout.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The JSON and the page that are written. */
class ReportFilesTest {
    private static final String HOSTILE = "\"><script>alert('&')</script>\u0007";
    private static final Report.Ledger LEDGER = new Report.Ledger(900, 7, 6, 5, 4, 3, 2, 100, 1);
    private static final long MILLI = 1_000_000;

    @TempDir
    private Path folder;

    private static Latency latency(long... millis) {
        Histogram histogram = Latency.histogram();
        for (long each : millis) {
            Latency.record(histogram, each * MILLI);
        }
        return Latency.of(histogram);
    }

    private static Report report(@Nullable Integer asked, Report.Latencies latencies, List<Second> seconds) {
        return new Report("http", "requests", "GET shop/" + HOSTILE, "2026-11-20T10:00:00.123Z",
                seconds.size(), false,
                Map.of("url", "http://shop/" + HOSTILE, "headers", List.of(HOSTILE)),
                new Report.Rate(asked, 4999.9, 4321.0), 123_456, Map.of("2xx", 123_400L),
                Map.of("timeout", 56L, "unfinished", 0L), 56, latencies, new Report.Bytes(2048, 1024),
                new Report.Connections(64, 3), Report.Generator.of(123_456, 2 * MILLI, 1, 34.5, 1), seconds,
                LEDGER);
    }

    private static Report report() {
        List<Second> seconds = List.of(new Second(0, 1000, 5000, 0, 1.0, 2.0, 3.0),
                new Second(1, 1000, 0, 56, null, null, null),
                new Second(2, 500, 2500, 0, 1.0, 700.0, 1300.0));
        return report(5000, new Report.Latencies(latency(1, 2, 3, 1300), latency(1, 1, 1, 2)), seconds);
    }

    private static Document parsed(String page) throws Exception {
        DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        builder.setErrorHandler(null);
        return builder.parse(new InputSource(new StringReader(page)));
    }

    private static List<String> texts(Document page, String element) {
        NodeList found = page.getElementsByTagName(element);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            texts.add(found.item(i).getTextContent());
        }
        return texts;
    }

    @Test
    void thePageNeedsNothingButItself() {
        assertThat(ReportPage.of(report())).doesNotContain("http://", "https://", "src=", "href=", "<script",
                "url(", "@import", "{{");
    }

    @Test
    void thePageIsWellFormedAndShowsWhatItIsGivenAsText() throws Exception {
        Document page = parsed(ReportPage.of(report()));

        assertThat(texts(page, "h1")).containsExactly("GET shop/\"><script>alert('&')</script>?");
        assertThat(texts(page, "td")).contains("shop/\"><script>alert('&')</script>?");
    }

    @Test
    void thePageHoldsTheNumbersAndThePlots() throws Exception {
        Document page = parsed(ReportPage.of(report()));

        assertThat(texts(page, "b")).containsExactly("4\u202f321 /s", "56", "2.00 ms", "1.30 s", "1.30 s",
                "1.30 s");
        assertThat(texts(page, "td")).contains("123\u202f400", "2 KiB", "1.30 s");
        assertThat(texts(page, "svg")).hasSize(4);
        assertThat(texts(page, "text")).contains("asked", "second 1: 5\u202f000 good answers/s, 0 errors/s",
                "second 2: 56 errors/s", "second 2: no answer",
                "second 3: p50 1 ms, p99 700 ms, max 1.30 s", "100 % within 1.30 s");
    }

    @Test
    void aLineHasAGapWhereNothingWasAnswered() throws Exception {
        NodeList paths = parsed(ReportPage.of(report())).getElementsByTagName("path");
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < paths.getLength(); i++) {
            if (paths.item(i) instanceof Element path && path.getAttribute("class").equals("line max")) {
                lines.add(path.getAttribute("d"));
            }
        }
        assertThat(lines).singleElement().asString().matches("M[\\d. ]+M[\\d. ]+");
    }

    @Test
    void aRunWithoutAnyAnswerHasAPageToo() throws Exception {
        Document page = parsed(ReportPage.of(report(null, new Report.Latencies(null, null), List.of())));

        assertThat(texts(page, "svg")).hasSize(2);
        assertThat(texts(page, "p")).anyMatch(text -> text.contains("Closed loop"));
    }

    @Test
    void aLongRunIsDrawnInSlicesThatKeepTheWorst() throws Exception {
        List<Second> seconds = new ArrayList<>();
        for (int i = 0; i < 7200; i++) {
            seconds.add(new Second(i, 1000, 10, 0, 1.0, 2.0, i == 5000 ? 900.0 : 3.0));
        }
        Document page = parsed(
                ReportPage.of(report(10, new Report.Latencies(latency(1), latency(1)), seconds)));

        assertThat(texts(page, "text")).contains("seconds 4996 to 5010: p50 1 ms, p99 2 ms, max 900 ms",
                "seconds 7186 to 7200: 10 good answers/s, 0 errors/s");
    }

    @Test
    void whatOnlyOneReportHasIsNotCompared() {
        JsonNode earlier = ReportJson.parse("{\"format\":1,\"errors\":0,\"rate\":{\"sent\":2500.0},"
                + "\"latency\":{\"corrected\":null,\"service\":{\"p99.9Millis\":0.5}}}");

        assertThat(Comparison.of(report(), earlier).lines().map(line -> line.replaceAll(" +", " ")))
                .contains("compared this earlier ratio", "sent/s 4999.9 2500.0 2.00", "answered/s 4321.0 - -",
                        "errors 56 0 -", "corrected p50 2.001 - -", "service p99.9 2.001 0.5 4.00");
    }

    @Test
    void everyFieldOfTheJsonIsDocumented() throws IOException {
        String documented = Files.readString(Path.of(System.getProperty("turnout.root"), "docs", "bench.md"));
        JsonNode json = new ObjectMapper().readTree(ReportJson.text(report()));
        Set<String> fields = new TreeSet<>();
        collect(json, fields);

        assertThat(fields).contains("p99.9Millis", "distribution", "maxLagMillis", "durationSeconds",
                "format");
        assertThat(fields).allSatisfy(field -> assertThat(documented).contains("`" + field + "`"));
        assertThat(json.at("/format").asInt()).isEqualTo(1);
        assertThat(json.at("/latency/corrected/p99.9Millis").asDouble()).isEqualTo(1300.234);
        assertThat(json.at("/seconds/1/p50Millis").isNull()).isTrue();
    }

    private static void collect(JsonNode node, Set<String> fields) {
        node.fieldNames().forEachRemaining(fields::add);
        node.forEach(child -> collect(child, fields));
    }

    @Test
    void thePageStandsBesideTheJsonUnlessItHasAPlaceOfItsOwn() throws IOException {
        ReportFiles.of(folder.resolve("a.json"), null).write(report());
        ReportFiles.of(folder.resolve("b"), folder.resolve("c.htm")).write(report());
        ReportFiles.of(null, folder.resolve("d.html")).write(report());
        ReportFiles.of(null, null).write(report());

        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("a.json",
                    "a.html", "b", "c.htm", "d.html");
        }
        assertThat(ReportJson.parse(Files.readString(folder.resolve("b"))).at("/requests").asInt())
                .isEqualTo(123_456);
    }
}
