package dev.turnout.proxy.http.head;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Where the body of one message ends (RFC 9112 6 and 7): after a length, after the last chunk, or with the connection.
 *
 * <p>Bytes are neither copied nor collected: {@link #next} says of the readable bytes how many go on as they stand. An
 * instance is used for one message after the other. Confined to its caller's thread; never holds a buffer.
 */
public final class BodyFraming {
    private enum Mode {
        NONE, LENGTH, CHUNKED, UNTIL_CLOSE
    }

    /** Where in a chunk the next byte stands. */
    private enum Chunk {
        SIZE, EXTENSION, SIZE_LF, DATA, DATA_CR, DATA_LF, TRAILERS, TRAILERS_OUT, END
    }

    private static final int MOST_SIZE_DIGITS = 15;
    private static final int MOST_EXTENSION_BYTES = 256;
    /** In place of a position: the trailers are not whole yet. */
    private static final int SCANNING = -1;

    private final HeadLimits limits;
    private Mode mode = Mode.NONE;
    private Chunk chunk = Chunk.END;
    /** Of the body, or of the chunk. */
    private long remaining;
    private int sizeDigits;
    private int extensionBytes;
    /** Of the body, before the bytes that are shown next. */
    private long seen;
    private @Nullable HeadFault fault;
    /** Within the body. */
    private long faultAt;
    /** Made for the first message that has any. */
    private @Nullable TrailerSection trailers;
    private int trailersOut;

    public BodyFraming(HeadLimits limits) {
        this.limits = limits;
    }

    /** The next message has no body. */
    public void none() {
        begin(Mode.NONE, 0);
    }

    /** The next message has a body of {@code bytes}; 0 or more. */
    public void length(long bytes) {
        begin(Mode.LENGTH, bytes);
    }

    public void chunked() {
        begin(Mode.CHUNKED, 0);
        chunk = Chunk.SIZE;
    }

    /** The next message ends when its sender closes. */
    public void untilClose() {
        begin(Mode.UNTIL_CLOSE, 0);
    }

    private void begin(Mode next, long bytes) {
        mode = next;
        remaining = bytes;
        chunk = Chunk.END;
        sizeDigits = 0;
        extensionBytes = 0;
        trailersOut = 0;
        seen = 0;
        fault = null;
    }

    /** Whether the whole body has been seen. */
    public boolean done() {
        return switch (mode) {
            case NONE -> true;
            case LENGTH -> remaining == 0;
            case CHUNKED -> chunk == Chunk.END;
            case UNTIL_CLOSE -> false;
        };
    }

    public boolean endsWithConnection() {
        return mode == Mode.UNTIL_CLOSE;
    }

    /** Why the framing is refused, or null. Once refused, always refused. */
    public @Nullable HeadFault fault() {
        return fault;
    }

    /** One sentence on why the framing is refused, and where in the body; only when it is. */
    public String faultDetail() {
        HeadFault why = fault;
        if (why == null) {
            throw new IllegalStateException("body: " + mode + " (expected: refused)");
        }
        return why.detail("trailers", "body", faultAt, limits);
    }

    /**
     * How many bytes from the reader index of {@code in} go on as they stand; or, negative, how many are left out. The
     * caller moves the reader index past them and asks again. 0: the body is done, or refused, or the bytes that are
     * there do not suffice for an answer and must be shown again with what follows. Borrows {@code in}.
     */
    public int next(ByteBuf in) {
        int readable = in.readableBytes();
        return switch (mode) {
            case NONE -> 0;
            case LENGTH -> {
                int taken = (int) Math.min(readable, remaining);
                remaining -= taken;
                yield taken;
            }
            case CHUNKED -> {
                int part = nextOfChunks(in, readable);
                seen += Math.abs(part);
                yield part;
            }
            case UNTIL_CLOSE -> readable;
        };
    }

    private int nextOfChunks(ByteBuf in, int readable) {
        int base = in.readerIndex();
        int i = 0;
        while (i < readable && fault == null) {
            switch (chunk) {
                case DATA -> {
                    int taken = (int) Math.min(readable - i, remaining);
                    remaining -= taken;
                    i += taken;
                    if (remaining == 0) {
                        chunk = Chunk.DATA_CR;
                    }
                }
                case EXTENSION -> {
                    // What goes on so far goes first; then the extension is left out.
                    if (i > 0) {
                        return i;
                    }
                    int extension = extension(in, base, readable);
                    if (extension > 0) {
                        return -extension;
                    }
                }
                case TRAILERS, TRAILERS_OUT -> {
                    return i > 0 ? i : trailers(in);
                }
                case END -> {
                    return i;
                }
                case SIZE, SIZE_LF, DATA_CR, DATA_LF -> {
                    onFramingByte(in.getByte(base + i));
                    faultAt = seen + i;
                    // The semicolon belongs to the extension.
                    i += chunk == Chunk.EXTENSION ? 0 : 1;
                }
            }
        }
        return fault == null ? i : 0;
    }

    private void onFramingByte(byte octet) {
        switch (chunk) {
            case SIZE -> onSize(octet);
            case SIZE_LF -> {
                if (expect(octet, '\n', HeadFault.CHUNK_SIZE)) {
                    chunk = remaining == 0 ? Chunk.TRAILERS : Chunk.DATA;
                    sizeDigits = 0;
                }
            }
            case DATA_CR -> {
                if (expect(octet, '\r', HeadFault.CHUNK_END)) {
                    chunk = Chunk.DATA_LF;
                }
            }
            case DATA_LF -> {
                if (expect(octet, '\n', HeadFault.CHUNK_END)) {
                    chunk = Chunk.SIZE;
                }
            }
            case EXTENSION, DATA, TRAILERS, TRAILERS_OUT, END ->
                throw new IllegalStateException("chunk: " + chunk);
        }
    }

    private boolean expect(byte octet, char wanted, HeadFault otherwise) {
        if (octet != wanted) {
            fault = otherwise;
            return false;
        }
        return true;
    }

    private void onSize(byte octet) {
        int digit = Character.digit(octet, 16);
        if (digit >= 0) {
            remaining = remaining << 4 | digit;
            if (++sizeDigits > MOST_SIZE_DIGITS) {
                fault = HeadFault.CHUNK_SIZE;
            }
        } else if (sizeDigits == 0) {
            fault = HeadFault.CHUNK_SIZE;
        } else if (octet == ';') {
            chunk = Chunk.EXTENSION;
            extensionBytes = 0;
        } else if (expect(octet, '\r', HeadFault.CHUNK_SIZE)) {
            chunk = Chunk.SIZE_LF;
        }
    }

    /** RFC 9112 7.1.1: nobody has to understand an extension, so nobody behind us gets to misunderstand one. */
    private int extension(ByteBuf in, int base, int readable) {
        int i = 0;
        while (i < readable) {
            byte octet = in.getByte(base + i);
            if (octet == '\r') {
                // The line end itself goes on: it is read again, as the one behind the size.
                chunk = Chunk.SIZE;
                return i;
            }
            if ((Octets.kinds(octet) & Octets.VALUE) == 0 || ++extensionBytes > MOST_EXTENSION_BYTES) {
                fault = HeadFault.CHUNK_EXTENSION;
                faultAt = seen + i;
                return 0;
            }
            i++;
        }
        return i;
    }

    /** The section is passed on when it is whole, field line by field line where one is cut. */
    private int trailers(ByteBuf in) {
        TrailerSection section = trailers;
        if (section == null) {
            section = new TrailerSection(limits);
            trailers = section;
        }
        if (chunk == Chunk.TRAILERS) {
            if (trailersOut != SCANNING) {
                section.reset();
                trailersOut = SCANNING;
            }
            switch (section.scan(in)) {
                case MORE -> {
                    return 0;
                }
                case REFUSED -> {
                    fault = section.fault();
                    faultAt = seen + section.faultAt();
                    return 0;
                }
                case COMPLETE -> {
                    chunk = Chunk.TRAILERS_OUT;
                    trailersOut = 0;
                }
            }
        }
        int part = section.part(trailersOut);
        trailersOut += Math.abs(part);
        if (trailersOut == section.length()) {
            chunk = Chunk.END;
            trailersOut = 0;
        }
        return part;
    }
}
