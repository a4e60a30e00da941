package dev.turnout.proxy.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The folder with what must survive a restart, held by one process at a time. */
public final class StateDirectory implements Closeable {
    private static final String LOCK_FILE = "lock";

    private final Path path;
    private final FileChannel channel;

    private StateDirectory(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Creates the folder if need be and locks it. Throws IOException, with what to do, when it cannot be had. */
    public static StateDirectory hold(Path path) throws IOException {
        FileChannel channel;
        try {
            Files.createDirectories(path);
            channel = FileChannel.open(path.resolve(LOCK_FILE), StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IOException(
                    "state-dir: " + path + ": cannot be written, " + e + " (expected: a folder that this user"
                            + " may write to)",
                    e);
        }
        if (tryLock(channel) == null) {
            channel.close();
            throw new IOException(
                    "state-dir: " + path + ": in use by another process (expected: one state directory for"
                            + " each turnout run)");
        }
        return new StateDirectory(path, channel);
    }

    /** Makes a created or renamed name durable. */
    static void sync(Path directory) throws IOException {
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    /** A file in the folder. Throws IOException, with what to do, when it cannot be opened. */
    static FileChannel open(Path file, OpenOption... how) throws IOException {
        try {
            return FileChannel.open(file, how);
        } catch (IOException e) {
            // The message of some is only the file.
            throw new IOException("state-dir: " + file + ": cannot be opened, " + e
                    + " (expected: a file that this user may read and write)", e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held by this very process.
            return null;
        }
    }

    public Path path() {
        return path;
    }

    /** Lets go of the folder; the operating system does the same when the process ends in whatever way. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
