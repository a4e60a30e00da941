package dev.turnout.admin.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.admin.http.Problem.Kind;
import dev.turnout.config.Share;
import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;

/**
 * The body of a change of the weight.
 *
 * @param reason 1 to 500 characters without line ends or other control characters, as it goes to logs and terminals
 */
record SplitRequest(Share green, Optional<String> reason) {
    private static final Set<String> FIELDS = Set.of("green", "reason");
    private static final int MAX_REASON = 500;
    /** More digits than any share has: longer numbers are refused before they are written out. */
    private static final int MAX_DIGITS = 30;

    static SplitRequest parse(Buffer body) {
        ObjectNode json = Json.readObject(body);
        for (Iterator<String> names = json.fieldNames(); names.hasNext();) {
            String name = names.next();
            if (!FIELDS.contains(name)) {
                throw refused(shortened(name) + ": unknown field (expected: green, reason)");
            }
        }
        return new SplitRequest(green(json.path("green")), reason(json.path("reason")));
    }

    private static Share green(JsonNode json) {
        try {
            if (json.isNumber()) {
                return share(json.decimalValue());
            }
            if (json.isTextual()) {
                return Share.ofPercent(shortened(json.textValue()));
            }
        } catch (IllegalArgumentException e) {
            throw refused("green: " + e.getMessage());
        }
        String found = json.isMissingNode() ? "missing" : shortened(json.toString());
        throw refused("green: " + found + " (expected: " + Share.ALLOWED + ")");
    }

    private static Share share(BigDecimal percent) {
        // Written out, 1e999999999 would fill the heap.
        if (Math.abs((long) percent.scale()) > MAX_DIGITS || percent.precision() > MAX_DIGITS) {
            throw new IllegalArgumentException(
                    "share: " + shortened(percent.toString()) + " (expected: " + Share.ALLOWED + ")");
        }
        return Share.ofPercent(percent);
    }

    private static Optional<String> reason(JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return Optional.empty();
        }
        String reason = json.isTextual() ? json.textValue().strip() : "";
        if (reason.isEmpty() || reason.length() > MAX_REASON
                || reason.chars().anyMatch(Character::isISOControl)) {
            throw refused("reason: " + shortened(json.toString()) + " (expected: a text of 1 to " + MAX_REASON
                    + " characters in one line)");
        }
        return Optional.of(reason);
    }

    private static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }

    private static ProblemException refused(String detail) {
        return new Problem(Kind.BAD_REQUEST, detail).raised();
    }
}
