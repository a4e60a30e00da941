package dev.turnout.proxy.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.config.Share;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * What an operator decided about one route's share, as it stands in the journal.
 *
 * @param green empty: back to the file
 * @param version that this change made
 */
record SplitOverride(
        String route,
        Optional<Share> green,
        Optional<String> reason,
        String actor,
        long version,
        Instant at) {
    private static final ObjectMapper JSON = new ObjectMapper();

    String toJson() {
        ObjectNode node = JSON.createObjectNode();
        node.put("route", route);
        green.ifPresent(share -> node.put("greenPpm", share.ppm()));
        reason.ifPresent(text -> node.put("reason", text));
        node.put("actor", actor).put("version", version).put("at", at.toString());
        return node.toString();
    }

    /** Throws IllegalArgumentException for what this version did not write. */
    static SplitOverride fromJson(String text) {
        try {
            JsonNode node = JSON.readTree(text);
            return new SplitOverride(node.required("route").textValue(),
                    Optional.ofNullable(node.get("greenPpm")).map(ppm -> new Share(ppm.intValue())),
                    Optional.ofNullable(node.get("reason")).map(JsonNode::textValue),
                    node.required("actor").textValue(), node.required("version").longValue(),
                    Instant.parse(node.required("at").textValue()));
        } catch (JsonProcessingException | DateTimeParseException e) {
            throw new IllegalArgumentException("journal record: " + text + " (expected: a change of a split)",
                    e);
        }
    }
}
