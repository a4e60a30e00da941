package dev.turnout.proxy.net.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * By what a change of a file is seen without reading it. Links are followed: what they point at counts.
 *
 * @param modified null where the file cannot be looked at
 * @param id of the file in its file system, where that has one
 */
record FileStamp(Path path, @Nullable FileTime modified, long bytes, @Nullable Object id) {
    static FileStamp of(Path path) {
        try {
            BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
            return new FileStamp(path, file.lastModifiedTime(), file.size(), file.fileKey());
        } catch (IOException _) {
            // Whoever reads it says why it cannot be read.
            return new FileStamp(path, null, 0, null);
        }
    }
}
