package dev.turnout.admin.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.admin.http.Problem.Kind;
import dev.turnout.config.Share;
import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** The body of a change of the weight. */
record SplitRequest(Share green, Optional<String> reason) {
    private static final List<String> FIELDS = List.of("green", "reason");
    /** More digits than any share has: longer numbers are refused before they are written out. */
    private static final int MAX_DIGITS = 30;

    static SplitRequest parse(Buffer body) {
        ObjectNode json = Json.readObject(body, FIELDS, "{\"green\": 12.5}");
        return new SplitRequest(green(json.path("green")), Reason.of(json.path("reason")));
    }

    private static Share green(JsonNode json) {
        try {
            if (json.isNumber()) {
                return share(json.decimalValue());
            }
            if (json.isTextual()) {
                return Share.ofPercent(Problem.shortened(json.textValue()));
            }
        } catch (IllegalArgumentException e) {
            throw refused("green: " + e.getMessage());
        }
        String found = json.isMissingNode() ? "missing" : Problem.shortened(json.toString());
        throw refused("green: " + found + " (expected: " + Share.ALLOWED + ")");
    }

    private static Share share(BigDecimal percent) {
        // Written out, 1e999999999 would fill the heap.
        if (Math.abs((long) percent.scale()) > MAX_DIGITS || percent.precision() > MAX_DIGITS) {
            throw new IllegalArgumentException(
                    "share: " + Problem.shortened(percent.toString()) + " (expected: " + Share.ALLOWED + ")");
        }
        return Share.ofPercent(percent);
    }

    private static ProblemException refused(String detail) {
        return new Problem(Kind.BAD_REQUEST, detail).raised();
    }
}
