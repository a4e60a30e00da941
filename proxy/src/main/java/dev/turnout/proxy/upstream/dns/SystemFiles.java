package dev.turnout.proxy.upstream.dns;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The two files in which an operator tells a machine about names. {@link #read} blocks.
 *
 * @param hosts usually {@code /etc/hosts}
 * @param resolvConf usually {@code /etc/resolv.conf}
 */
record SystemFiles(Path hosts, Path resolvConf) {
    static final SystemFiles OF_THIS_MACHINE = new SystemFiles(Path.of("/etc/hosts"),
            Path.of("/etc/resolv.conf"));

    /** What they hold. */
    record Contents(String hosts, String resolvConf) {}

    /** A file that is not there is empty. Throws IOException for one that cannot be read. */
    Contents read() throws IOException {
        return new Contents(text(hosts), text(resolvConf));
    }

    private static String text(Path file) throws IOException {
        try {
            // Comments may be in any encoding.
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return "";
        }
    }
}
