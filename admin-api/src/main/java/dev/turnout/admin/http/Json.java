package dev.turnout.admin.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.admin.http.Problem.Kind;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;

/** JSON as the API speaks it: read strictly, numbers exact. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static Buffer bytes(JsonNode json) {
        try {
            return Buffer.buffer(MAPPER.writeValueAsBytes(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("json: a tree that cannot be written", e);
        }
    }

    static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** The one text that equal trees have, whatever the order of their fields. */
    static String ordered(JsonNode json) {
        try {
            return MAPPER.writer().with(JsonNodeFeature.WRITE_PROPERTIES_SORTED).writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("json: a tree that cannot be written", e);
        }
    }

    /**
     * Reads one JSON object and nothing else.
     *
     * @param fields that it may have
     * @param example of what was expected, for messages
     */
    static ObjectNode readObject(Buffer body, List<String> fields, String example) {
        if (read(body) instanceof ObjectNode object) {
            object.fieldNames().forEachRemaining(name -> requireKnown(name, fields));
            return object;
        }
        throw new Problem(Kind.BAD_REQUEST, "body: not a JSON object (expected: " + example + ")").raised();
    }

    /** Reads one JSON value and nothing else; a missing node when there is none at all. */
    static JsonNode read(Buffer body) {
        try {
            return MAPPER.readTree(body.getBytes());
        } catch (JsonProcessingException e) {
            throw new Problem(Kind.BAD_REQUEST, "body: not JSON: " + e.getOriginalMessage() + at(e)).raised();
        } catch (IOException e) {
            throw new Problem(Kind.BAD_REQUEST, "body: not JSON: " + e.getMessage()).raised();
        }
    }

    private static void requireKnown(String name, List<String> fields) {
        if (!fields.contains(name)) {
            throw new Problem(Kind.BAD_REQUEST, Problem.shortened(name) + ": unknown field (expected: "
                    + String.join(", ", fields) + ")").raised();
        }
    }

    private static String at(JsonProcessingException e) {
        return e.getLocation() == null
                ? ""
                : " (line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr() + ")";
    }
}
