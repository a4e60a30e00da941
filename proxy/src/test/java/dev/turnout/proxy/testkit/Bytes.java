package dev.turnout.proxy.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Text as bytes and back, one char for each byte, and bytes in pieces. */
public final class Bytes {
    private Bytes() {}

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    public static String text(ByteBuf in) {
        return in.toString(StandardCharsets.ISO_8859_1);
    }

    /** A heap buffer of its own that holds {@code text} behind {@code offset} other bytes, which are read already. */
    public static ByteBuf buffer(String text, int offset) {
        ByteBuf buffer = Unpooled.buffer(offset + text.length() + 1);
        buffer.writeBytes(bytes("#".repeat(offset))).skipBytes(offset);
        return buffer.writeBytes(bytes(text));
    }

    public static ByteBuf buffer(String text) {
        return buffer(text, 0);
    }

    /** {@code text} in pieces of {@code size}, the last one perhaps shorter. */
    public static List<String> fragments(String text, int size) {
        List<String> fragments = new ArrayList<>();
        for (int from = 0; from < text.length(); from += size) {
            fragments.add(text.substring(from, Math.min(text.length(), from + size)));
        }
        return fragments;
    }
}
