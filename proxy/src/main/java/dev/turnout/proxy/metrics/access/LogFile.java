package dev.turnout.proxy.metrics.access;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file with a certain path, appended to, whichever file that is: when it was renamed or removed, a new one is begun,
 * as soon as the next lines come, and one second after the last look at the latest.
 */
final class LogFile implements Output {
    private static final Logger log = LoggerFactory.getLogger(LogFile.class);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int FILE_TYPE = 0170000;
    private static final int NAMED_PIPE = 0010000;

    private final Path path;
    private final LongSupplier nanos;
    private long lookedNanos;
    private @Nullable LineChannel channel;
    /** Of the file behind {@code channel}, or of one that was there just before: then the next look opens again. */
    private @Nullable Object key;

    private LogFile(Path path, LongSupplier nanos) {
        this.path = path;
        this.nanos = nanos;
    }

    /**
     * Opens the file, or creates it for its owner to write and its group to read. Throws IOException that names the path
     * and what is in the way.
     *
     * @param nanos ticks
     */
    static LogFile open(Path path, LongSupplier nanos) throws IOException {
        LogFile file = new LogFile(path, nanos);
        try {
            file.channel = file.openChannel();
        } catch (IOException e) {
            throw new IOException(file.place() + file.why(e)
                    + " (expected: a file in an existing folder that this user may write to, or \"-\")", e);
        }
        return file;
    }

    private LineChannel openChannel() throws IOException {
        lookedNanos = nanos.getAsLong();
        refuseNamedPipe();
        key = key();
        FileChannel opened = FileChannel.open(path,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
        try {
            return new LineChannel(opened, endsInsideLine());
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    /** To open one waits until someone reads it: then nothing would start. */
    private void refuseNamedPipe() throws IOException {
        if (Files.exists(path) && ((int) Files.getAttribute(path, "unix:mode") & FILE_TYPE) == NAMED_PIPE) {
            throw new IOException("is a named pipe");
        }
    }

    /** Whether a crash or a full disk left a part of a line. */
    private boolean endsInsideLine() throws IOException {
        if (!Files.isRegularFile(path) || Files.size(path) == 0) {
            return false;
        }
        try (SeekableByteChannel existing = Files.newByteChannel(path)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            existing.position(existing.size() - 1);
            return existing.read(last) == 1 && last.get(0) != '\n';
        }
    }

    /** Which file has the path now; null when none can be seen, and to open it then says why. */
    private @Nullable Object key() {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    public void write(ByteBuffer lines) throws IOException {
        try {
            current().write(lines);
        } catch (IOException e) {
            throw new IOException(place() + why(e), e);
        }
    }

    private LineChannel current() throws IOException {
        LineChannel now = channel;
        if (now != null) {
            if (nanos.getAsLong() - lookedNanos < LOOK_NANOS) {
                return now;
            }
            lookedNanos = nanos.getAsLong();
            Object before = key;
            if (before != null && before.equals(key())) {
                return now;
            }
            if (before != null) {
                log.info("access log begun anew path={}: its file was renamed or removed", path);
            }
            close();
        }
        LineChannel opened = openChannel();
        channel = opened;
        return opened;
    }

    private String place() {
        return "access-log: " + path + ": ";
    }

    private String why(IOException failure) {
        Path folder = Objects.requireNonNullElse(path.toAbsolutePath().getParent(), path);
        if (Files.isDirectory(path)) {
            return "is a folder";
        }
        if (!Files.isDirectory(folder)) {
            return (Files.exists(folder) ? "not a folder: " : "no such folder: ") + folder;
        }
        if (failure instanceof AccessDeniedException) {
            return "not permitted to this user";
        }
        String reason = failure instanceof FileSystemException named
                ? named.getReason()
                : failure.getMessage();
        return reason == null ? failure.toString() : reason;
    }

    @Override
    public void close() throws IOException {
        LineChannel open = channel;
        if (open != null) {
            channel = null;
            open.close();
        }
    }
}
