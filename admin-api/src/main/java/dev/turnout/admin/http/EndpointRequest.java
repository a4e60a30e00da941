package dev.turnout.admin.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.admin.http.Problem.Kind;
import dev.turnout.config.EndpointState;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The body of a change of one endpoint. */
record EndpointRequest(EndpointState state, Optional<String> reason) {
    private static final List<String> FIELDS = List.of("state", "reason");

    static EndpointRequest parse(Buffer body) {
        ObjectNode json = Json.readObject(body, FIELDS, "{\"state\": \"drained\"}");
        return new EndpointRequest(state(json.path("state")), Reason.of(json.path("reason")));
    }

    private static EndpointState state(JsonNode json) {
        return Arrays.stream(EndpointState.values())
                .filter(state -> json.isTextual() && json.textValue().equals(state.label()))
                .findFirst()
                .orElseThrow(() -> new Problem(Kind.BAD_REQUEST,
                        "state: " + (json.isMissingNode() ? "missing" : Problem.shortened(json.toString()))
                                + " (expected: \"active\" or \"drained\"; DELETE removes an endpoint)")
                        .raised());
    }
}
