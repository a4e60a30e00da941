package dev.turnout.proxy.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file of records that is only ever appended to. {@link #append} returns when the record is on the disk; after a
 * crash every such record is there again, and what was being written is absent or whole.
 *
 * <p>A record is a line of text: eight hexadecimal digits of CRC-32C, a space, the payload. Not for concurrent use.
 */
public final class Journal implements Closeable {
    private static final String FILE = "journal";
    private static final String NEXT_FILE = "journal.next";
    private static final int CHECKSUM_CHARS = 9;

    private final Path directory;
    private final List<String> replayed;
    private final long tornBytes;
    private FileChannel channel;
    private long size;
    private @Nullable IOException broken;

    private Journal(Path directory, FileChannel channel, List<String> replayed, long size, long tornBytes) {
        this.directory = directory;
        this.channel = channel;
        this.replayed = List.copyOf(replayed);
        this.size = size;
        this.tornBytes = tornBytes;
    }

    /**
     * Opens the journal of {@code directory}, or begins it. A last record that a crash cut short was never acknowledged
     * and is cut off. Throws IOException, with the place, when a record is damaged in any other way; or, with the file,
     * when it cannot be had.
     */
    public static Journal open(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        FileChannel channel = StateDirectory.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        try {
            return of(directory, file, channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static Journal of(Path directory, Path file, FileChannel channel) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        List<String> records = new ArrayList<>();
        int valid = 0;
        while (valid < bytes.length) {
            int end = lineEnd(bytes, valid);
            Optional<String> payload = end < 0
                    ? Optional.empty()
                    : payload(new String(bytes, valid, end - valid, StandardCharsets.UTF_8));
            if (payload.isEmpty()) {
                if (end >= 0 && (end + 1 < bytes.length || !holdsUnwritten(bytes, valid, end))) {
                    throw new IOException(file + ": damaged at byte " + valid
                            + " (expected: a record with its checksum; restore the file, or move it away to start from"
                            + " the configuration)");
                }
                break;
            }
            records.add(payload.get());
            valid = end + 1;
        }
        channel.truncate(valid);
        channel.position(valid);
        channel.force(true);
        StateDirectory.sync(directory);
        return new Journal(directory, channel, records, valid, bytes.length - valid);
    }

    /**
     * Whether blocks of a line never reached the disk, though its end did: they read as zeros. A line that is merely
     * wrong is damage to something that was acknowledged.
     */
    private static boolean holdsUnwritten(byte[] bytes, int from, int end) {
        for (int i = from; i < end; i++) {
            if (bytes[i] == 0) {
                return true;
            }
        }
        return false;
    }

    private static int lineEnd(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static Optional<String> payload(String line) {
        if (line.length() < CHECKSUM_CHARS) {
            return Optional.empty();
        }
        String payload = line.substring(CHECKSUM_CHARS);
        return line.startsWith(checksum(payload)) ? Optional.of(payload) : Optional.empty();
    }

    private static String checksum(String payload) {
        CRC32C crc = new CRC32C();
        crc.update(payload.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) crc.getValue()) + " ";
    }

    private static ByteBuffer line(String payload) {
        if (payload.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("record: holds a line end (expected: one line)");
        }
        return ByteBuffer.wrap((checksum(payload) + payload + "\n").getBytes(StandardCharsets.UTF_8));
    }

    public Path file() {
        return directory.resolve(FILE);
    }

    /** What was in the journal when it was opened, oldest first. */
    public List<String> replayed() {
        return replayed;
    }

    /** How many bytes of an unacknowledged record were cut off when it was opened. */
    public long tornBytes() {
        return tornBytes;
    }

    /** In bytes. */
    public long size() {
        return size;
    }

    /**
     * Returns when the record is on the disk. Throws IOException when that is not certain; after a failed write or
     * fsync nobody knows what the disk holds, so every later append throws as well, until the journal is opened anew.
     */
    public void append(String payload) throws IOException {
        refuseIfBroken();
        try {
            size += write(channel, line(payload));
            channel.force(false);
        } catch (IOException e) {
            broken = e;
            throw new IOException("journal: " + file() + ": " + why(e), e);
        }
    }

    /**
     * Replaces everything by these records, at once: a crash leaves the old journal or the new one. Throws IOException
     * when it did not come to that, and the old one goes on; but when the name has changed hands and that is not
     * certain to last, every later append throws as well.
     */
    public void rewrite(List<String> payloads) throws IOException {
        refuseIfBroken();
        Path next = directory.resolve(NEXT_FILE);
        FileChannel written = FileChannel.open(next, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
        long bytes = 0;
        try {
            for (String payload : payloads) {
                bytes += write(written, line(payload));
            }
            written.force(true);
            Files.move(next, file(), StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            written.close();
            throw new IOException("journal: " + next + ": " + why(e), e);
        }
        // The point of no return: what is appended to the old file from here on, nobody would ever read.
        FileChannel old = channel;
        channel = written;
        size = bytes;
        try {
            StateDirectory.sync(directory);
            old.close();
        } catch (IOException e) {
            broken = e;
            throw new IOException("journal: " + directory + ": " + why(e), e);
        }
    }

    private void refuseIfBroken() throws IOException {
        if (broken != null) {
            throw new IOException("journal: refused since an earlier write failed (" + why(broken)
                    + "); restart to go on", broken);
        }
    }

    private static String why(IOException failure) {
        String message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }

    private static long write(FileChannel channel, ByteBuffer line) throws IOException {
        long bytes = line.remaining();
        while (line.hasRemaining()) {
            channel.write(line);
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
