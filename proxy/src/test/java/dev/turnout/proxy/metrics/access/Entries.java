package dev.turnout.proxy.metrics.access;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Entries for tests, and lines read back. */
final class Entries {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private Entries() {}

    /** An ordinary one. */
    static AccessEntry of(@Nullable String path) {
        return new AccessEntry(1_792_228_502_007L, "192.0.2.7", "shop", "green", "cohort", 123_456,
                "10.0.1.1:8080",
                "GET", path, 200, null, "req-1", 1_234_567, 1_000_000, 1, 7, 3);
    }

    /** One of a request that was refused before anything was known of it. */
    static AccessEntry refused() {
        return new AccessEntry(0, "192.0.2.7", "shop", "none", null, -1, null, null, null, 400, "bad_request",
                null, 0, -1, 0, -1, -1);
    }

    /** As the encoder writes it, without its line end. */
    static String line(AccessEntry entry) {
        LineEncoder encoder = new LineEncoder();
        encoder.add(entry);
        String line = US_ASCII.decode(encoder.lines()).toString();
        return line.substring(0, line.length() - 1);
    }

    static JsonNode parsed(String line) throws JsonProcessingException {
        return JSON.readTree(line);
    }

    /** The path of each line of a log; throws when a line is not whole. */
    static List<String> paths(Path file) throws IOException {
        List<String> paths = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            paths.add(parsed(line).path("path").textValue());
        }
        return paths;
    }
}
