package dev.turnout.proxy.metrics.access;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineEncoderTest {
    private static final Path DOCUMENT = Path.of("../docs/access-log.md");
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z_]+)` \\|");

    private static AccessEntry at(long epochMillis, long durationNanos) {
        return new AccessEntry(epochMillis, "c", "r", "none", null, -1, null, null, null, 400, null, null,
                durationNanos, -1, 0, -1, -1);
    }

    private static AccessEntry ofClient(String client) {
        return new AccessEntry(0, client, "r", "none", null, -1, null, null, null, 400, null, null, 0, -1, 0,
                -1, -1);
    }

    @Test
    void writesTheExampleOfTheDocument() throws IOException {
        AccessEntry entry = new AccessEntry(1_792_228_502_007L, "192.0.2.7", "shop", "green", "cohort",
                123_456, "10.0.1.1:8080", "GET", "/cart?step=2", 502, "upstream_reset",
                "8f14e45f-ceea-467f-a8d4-1c383cd30b7c", 12_345_678, 3_210_000, 2, 7, 3);
        assertThat(Files.readAllLines(DOCUMENT)).contains(Entries.line(entry));
    }

    @Test
    void writesEveryFieldOfTheDocumentInItsOrder() throws IOException {
        AccessEntry entry = new AccessEntry(0, "c", "r", "blue", "cohort", 1, "e", "GET", "/", 499,
                "client_abort", "id", 1, 1, 1, 1, 1);
        List<String> documented = Files.readAllLines(DOCUMENT).stream().map(ROW::matcher)
                .filter(Matcher::find).map(row -> row.group(1)).toList();
        assertThat(Entries.parsed(Entries.line(entry)).fieldNames()).toIterable()
                .containsExactlyElementsOf(documented);
    }

    @Test
    void leavesOutWhatThereIsNot() {
        assertThat(Entries.line(Entries.refused())).isEqualTo("{\"time\":\"1970-01-01T00:00:00.000Z\","
                + "\"client\":\"192.0.2.7\",\"route\":\"shop\",\"target\":\"none\",\"status\":400,"
                + "\"reason\":\"bad_request\",\"duration_ms\":0.000,\"tries\":0}");
    }

    @Test
    void anotherParserReadsBackEveryCharacter() throws JsonProcessingException {
        StringBuilder every = new StringBuilder();
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            every.append((char) c);
        }
        String line = Entries.line(ofClient(every.toString()));
        assertThat(Entries.parsed(line).path("client").textValue()).isEqualTo(every.toString());
        assertThat(line.chars()).as("a terminal obeys none of it").allMatch(c -> c >= ' ' && c < 0x7f);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a\"b", "/a\\", "/\\\"", "/{^|[]`}", "*", "http://shop.example/x?y={\"z\":1}",
        ""})
    void aTargetIsReadBackAsItCame(String path) throws JsonProcessingException {
        assertThat(Entries.parsed(Entries.line(Entries.of(path))).path("path").textValue()).isEqualTo(path);
    }

    @Test
    void everyEntryHasItsLine() throws JsonProcessingException {
        LineEncoder encoder = new LineEncoder();
        for (int i = 0; i < 1000; i++) {
            encoder.add(Entries.of("/" + i));
        }
        String[] lines = US_ASCII.decode(encoder.lines()).toString().split("\n", -1);
        assertThat(lines).hasSize(1001).endsWith("");
        for (int i = 0; i < 1000; i++) {
            assertThat(Entries.parsed(lines[i]).path("path").textValue()).isEqualTo("/" + i);
        }
        encoder.clear();
        assertThat(encoder.lines().hasRemaining()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 999, 1000, 951_782_399_999L, 1_792_228_499_001L, 1_792_228_500_000L, -1,
        253_402_300_799_999L})
    void timesAreOfTheProfileOfTheInternet(long epochMillis) throws JsonProcessingException {
        String time = Entries.parsed(Entries.line(at(epochMillis, 0))).path("time").textValue();
        assertThat(Instant.parse(time).toEpochMilli()).isEqualTo(epochMillis);
        assertThat(time).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    }

    @Test
    void oneEncoderWritesTheTimeOfEachLine() {
        LineEncoder encoder = new LineEncoder();
        encoder.add(at(59_999, 0));
        encoder.add(at(60_000, 0));
        encoder.add(at(59_001, 0));
        assertThat(US_ASCII.decode(encoder.lines()).toString().lines().map(line -> line.substring(26, 32)))
                .containsExactly("59.999", "00.000", "59.001");
    }

    @ParameterizedTest
    @CsvSource({"0, 0.000", "999, 0.000", "1000, 0.001", "999999, 0.999", "1000000, 1.000",
        "10007000, 10.007", "60000000000, 60000.000", "9223372036854775807, 9223372036854.775"})
    void durationsAreMilliseconds(long nanos, String millis) {
        assertThat(Entries.line(at(0, nanos))).contains(",\"duration_ms\":" + millis + ",");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9, 10, 99, 100, 1_000_000_007, Long.MAX_VALUE})
    void numbersAreWhole(long version) throws JsonProcessingException {
        AccessEntry entry = new AccessEntry(0, "c", "r", "blue", null, -1, null, null, null, 200, null, null,
                0,
                -1, 1, version, version);
        assertThat(Entries.parsed(Entries.line(entry)).path("version").longValue()).isEqualTo(version);
    }
}
