package dev.turnout.proxy.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.admin.EndpointKey;
import dev.turnout.config.Address;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A change as one line of the journal. A line without a kind is a split: there was nothing else once. */
final class ChangeRecord {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SPLIT = "split";
    private static final String ENDPOINT = "endpoint";

    private ChangeRecord() {}

    static String write(RuntimeChange change) {
        ObjectNode node = JSON.createObjectNode();
        switch (change) {
            case SplitOverride split -> {
                node.put("kind", SPLIT).put("route", split.route());
                split.green().ifPresent(share -> node.put("greenPpm", share.ppm()));
            }
            case EndpointOverride endpoint -> node.put("kind", ENDPOINT)
                    .put("route", endpoint.route())
                    .put("target", endpoint.endpoint().target().label())
                    .put("address", endpoint.endpoint().address().toString())
                    .put("state", endpoint.value().label());
        }
        change.reason().ifPresent(text -> node.put("reason", text));
        return node.put("actor", change.actor())
                .put("version", change.version())
                .put("at", change.at().toString())
                .toString();
    }

    /** Throws IllegalArgumentException, with what is wrong, for what this version did not write. */
    static RuntimeChange read(String line) {
        try {
            JsonNode node = JSON.readTree(line);
            String kind = node.path("kind").asText(SPLIT);
            return switch (kind) {
                case SPLIT -> split(node);
                case ENDPOINT -> endpoint(node);
                default ->
                    throw new IllegalArgumentException("kind: " + kind + " (expected: split or endpoint)");
            };
        } catch (JsonProcessingException | DateTimeParseException e) {
            throw new IllegalArgumentException("not a change: " + e.getMessage(), e);
        }
    }

    private static SplitOverride split(JsonNode node) {
        return new SplitOverride(text(node, "route"),
                Optional.ofNullable(node.get("greenPpm")).map(ppm -> new Share(ppm.intValue())), reason(node),
                text(node, "actor"), version(node), at(node));
    }

    private static EndpointOverride endpoint(JsonNode node) {
        Target target = byLabel(node, "target", List.of(Target.values()), Target::label);
        EndpointKey key = new EndpointKey(text(node, "route"), target, Address.parse(text(node, "address")));
        EndpointOverride.Value value = byLabel(node, "state", Arrays.asList(EndpointOverride.Value.values()),
                EndpointOverride.Value::label);
        return new EndpointOverride(key, value, reason(node), text(node, "actor"), version(node), at(node));
    }

    private static <E> E byLabel(JsonNode node, String field, List<E> values, Function<E, String> label) {
        String text = text(node, field);
        return values.stream()
                .filter(value -> label.apply(value).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        field + ": " + text + " (expected: one of " + values.stream().map(label).toList()
                                + ")"));
    }

    private static Optional<String> reason(JsonNode node) {
        return Optional.ofNullable(node.get("reason")).map(JsonNode::textValue);
    }

    private static long version(JsonNode node) {
        return node.required("version").longValue();
    }

    private static Instant at(JsonNode node) {
        return Instant.parse(text(node, "at"));
    }

    private static String text(JsonNode node, String field) {
        String text = node.required(field).textValue();
        if (text == null) {
            throw new IllegalArgumentException(field + ": " + node.get(field) + " (expected: a text)");
        }
        return text;
    }
}
