package dev.turnout.admin.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.admin.http.Problem.Kind;
import dev.turnout.config.Target;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The body of a drain.
 *
 * @param timeout how long to wait; 0s..1h, default 30s
 */
record DrainRequest(Target target, Duration timeout, Optional<String> reason) {
    private static final List<String> FIELDS = List.of("target", "timeout", "reason");
    private static final Times TIMEOUT = new Times("timeout", Duration.ZERO, Duration.ofHours(1), "0s to 1h");
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    static DrainRequest parse(Buffer body) {
        ObjectNode json = Json.readObject(body, FIELDS, "{\"target\": \"blue\", \"timeout\": \"30s\"}");
        return new DrainRequest(target(json.path("target")), timeout(json.path("timeout")),
                Reason.of(json.path("reason")));
    }

    private static Target target(JsonNode json) {
        return Arrays.stream(Target.values())
                .filter(target -> json.isTextual() && json.textValue().equals(target.label()))
                .findFirst()
                .orElseThrow(() -> new Problem(Kind.BAD_REQUEST,
                        "target: " + (json.isMissingNode() ? "missing" : Problem.shortened(json.toString()))
                                + " (expected: \"blue\" or \"green\", the side that is to get nothing)")
                        .raised());
    }

    private static Duration timeout(JsonNode json) {
        if (json.isMissingNode()) {
            return DEFAULT_TIMEOUT;
        }
        if (!json.isTextual()) {
            throw TIMEOUT.refused(json.toString());
        }
        return TIMEOUT.parse(json.textValue());
    }
}
