package dev.turnout.bench.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** What became of a configuration file that was read again. */
sealed interface Reloaded {
    /**
     * The file is in effect.
     *
     * @param changes a sentence each
     */
    record Applied(List<String> changes) implements Reloaded {}

    /**
     * The file is wrong, and nothing was changed.
     *
     * @param problems each with its place
     */
    record Refused(List<String> problems) implements Reloaded {}

    /** The texts of a list in an answer of the admin API. */
    static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asText).toList();
    }
}
