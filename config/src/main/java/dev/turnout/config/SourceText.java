package dev.turnout.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The text of one file, or why there is none. */
sealed interface SourceText {
    int MAX_BYTES = 16 << 20;
    String ALLOWED = "a readable file of UTF-8 text, at most 16 MiB";

    /** All of it. */
    record Text(String text) implements SourceText {}

    /**
     * Why there is none.
     *
     * @param line where it stops being text; 0 where that is not what is wrong
     */
    record Unreadable(String found, int line) implements SourceText {}

    static SourceText read(Path file) {
        if (Files.isDirectory(file)) {
            return new Unreadable("a directory", 0);
        }
        if (Files.notExists(file)) {
            return new Unreadable("no such file", 0);
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            return bytes.length > MAX_BYTES ? new Unreadable("more than 16 MiB", 0) : decode(bytes);
        } catch (IOException e) {
            return new Unreadable("a file that cannot be read: " + e.getClass().getSimpleName(), 0);
        }
    }

    private static SourceText decode(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        String text = out.flip().toString();
        return result.isError()
                ? new Unreadable("bytes that are not UTF-8",
                        1 + (int) text.chars().filter(c -> c == '\n').count())
                : new Text(text);
    }
}
