package dev.turnout.proxy.pg;

import dev.turnout.proxy.pg.session.ClientMessage;
import dev.turnout.proxy.pg.session.WriteIntent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Holds a session to its declaration that it only reads. Its server has it read-only from the start; what would change
 * that never gets there. For that each statement is held back until all of it is there. Confined to the session's loop.
 */
final class ReadOnlyGuard {
    /** A longer statement is refused, since it would have to be kept. */
    private static final int MOST_BYTES = 1 << 20;
    private static final int HEAD_BYTES = 5;
    /** The object id of set_config, the same in every version (pg_proc.dat). */
    private static final int SET_CONFIG = 2078;
    static final String REFUSAL = "cannot leave read-only mode: the session was declared read-only where its side"
            + " was decided";

    private @Nullable ByteBuf pending;
    /** Of a message that passes unseen. */
    private long left;
    private @Nullable String refusal;

    /**
     * Takes ownership; answers what may pass now, owned by the caller, or null. To be followed by a look at
     * {@link #refusal}.
     */
    @Nullable
    ByteBuf pass(ByteBufAllocator alloc, ByteBuf came) {
        ByteBuf in = pending == null
                ? came
                : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(alloc, pending, came);
        pending = null;
        int passing = passing(in);
        if (passing == in.readableBytes()) {
            return in;
        }
        ByteBuf passed = passing == 0 ? null : in.readRetainedSlice(passing);
        pending = in;
        return passed;
    }

    private int passing(ByteBuf in) {
        int start = in.readerIndex();
        int at = start;
        int end = in.writerIndex();
        while (at < end && refusal == null) {
            if (left > 0) {
                int count = (int) Math.min(left, end - at);
                left -= count;
                at += count;
            } else if (end - at < HEAD_BYTES) {
                return at - start;
            } else {
                byte type = in.getByte(at);
                long whole = in.getUnsignedInt(at + 1) + 1;
                if (type == ClientMessage.FUNCTION_CALL && whole >= HEAD_BYTES + Integer.BYTES) {
                    if (end - at < HEAD_BYTES + Integer.BYTES) {
                        return at - start;
                    }
                    refusal = in.getInt(at + HEAD_BYTES) == SET_CONFIG ? REFUSAL : null;
                    left = whole;
                } else if (type != ClientMessage.QUERY && type != ClientMessage.PARSE) {
                    left = whole;
                } else if (whole < HEAD_BYTES) {
                    // Nothing can be made of it; whoever follows the stream says so.
                    left = (long) end - at;
                } else if (whole > MOST_BYTES) {
                    refusal = "a statement of " + whole
                            + " bytes in a session that was declared read-only (expected: at"
                            + " most " + MOST_BYTES + ")";
                } else if (end - at < whole) {
                    return at - start;
                } else if (WriteIntent
                        .isIn(ByteBufUtil.getBytes(in, at + HEAD_BYTES, (int) whole - HEAD_BYTES))) {
                    refusal = REFUSAL;
                } else {
                    at += (int) whole;
                }
            }
        }
        return at - start;
    }

    /** Why nothing more may pass; null: it may. */
    @Nullable
    String refusal() {
        return refusal;
    }

    /** The session has ended. */
    void release() {
        if (pending != null) {
            pending.release();
            pending = null;
        }
    }
}
