package dev.turnout.proxy.testkit;

import java.util.ArrayList;
import java.util.List;

/** What a PostgreSQL session heard, message for message, without what differs from one session to the next. */
public final class Transcript {
    private static final int PID_BYTES = 4;

    private final List<String> lines = new ArrayList<>();

    /** Keeps what can be compared of it. */
    public void add(RawPostgres.Message message) {
        String text = message.text().replaceAll("pg_temp_\\d+", "pg_temp");
        lines.add((char) message.type() + " "
                + (message.type() == 'A' ? "…" + text.substring(PID_BYTES) : text));
    }

    /** A message each: its type, and its body with a character for each byte. */
    public List<String> lines() {
        return List.copyOf(lines);
    }
}
