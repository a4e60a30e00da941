package dev.turnout.proxy.metrics.access;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The process's standard output, which stays open. */
final class StandardOutput implements Output {
    private final LineChannel channel = new LineChannel(
            new FileOutputStream(FileDescriptor.out).getChannel(), false);

    @Override
    public void write(ByteBuffer lines) throws IOException {
        try {
            channel.write(lines);
        } catch (IOException e) {
            throw new IOException("access-log: standard output: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        // Others write to it as well.
    }
}
