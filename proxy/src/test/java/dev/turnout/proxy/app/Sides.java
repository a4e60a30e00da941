package dev.turnout.proxy.app;

import dev.turnout.config.Target;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawUpstream;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** An endpoint for each side: it answers with the side's name, and remembers the head of every request. */
final class Sides {
    private final Map<Target, RawUpstream> upstreams = new EnumMap<>(Target.class);
    private final Map<Target, Queue<String>> heard = new EnumMap<>(Target.class);

    Sides(Rig rig) throws IOException {
        this(rig, "\r\n");
    }

    /** @param fields lines that every answer has besides its length, and the empty line */
    Sides(Rig rig, String fields) throws IOException {
        for (Target target : Target.values()) {
            Queue<String> heads = new ConcurrentLinkedQueue<>();
            heard.put(target, heads);
            upstreams.put(target, rig.upstream((connection, number) -> answer(connection, heads,
                    target.label(), fields)));
        }
    }

    private static void answer(RawConnection connection, Queue<String> heads, String side, String fields)
            throws IOException {
        while (true) {
            String message = connection.message();
            heads.add(message);
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + side.length() + "\r\n" + fields
                    + (message.startsWith("HEAD ") ? "" : side));
        }
    }

    /** The messages that a side was sent, whole. */
    List<String> heard(Target target) {
        return List.copyOf(Objects.requireNonNull(heard.get(target)));
    }

    /** What a route needs in the configuration: both sides. */
    String endpoints() {
        StringBuilder text = new StringBuilder();
        upstreams.forEach(
                (target, upstream) -> text.append(target.label()).append(".endpoints = [\"127.0.0.1:")
                        .append(upstream.port()).append("\"]\n"));
        return text.toString();
    }
}
