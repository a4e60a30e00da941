package dev.turnout.proxy.metrics.access;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Where lines go. Not for concurrent use. */
interface Output extends Closeable {
    /**
     * Writes whole lines; what it broke off before is ended first. Throws IOException, with the place, when not all
     * could be written: the position of {@code lines} is behind what was.
     */
    void write(ByteBuffer lines) throws IOException;
}
