package dev.turnout.proxy.pg.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Follows a stream of messages (PostgreSQL, "Message Formats": a byte of type, four of length) in whatever pieces it
 * comes, and looks at no more of it than is asked for: bodies pass by uncopied, but for the beginnings of some. Confined
 * to the loop of the connection.
 */
public abstract class FrameCursor {
    /** The length counts itself. */
    private static final int LENGTH_BYTES = 4;
    private static final int HEAD_BYTES = 1 + LENGTH_BYTES;

    /** A head that came in pieces; made for the first. */
    private byte @Nullable [] head;
    private int headBytes;
    private byte type;
    private int length;
    /** Of the body that is passing by. */
    private int left;
    /** What was asked for of it and has come in pieces. */
    private @Nullable ByteBuf beginning;
    private int wanted;
    private @Nullable String broken;

    /**
     * A message begins. Answers how many bytes of its body are wanted; it is then told of by {@link #read}, at once when
     * none are.
     *
     * @param bodyBytes 0 or more
     */
    protected abstract int begins(byte messageType, int bodyBytes);

    /**
     * The wanted bytes of the body are there, all of them or the whole body if that is shorter: {@code count} from
     * {@code index} on. Borrows the buffer, without reading from it.
     */
    protected abstract void read(byte messageType, ByteBuf in, int index, int count);

    /** Why a message of this type and size of body may not be; null: it may. */
    protected abstract @Nullable String refusal(byte messageType, int bodyBytes);

    /**
     * Goes on to the end of what has come. Answers null, or what is wrong with the stream; there is then no telling
     * where the next message begins. Borrows the buffer, without reading from it.
     */
    public final @Nullable String advance(ByteBuf in) {
        int at = in.readerIndex();
        int end = in.writerIndex();
        while (at < end && broken == null) {
            if (left > 0) {
                at += body(in, at, end);
            } else if (headBytes == 0 && end - at >= HEAD_BYTES) {
                begin(in.getByte(at), in.getInt(at + 1));
                at += HEAD_BYTES;
                if (wanted > 0 && end - at >= wanted) {
                    // Nearly always all of it is here.
                    int count = wanted;
                    wanted = 0;
                    read(type, in, at, count);
                }
            } else {
                collect(in.getByte(at++));
            }
        }
        return broken;
    }

    private void collect(byte next) {
        if (head == null) {
            head = new byte[HEAD_BYTES];
        }
        head[headBytes++] = next;
        if (headBytes == HEAD_BYTES) {
            headBytes = 0;
            begin(head[0], head[1] << 24 | (head[2] & 0xFF) << 16 | (head[3] & 0xFF) << 8 | (head[4] & 0xFF));
        }
    }

    private void begin(byte messageType, int messageLength) {
        type = messageType;
        length = messageLength - LENGTH_BYTES;
        if (length < 0) {
            broken = "message length: " + messageLength + " (expected: 4 or more)";
            return;
        }
        broken = refusal(messageType, length);
        if (broken != null) {
            return;
        }
        left = length;
        wanted = Math.min(length, begins(messageType, length));
        if (wanted == 0) {
            read(type, Unpooled.EMPTY_BUFFER, 0, 0);
        }
    }

    /** Answers how much of what has come is of the body. */
    private int body(ByteBuf in, int at, int end) {
        int count = Math.min(left, end - at);
        left -= count;
        if (wanted > 0) {
            gather(in, at, Math.min(count, wanted));
        }
        return count;
    }

    private void gather(ByteBuf in, int at, int count) {
        ByteBuf part = beginning;
        if (part == null) {
            part = Unpooled.buffer(wanted);
            beginning = part;
        }
        part.writeBytes(in, at, count);
        wanted -= count;
        if (wanted == 0) {
            beginning = null;
            read(type, part, 0, part.readableBytes());
        }
    }

    /** Whether the stream stands between two messages. */
    public final boolean between() {
        return left == 0 && headBytes == 0 && broken == null;
    }
}
