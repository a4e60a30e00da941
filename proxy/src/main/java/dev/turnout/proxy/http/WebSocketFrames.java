package dev.turnout.proxy.http;

import io.netty.buffer.ByteBuf;

/**
 * Where the frames of one direction of a WebSocket begin and end (RFC 6455 5.2). Looks at headers, skips payloads, and
 * judges neither: what breaks the protocol is for the two ends to find. Pure; keeps no byte of what it sees.
 */
final class WebSocketFrames {
    private static final int OPCODE = 0x0F;
    private static final int CLOSE = 0x8;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7F;
    private static final int LENGTH_IN_2 = 126;
    private static final int LENGTH_IN_8 = 127;
    private static final int KEY_BYTES = 4;
    /** No connection lasts that long. */
    private static final long NEVER_ENDING = Long.MAX_VALUE;

    /** What the next octet belongs to. */
    private enum Part {
        FIRST_OCTET, SECOND_OCTET, EXTENDED_LENGTH,
        /** The masking key and the payload. */
        REST,
        /** A Close frame went by: what follows is no frame (RFC 6455 5.5.1). */
        NOTHING
    }

    private Part next = Part.FIRST_OCTET;
    private boolean close;
    private boolean masked;
    /** Of the extended length, that are still to come. */
    private int lengthOctets;
    /** The length as far as it is known; then what is still to come of the frame. */
    private long left;

    /** Follows every frame in {@code in}. Borrows it. */
    void follow(ByteBuf in) {
        int at = in.readerIndex();
        while (at < in.writerIndex()) {
            at = followOne(in, at);
        }
    }

    /**
     * Follows from the index {@code from} to the end of the frame that is under way, or that begins there, and returns
     * the index behind it; when the bytes end first, that of their end. Borrows {@code in}.
     */
    int followOne(ByteBuf in, int from) {
        int end = in.writerIndex();
        int at = from;
        while (at < end) {
            at = step(in, at, end);
            if (next == Part.FIRST_OCTET) {
                return at;
            }
        }
        return at;
    }

    /** Whether a frame may be put in here: none is under way, and none of them was a Close. */
    boolean atBoundary() {
        return next == Part.FIRST_OCTET;
    }

    /** Whether a Close frame went by, at least its first octet. */
    boolean closeBegun() {
        return close;
    }

    /** Whether a Close frame went by as a whole. */
    boolean closed() {
        return next == Part.NOTHING;
    }

    private int step(ByteBuf in, int at, int end) {
        return switch (next) {
            case FIRST_OCTET -> {
                close = (in.getByte(at) & OPCODE) == CLOSE;
                next = Part.SECOND_OCTET;
                yield at + 1;
            }
            case SECOND_OCTET -> {
                secondOctet(in.getByte(at));
                yield at + 1;
            }
            case EXTENDED_LENGTH -> {
                left = left << Byte.SIZE | in.getUnsignedByte(at);
                lengthOctets--;
                if (lengthOctets == 0) {
                    lengthKnown();
                }
                yield at + 1;
            }
            case REST -> {
                int skipped = (int) Math.min(left, end - at);
                skip(skipped);
                yield at + skipped;
            }
            case NOTHING -> end;
        };
    }

    private void secondOctet(byte octet) {
        masked = (octet & MASKED) != 0;
        int length = octet & LENGTH;
        lengthOctets = switch (length) {
            case LENGTH_IN_2 -> Short.BYTES;
            case LENGTH_IN_8 -> Long.BYTES;
            default -> 0;
        };
        if (lengthOctets > 0) {
            left = 0;
            next = Part.EXTENDED_LENGTH;
        } else {
            left = length;
            lengthKnown();
        }
    }

    private void lengthKnown() {
        int key = masked ? KEY_BYTES : 0;
        // RFC 6455 5.2: the highest bit of a length is 0.
        left = left < 0 || left > NEVER_ENDING - key ? NEVER_ENDING : left + key;
        next = Part.REST;
        skip(0);
    }

    private void skip(int octets) {
        left -= octets;
        if (left == 0) {
            next = close ? Part.NOTHING : Part.FIRST_OCTET;
        }
    }
}
