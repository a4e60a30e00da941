package dev.turnout.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Serial;

/** A refusal of the admin API (RFC 9457), with what a command may say in words of its own. */
final class ApiProblem extends OperatorException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient JsonNode json;

    ApiProblem(int exitCode, String sentence, JsonNode json) {
        super(exitCode, sentence);
        this.json = json;
    }

    /** Whether it is the one with this code. */
    boolean is(String code) {
        return json.path("code").asText().equals(code);
    }

    /** A member beyond those of every problem; missing when there is none. */
    JsonNode member(String name) {
        return json.path(name);
    }
}
