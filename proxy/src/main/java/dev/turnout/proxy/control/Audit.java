package dev.turnout.proxy.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.admin.AuditTrail;
import dev.turnout.proxy.journal.AuditFile;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Every change as one line of JSON in a file that is never compacted. Any thread. */
public final class Audit implements AuditTrail {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final AuditFile file;

    /** Closing the file stays with the caller. */
    public Audit(AuditFile file) {
        this.file = file;
    }

    /** The version of the last change that it holds; 0 when there is none. */
    long lastVersion() throws IOException {
        List<Entry> last = newest(1, Optional.empty());
        return last.isEmpty() ? 0 : last.getFirst().version();
    }

    /** Returns when it is on the disk. */
    void add(Described change, Stamp stamp) throws IOException {
        ObjectNode node = JSON.createObjectNode();
        node.put("version", stamp.version())
                .put("at", stamp.at().toString())
                .put("actor", stamp.actor())
                .put("action", change.action());
        change.route().ifPresent(text -> node.put("route", text));
        change.subject().ifPresent(text -> node.put("subject", text));
        stamp.reason().ifPresent(text -> node.put("reason", text));
        file.append(node.put("before", change.before()).put("after", change.after()).toString());
    }

    @Override
    public List<Entry> newest(int limit, Optional<String> route) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (String line : file.newest(limit, text -> route.isEmpty() || isOf(route.get(), text))) {
            entries.add(read(line));
        }
        return entries;
    }

    private static boolean isOf(String route, String line) {
        return line.contains("\"route\":\"" + route + '"');
    }

    private Entry read(String line) throws IOException {
        try {
            JsonNode node = JSON.readTree(line);
            return new Entry(node.path("version").asLong(), Instant.parse(node.path("at").asText()),
                    node.path("actor").asText(), node.path("action").asText(), text(node, "route"),
                    text(node, "subject"), text(node, "reason"), node.path("before").asText(),
                    node.path("after").asText());
        } catch (JsonProcessingException | DateTimeParseException e) {
            throw new IOException(file.file() + ": a line that is no change (expected: what Turnout wrote): "
                    + line.substring(0, Math.min(line.length(), 100)), e);
        }
    }

    private static Optional<String> text(JsonNode node, String field) {
        return Optional.ofNullable(node.get(field)).map(JsonNode::asText);
    }
}
