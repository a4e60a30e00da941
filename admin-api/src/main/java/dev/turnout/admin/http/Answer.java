package dev.turnout.admin.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;

/**
 * An answer that is whole.
 *
 * @param contentType empty: without a body
 * @param headers besides the content type
 */
record Answer(int status, String contentType, Buffer body, Map<String, String> headers) implements Reply {
    static final String JSON = "application/json";
    static final String TEXT = "text/plain; charset=utf-8";

    Answer {
        headers = Map.copyOf(headers);
    }

    static Answer json(JsonNode body) {
        return new Answer(200, JSON, Json.bytes(body), Map.of());
    }

    static Answer text(String contentType, String body) {
        return new Answer(200, contentType, Buffer.buffer(body), Map.of());
    }

    /** The same with more headers. */
    Answer with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(headers);
        all.putAll(more);
        return new Answer(status, contentType, body, all);
    }
}
