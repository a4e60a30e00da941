package dev.turnout.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whom a server runs as, since PostgreSQL refuses root: whoever runs us, or nobody when that is root.
 *
 * @param uid the user that has to own what the server writes
 * @param prefix what stands before a command that is to run as that user
 */
record Account(int uid, List<String> prefix) {
    private static final int ROOT = 0;
    private static final int NOBODY = 65534;

    static Account current() throws IOException {
        int self = self();
        if (self != ROOT) {
            return new Account(self, List.of());
        }
        return new Account(NOBODY, List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY,
                "--clear-groups"));
    }

    /** The user that this JVM runs as. */
    static int self() throws IOException {
        return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    /** Gives away a file, or a folder without what is in it. */
    void own(Path path) throws IOException {
        if (!prefix.isEmpty()) {
            Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
        }
    }

    List<String> command(String... words) {
        return Stream.concat(prefix.stream(), Stream.of(words)).toList();
    }
}
