package dev.turnout.proxy.app.pgsoak;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client sends at once, and every message that must come for it, in order: the type, and what tells whose it is.
 * One thread.
 */
final class Exchange {
    private final Messages messages = new Messages();
    private final List<String> expected = new ArrayList<>();

    Messages messages() {
        return messages;
    }

    List<String> expected() {
        return expected;
    }

    Exchange expect(String... items) {
        expected.addAll(List.of(items));
        return this;
    }

    /** A simple query that answers one row of these columns. */
    Exchange row(String sql, String columns) {
        messages.query(sql);
        return expect("T", "D:" + columns, "C:SELECT 1", "Z:I");
    }

    /** As it is written in {@link #expected}. */
    static String shown(PgWire.Message message) {
        String type = String.valueOf(message.type());
        return switch (message.type()) {
            case 'D' -> type + ":" + columns(ByteBuffer.wrap(message.body()));
            case 'C' -> type + ":" + text(message.body(), message.body().length - 1);
            case 'Z', 'd' -> type + ":" + text(message.body(), message.body().length);
            case 'E' -> type + ":" + message.sqlState();
            default -> type;
        };
    }

    private static String text(byte[] bytes, int length) {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private static String columns(ByteBuffer body) {
        List<String> columns = new ArrayList<>();
        for (int left = body.getShort(); left > 0; left--) {
            int bytes = body.getInt();
            byte[] value = new byte[Math.max(0, bytes)];
            body.get(value);
            columns.add(bytes < 0 ? "null" : text(value, bytes));
        }
        return String.join("|", columns);
    }
}
