package dev.turnout.proxy.journal;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/** Lines for those who ask later: only ever appended to, each on the disk before {@link #append} returns. Any thread. */
public final class AuditFile implements Closeable {
    private static final String FILE = "audit.log";
    private static final int BLOCK = 64 * 1024;

    private final Path file;
    private final FileChannel channel;

    private AuditFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Opens the file of {@code directory}, or begins it. A last line that a crash cut short is cut off. Throws
     * IOException, with the file, when it cannot be had.
     */
    public static AuditFile open(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        FileChannel channel = StateDirectory.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        AuditFile opened = new AuditFile(file, channel);
        try {
            long whole = opened.endOfLastLine();
            if (whole < channel.size()) {
                channel.truncate(whole);
            }
            channel.position(whole);
            StateDirectory.sync(directory);
            return opened;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private long endOfLastLine() throws IOException {
        long end = channel.size();
        while (end > 0) {
            long start = Math.max(0, end - BLOCK);
            byte[] block = read(start, (int) (end - start));
            for (int i = block.length - 1; i >= 0; i--) {
                if (block[i] == '\n') {
                    return start + i + 1;
                }
            }
            end = start;
        }
        return 0;
    }

    private byte[] read(long start, int length) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(length);
        while (block.hasRemaining() && channel.read(block, start + block.position()) >= 0) {
            // until it is full
        }
        return block.array();
    }

    public Path file() {
        return file;
    }

    /** Returns when the line is on the disk. Throws IOException, with the file, when that is not certain. */
    public synchronized void append(String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        long whole = channel.position();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        } catch (IOException e) {
            IOException failure = new IOException(file + ": " + e.getMessage(), e);
            cutOff(whole, failure);
            throw failure;
        }
    }

    /** Nobody is to read half a line. When that fails too, the next start does it. */
    private void cutOff(long whole, IOException failure) {
        try {
            channel.truncate(whole);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** The newest lines of this sort, at most {@code limit}, newest first. */
    public List<String> newest(int limit, Predicate<String> wanted) throws IOException {
        List<String> lines = new ArrayList<>();
        Deque<byte[]> tail = new ArrayDeque<>();
        long end = channel.size();
        while (end > 0 && lines.size() < limit) {
            long start = Math.max(0, end - BLOCK);
            byte[] block = read(start, (int) (end - start));
            int lineEnd = block.length;
            for (int i = block.length - 1; i >= 0 && lines.size() < limit; i--) {
                if (block[i] == '\n') {
                    add(block, i + 1, lineEnd, tail, wanted, lines);
                    lineEnd = i;
                }
            }
            tail.push(Arrays.copyOf(block, lineEnd));
            end = start;
        }
        if (lines.size() < limit) {
            add(new byte[0], 0, 0, tail, wanted, lines);
        }
        return lines;
    }

    /** A line begins in this block and goes on in those of {@code tail}, which is empty then. */
    private static void add(byte[] block, int from, int to, Deque<byte[]> tail, Predicate<String> wanted,
            List<String> lines) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.write(block, from, to - from);
        while (!tail.isEmpty()) {
            line.writeBytes(tail.pop());
        }
        String text = line.toString(StandardCharsets.UTF_8);
        if (!text.isEmpty() && wanted.test(text)) {
            lines.add(text);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
