package dev.turnout.admin.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.admin.http.Problem.Kind;
import java.util.List;
import java.util.Optional;

/**
 * Why an operator changes something: 1 to 500 characters without line ends or other control characters, as it goes to
 * logs and terminals.
 */
final class Reason {
    private static final int MAX_LENGTH = 500;

    private Reason() {}

    /** Reads the field of a body. */
    static Optional<String> of(JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return Optional.empty();
        }
        return Optional.of(checked(json.isTextual() ? json.textValue() : "", json.toString()));
    }

    /** Reads every parameter of that name in a query. */
    static Optional<String> of(List<String> parameters) {
        if (parameters.size() > 1) {
            throw refused(parameters.size() + " of them");
        }
        return parameters.stream().findFirst().map(text -> checked(text, '"' + text + '"'));
    }

    private static String checked(String text, String found) {
        String reason = text.strip();
        if (reason.isEmpty() || reason.length() > MAX_LENGTH
                || reason.chars().anyMatch(Character::isISOControl)) {
            throw refused(found);
        }
        return reason;
    }

    private static ProblemException refused(String found) {
        return new Problem(Kind.BAD_REQUEST,
                "reason: " + Problem.shortened(found) + " (expected: a text of 1 to "
                        + MAX_LENGTH + " characters in one line)")
                .raised();
    }
}
