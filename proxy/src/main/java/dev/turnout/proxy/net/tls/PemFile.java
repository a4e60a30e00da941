package dev.turnout.proxy.net.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.openssl.PEMParser;

/**
 * A file of the configuration that holds PEM objects. What is wrong with it is told by key and path, never by what it
 * holds.
 *
 * @param key in the configuration, {@code tls.certificate}
 */
record PemFile(String key, Path path) {
    /** Far above any bundle of authorities. */
    private static final int MAX_BYTES = 4 << 20;

    /** All objects, in their order, as the classes of Bouncy Castle. {@code expected}: for the message, {@code a key in PEM}. */
    List<Object> read(String expected) throws IOException {
        byte[] bytes = bytes();
        if (bytes.length == 0) {
            throw wrong("empty", expected);
        }
        List<Object> found = new ArrayList<>();
        try (PEMParser parser = new PEMParser(
                new StringReader(new String(bytes, StandardCharsets.ISO_8859_1)))) {
            for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
                found.add(next);
            }
        } catch (IOException | RuntimeException _) {
            // What the parser says may hold what it read.
            throw wrong("damaged", expected);
        }
        return found;
    }

    private byte[] bytes() throws IOException {
        if (Files.isDirectory(path)) {
            throw wrong("a directory", "a file");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw wrong(reason(e), "a file that this process may read");
        }
        if (bytes.length > MAX_BYTES) {
            throw wrong("too long", "at most " + MAX_BYTES + " bytes");
        }
        return bytes;
    }

    static String reason(IOException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "not there";
            case AccessDeniedException _ -> "not readable";
            default -> "cannot be read: " + failure.getClass().getSimpleName();
        };
    }

    IOException wrong(String found, String expected) {
        return new IOException(about(found + " (expected: " + expected + ")"));
    }

    /** {@code tls.certificate: /etc/server.crt: } and this. */
    String about(String said) {
        return key + ": " + path + ": " + said;
    }
}
