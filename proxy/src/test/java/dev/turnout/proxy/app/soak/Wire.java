package dev.turnout.proxy.app.soak;

import dev.turnout.proxy.testkit.RawConnection;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** HTTP/1 over a connection, read through a buffer and by the letter. One thread reads. */
final class Wire {
    private static final int BUFFER_BYTES = 8 * 1024;

    private final RawConnection connection;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int limit;
    private Runnable beforeReading = () -> {};

    Wire(RawConnection connection) {
        this.connection = connection;
    }

    /** Does this before it takes the next few kilobytes. */
    void beforeReading(Runnable pause) {
        beforeReading = pause;
    }

    RawConnection connection() {
        return connection;
    }

    /** Waits for a byte; answers false when the other end closes instead. */
    boolean more() throws IOException {
        if (position == limit) {
            beforeReading.run();
            position = 0;
            limit = Math.max(0, connection.read(buffer));
        }
        return position < limit;
    }

    private int octet() throws IOException {
        if (!more()) {
            throw new EOFException("the other end closed inside a message");
        }
        return buffer[position++] & 0xFF;
    }

    /** Without its end. */
    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        int octet = octet();
        while (octet != '\n') {
            line.append((char) octet);
            octet = octet();
        }
        if (line.isEmpty() || line.charAt(line.length() - 1) != '\r') {
            throw new IllegalStateException("line: " + line + " (expected: CR and LF at its end)");
        }
        return line.substring(0, line.length() - 1);
    }

    /** Up to and including the empty line; also the trailers of a chunked body. */
    String head() throws IOException {
        StringBuilder head = new StringBuilder();
        String line = line();
        while (!line.isEmpty()) {
            head.append(line).append("\r\n");
            line = line();
        }
        return head.append("\r\n").toString();
    }

    /** Adds to {@code into} what there is of so many bytes, also when it throws. */
    void bytes(int count, ByteArrayOutputStream into) throws IOException {
        int left = count;
        while (left > 0) {
            if (!more()) {
                throw new EOFException("the other end closed " + left + " of " + count + " bytes early");
            }
            int taken = Math.min(left, limit - position);
            into.write(buffer, position, taken);
            position += taken;
            left -= taken;
        }
    }

    /** A chunked body; answers its trailers. */
    String chunks(ByteArrayOutputStream into) throws IOException {
        int size = chunkSize();
        while (size > 0) {
            bytes(size, into);
            if (!line().isEmpty()) {
                throw new IllegalStateException("chunk: longer than its size");
            }
            size = chunkSize();
        }
        return head();
    }

    private int chunkSize() throws IOException {
        String line = line();
        int extension = line.indexOf(';');
        return Integer.parseInt(extension < 0 ? line : line.substring(0, extension), 16);
    }

    /** Everything until the other end closes. */
    void rest(ByteArrayOutputStream into) throws IOException {
        while (more()) {
            bytes(limit - position, into);
        }
    }

    /** Says back what comes, up to so many bytes. */
    void echo(int most) throws IOException {
        int left = most;
        while (left > 0 && more()) {
            int taken = Math.min(left, limit - position);
            connection.send(Arrays.copyOfRange(buffer, position, position + taken));
            position += taken;
            left -= taken;
        }
    }

    String rest() throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        rest(rest);
        return rest.toString(StandardCharsets.ISO_8859_1);
    }

    /** The body that such a head announces. Answers the trailers, or nothing. */
    String body(String head, ByteArrayOutputStream into) throws IOException {
        if ("chunked".equals(field(head, "Transfer-Encoding"))) {
            return chunks(into);
        }
        bytes(RawConnection.contentLength(head), into);
        return "";
    }

    /** The value of the first field of this name, or null. */
    static @Nullable String field(String head, String name) {
        for (String line : head.split("\r\n", -1)) {
            if (line.length() > name.length() && line.charAt(name.length()) == ':'
                    && line.regionMatches(true, 0, name, 0, name.length())) {
                return line.substring(name.length() + 1).strip();
            }
        }
        return null;
    }

    /** The body in chunks of random sizes, some with an extension, with these trailers behind. */
    static byte[] chunked(byte[] body, String trailers, SplittableRandom random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + 256);
        int from = 0;
        while (from < body.length) {
            int size = Math.min(body.length - from, 1 + random.nextInt(1 << (1 + random.nextInt(16))));
            String extension = random.nextInt(4) == 0 ? ";soak=\"yes\"" : "";
            out.writeBytes(ascii(Integer.toHexString(size) + extension + "\r\n"));
            out.write(body, from, size);
            out.writeBytes(ascii("\r\n"));
            from += size;
        }
        out.writeBytes(ascii("0\r\n" + trailers + "\r\n"));
        return out.toByteArray();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] joined(byte[] first, byte[] second) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(first.length + second.length);
        out.writeBytes(first);
        out.writeBytes(second);
        return out.toByteArray();
    }
}
