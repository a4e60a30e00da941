package dev.turnout.admin.http;

import io.vertx.core.buffer.Buffer;
import java.util.Map;

/**
 * What goes back to the client.
 *
 * @param headers besides the content type
 */
record Answer(int status, String contentType, Buffer body, Map<String, String> headers) {
    static final String JSON = "application/json";
    static final String TEXT = "text/plain; charset=utf-8";

    Answer {
        headers = Map.copyOf(headers);
    }

    static Answer text(String contentType, String body) {
        return new Answer(200, contentType, Buffer.buffer(body), Map.of());
    }
}
