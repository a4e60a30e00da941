package dev.turnout.proxy.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.admin.ChangeContext.IdempotencyKey;
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
    private static final String FILE = "file";
    private static final String REPETITION = "repetition";
    private static final List<Target> TARGETS = List.of(Target.values());

    private ChangeRecord() {}

    static String write(RuntimeChange change) {
        ObjectNode node = JSON.createObjectNode();
        switch (change) {
            case SplitOverride split -> {
                node.put("kind", SPLIT).put("route", split.route());
                split.green().ifPresent(share -> node.put("greenPpm", share.ppm()));
                split.drained().ifPresent(target -> node.put("drained", target.label()));
                split.file().ifPresent(share -> node.put("filePpm", share.ppm()));
            }
            case EndpointOverride endpoint -> node.put("kind", ENDPOINT)
                    .put("route", endpoint.endpoint().route())
                    .put("target", endpoint.endpoint().target().label())
                    .put("address", endpoint.endpoint().address().toString())
                    .put("state", endpoint.value().label());
            case FileChange file -> {
                ArrayNode routes = node.put("kind", FILE).putArray("routes");
                file.routes().forEach(routes::add);
            }
            case Repetition _ -> node.put("kind", REPETITION);
        }
        write(change.stamp(), node);
        return node.toString();
    }

    private static void write(Stamp stamp, ObjectNode node) {
        stamp.reason().ifPresent(text -> node.put("reason", text));
        stamp.key().ifPresent(key -> node.put("key", key.key()).put("request", key.request()));
        node.put("actor", stamp.actor())
                .put("version", stamp.version())
                .put("at", stamp.at().toString());
    }

    /** Throws IllegalArgumentException, with what is wrong, for what this version did not write. */
    static RuntimeChange read(String line) {
        try {
            JsonNode node = JSON.readTree(line);
            String kind = node.path("kind").asText(SPLIT);
            return switch (kind) {
                case SPLIT -> split(node);
                case ENDPOINT -> endpoint(node);
                case FILE -> new FileChange(
                        node.required("routes").valueStream().map(JsonNode::asText).toList(), stamp(node));
                case REPETITION -> new Repetition(stamp(node));
                default -> throw new IllegalArgumentException("kind: " + kind + " (expected: "
                        + String.join(", ", SPLIT, ENDPOINT, FILE, REPETITION) + ")");
            };
        } catch (JsonProcessingException | DateTimeParseException e) {
            throw new IllegalArgumentException("not a change: " + e.getMessage(), e);
        }
    }

    private static SplitOverride split(JsonNode node) {
        Optional<Target> drained = node.has("drained")
                ? Optional.of(byLabel(node, "drained", TARGETS, Target::label))
                : Optional.empty();
        return new SplitOverride(text(node, "route"), share(node, "greenPpm"), drained,
                share(node, "filePpm"), stamp(node));
    }

    private static Optional<Share> share(JsonNode node, String field) {
        return Optional.ofNullable(node.get(field)).map(ppm -> new Share(ppm.intValue()));
    }

    private static EndpointOverride endpoint(JsonNode node) {
        EndpointKey key = new EndpointKey(text(node, "route"),
                byLabel(node, "target", TARGETS, Target::label), Address.parse(text(node, "address")));
        return new EndpointOverride(key, byLabel(node, "state",
                Arrays.asList(EndpointOverride.Value.values()), EndpointOverride.Value::label), stamp(node));
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

    private static Stamp stamp(JsonNode node) {
        Optional<IdempotencyKey> key = node.has("key")
                ? Optional.of(new IdempotencyKey(text(node, "key"), text(node, "request")))
                : Optional.empty();
        return new Stamp(node.required("version").longValue(), Instant.parse(text(node, "at")),
                text(node, "actor"), Optional.ofNullable(node.get("reason")).map(JsonNode::textValue), key);
    }

    private static String text(JsonNode node, String field) {
        String text = node.required(field).textValue();
        if (text == null) {
            throw new IllegalArgumentException(field + ": " + node.get(field) + " (expected: a text)");
        }
        return text;
    }
}
