package dev.turnout.admin.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.admin.Event;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** An event as JSON, and as a message of an event stream. */
final class EventJson {
    private EventJson() {}

    static ArrayNode of(List<Event> events) {
        ArrayNode json = Json.object().arrayNode();
        events.forEach(event -> json.add(of(event)));
        return json;
    }

    /** As server-sent events have it (WHATWG HTML, 9.2.5); JSON has no line ends of its own. */
    static Buffer message(Event event) {
        return Buffer.buffer("id: " + event.number() + "\nevent: " + event.kind() + "\ndata: ")
                .appendBuffer(Json.bytes(of(event)))
                .appendString("\n\n");
    }

    private static ObjectNode of(Event event) {
        return Json.object()
                .put("number", event.number())
                .put("at", event.at().toString())
                .put("kind", event.kind())
                .put("route", event.route().orElse(null))
                .put("actor", event.actor().orElse(null))
                .put("text", event.text());
    }
}
