package dev.turnout.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** As much of JSON Schema as the document uses, and stricter: a field that is not described is refused. */
final class Schemas {
    private final JsonNode document;

    Schemas(JsonNode document) {
        this.document = document;
    }

    /** Follows references. */
    JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? resolve(document.at(node.path("$ref").asText().substring(1))) : node;
    }

    void check(String at, JsonNode schema, JsonNode value) {
        List<JsonNode> parts = parts(schema).toList();
        for (JsonNode part : parts) {
            checkType(at, part, value);
            if (part.has("enum")) {
                assertThat(part.path("enum")).as(at).contains(value);
            }
            if (part.has("const")) {
                assertThat(value).as(at).isEqualTo(part.path("const"));
            }
            value.valueStream().filter(_ -> value.isArray())
                    .forEach(element -> check(at + "[]", part.path("items"), element));
        }
        if (value.isObject()) {
            checkFields(at, parts, value);
        }
    }

    private void checkFields(String at, List<JsonNode> parts, JsonNode value) {
        Set<String> required = parts.stream().flatMap(part -> part.path("required").valueStream())
                .map(JsonNode::asText).collect(Collectors.toSet());
        assertThat(value.fieldNames()).toIterable().as(at).containsAll(required);
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            List<JsonNode> described = parts.stream()
                    .map(part -> part.path("properties").has(field.getKey())
                            ? part.path("properties").path(field.getKey())
                            : part.path("additionalProperties"))
                    .filter(part -> !part.isMissingNode())
                    .toList();
            assertThat(described).as(at + "/" + field.getKey() + ": not described").isNotEmpty();
            described.forEach(part -> check(at + "/" + field.getKey(), part, field.getValue()));
        }
    }

    private Stream<JsonNode> parts(JsonNode schema) {
        JsonNode resolved = resolve(schema);
        assertThat(resolved.isObject()).as("a schema: " + resolved).isTrue();
        return Stream.concat(Stream.of(resolved), resolved.path("allOf").valueStream().flatMap(this::parts));
    }

    private static void checkType(String at, JsonNode schema, JsonNode value) {
        if (!schema.has("type")) {
            return;
        }
        JsonNode type = schema.path("type");
        List<String> allowed = type.isArray()
                ? type.valueStream().map(JsonNode::asText).toList()
                : List.of(type.asText());
        assertThat(allowed).as(at).contains(typeOf(value));
    }

    private static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            case NULL -> "null";
            case BOOLEAN -> "boolean";
            case STRING -> "string";
            case ARRAY -> "array";
            case OBJECT -> "object";
            case BINARY, MISSING, POJO -> "none";
        };
    }
}
