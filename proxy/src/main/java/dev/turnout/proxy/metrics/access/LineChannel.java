package dev.turnout.proxy.metrics.access;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** A channel on which no line goes on where another was broken off. */
final class LineChannel implements Output {
    private static final byte LINE_END = '\n';

    private final WritableByteChannel channel;
    private boolean insideLine;

    /** @param insideLine whether what is there already does not end with a line end */
    LineChannel(WritableByteChannel channel, boolean insideLine) {
        this.channel = channel;
        this.insideLine = insideLine;
    }

    @Override
    public void write(ByteBuffer lines) throws IOException {
        if (insideLine) {
            writeAll(ByteBuffer.wrap(new byte[]{LINE_END}));
            insideLine = false;
        }
        int begin = lines.position();
        try {
            writeAll(lines);
        } finally {
            int end = lines.position();
            insideLine = end > begin && lines.get(end - 1) != LINE_END;
        }
    }

    private void writeAll(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.write(bytes) == 0) {
                // A pipe that someone switched to non-blocking and nobody reads: trying on would burn a processor.
                throw new IOException("takes no more bytes");
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
