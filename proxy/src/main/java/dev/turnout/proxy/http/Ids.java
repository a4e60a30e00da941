package dev.turnout.proxy.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Identifiers of requests: 128 bits, of which one half tells event loops and processes apart and the other counts,
 * scattered so that no two look alike. Unique, not secret. Confined to one event loop.
 */
final class Ids {
    private static final byte[] DIGITS = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c',
        'd', 'e', 'f'};
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private final long own;
    private final byte[] text = new byte[Long.BYTES * 4];
    private long count;

    /** @param own random, for this loop alone */
    Ids(long own) {
        this.own = own;
        count = Long.rotateLeft(own, 32);
    }

    /** Begins a new one. */
    void next() {
        count += STEP;
        write(own, 0);
        write(scatter(count), Long.BYTES * 2);
    }

    /** Writes the one that was begun last: 32 hexadecimal digits. */
    void writeTo(ByteBuf out) {
        out.writeBytes(text);
    }

    /** Writes its second half: 16 hexadecimal digits. */
    void writeHalfTo(ByteBuf out) {
        out.writeBytes(text, Long.BYTES * 2, Long.BYTES * 2);
    }

    /** The one that was begun last. */
    @Override
    public String toString() {
        return new String(text, StandardCharsets.US_ASCII);
    }

    private void write(long bits, int at) {
        for (int i = 0; i < Long.BYTES * 2; i++) {
            text[at + i] = DIGITS[(int) (bits >>> (60 - 4 * i)) & 0xF];
        }
    }

    /** One to one, so what counts up stays unique (the finalizer of SplitMix64). */
    private static long scatter(long bits) {
        long mixed = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
