package dev.turnout.proxy.pg;

import dev.turnout.proxy.metrics.SessionMeters;
import dev.turnout.proxy.pg.session.ClientMessage;
import dev.turnout.proxy.pg.session.Handling;
import dev.turnout.proxy.pg.session.Inventory;
import dev.turnout.proxy.pg.session.OwedReplies;
import dev.turnout.proxy.pg.session.ServerMessage;
import dev.turnout.proxy.pg.session.TransactionStatus;
import dev.turnout.proxy.pg.wire.ErrorFields;
import dev.turnout.proxy.pg.wire.FrameCursor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a session is doing, read off both of its streams as they pass, and counted. It holds nothing back and changes
 * nothing. Confined to the session's loop.
 */
final class SessionWork {
    private static final int IDLE = SessionMeters.STATES.indexOf("idle");
    private static final int ACTIVE = SessionMeters.STATES.indexOf("active");
    private static final int IN_TRANSACTION = SessionMeters.STATES.indexOf("idle-in-transaction");
    private static final int FAILED_TRANSACTION = SessionMeters.STATES.indexOf("failed-transaction");
    /** As PostgreSQL has it: PQ_SMALL_MESSAGE_LIMIT and PQ_LARGE_MESSAGE_LIMIT. */
    private static final int SMALL_BYTES = 10_000;
    private static final int LARGE_BYTES = 0x3FFF_FFFE;
    /** The fields that count stand first. */
    private static final int ERROR_BYTES = 128;
    private static final int TAG_BYTES = 24;
    private static final int SQLSTATE_LENGTH = 5;
    /** Reported since PostgreSQL 14. */
    private static final byte[] READ_WRITE = "default_transaction_read_only\0off\0"
            .getBytes(StandardCharsets.US_ASCII);

    private final SessionMeters meters;
    private final LongSupplier nanos;
    private final OwedReplies owed;
    private final Inventory inventory = new Inventory();
    private final @Nullable SlowStatements slow;
    private final FromClient client = new FromClient();
    private final FromServer server = new FromServer();
    private int state = IDLE;
    private long stateNanos;
    private int category;
    private long begunNanos;
    /** A statement has ended since the last transaction did. */
    private boolean worked;
    /** A statement has ended since the last ReadyForQuery. */
    private boolean answered;
    private boolean rolledBack;
    /** An error since the last ReadyForQuery was the server's own. */
    private boolean serverFailed;
    private boolean terminated;
    private boolean fatal;
    private boolean leftReadOnly;

    /**
     * It is counted as a session already, as one of the first class.
     *
     * @param slow null when slow statements are not logged
     */
    SessionWork(SessionMeters meters, byte status, @Nullable SlowStatements slow, LongSupplier nanos) {
        this.meters = meters;
        this.slow = slow;
        this.nanos = nanos;
        stateNanos = nanos.getAsLong();
        owed = new OwedReplies(status);
        meters.servers(state, 1);
    }

    /** The server has gone amid what it was asked for, if it was asked for anything. */
    void serverGone() {
        if (busy()) {
            meters.served(nanos.getAsLong() - begunNanos, true);
        }
    }

    /** The session has ended: it counts no more. */
    void end() {
        meters.servers(state, -1);
        meters.sessions(category, -1);
    }

    FrameCursor client() {
        return client;
    }

    FrameCursor server() {
        return server;
    }

    /** Whether the client has said that it goes. */
    boolean terminated() {
        return terminated;
    }

    /** Whether the server has said that it ends the session. */
    boolean fatal() {
        return fatal;
    }

    /** Whether the server has reported that transactions may write that are begun from now on. */
    boolean leftReadOnly() {
        return leftReadOnly;
    }

    /** Whether something is under way. */
    boolean busy() {
        return !owed.settled();
    }

    /** Whether it could end now without anything being lost that was asked for. */
    boolean atSafePoint() {
        return owed.atSafePoint() && client.between() && server.between();
    }

    String state() {
        return SessionMeters.STATES.get(state);
    }

    long stateNanos() {
        return stateNanos;
    }

    Inventory inventory() {
        return inventory;
    }

    private void enter(int next, long now) {
        if (next != state) {
            meters.servers(state, -1);
            meters.servers(next, 1);
            state = next;
            stateNanos = now;
        }
    }

    /** What the inventory says has changed, perhaps. */
    void recategorise() {
        int next = inventory.category().place();
        if (next != category) {
            meters.sessions(category, -1);
            meters.sessions(next, 1);
            category = next;
        }
    }

    /** Each message from the client. */
    private final class FromClient extends FrameCursor {
        @Override
        protected @Nullable String refusal(byte type, int bodyBytes) {
            int most = switch (type) {
                case ClientMessage.QUERY, ClientMessage.PARSE, ClientMessage.BIND, ClientMessage.COPY_DATA,
                        ClientMessage.FUNCTION_CALL ->
                    LARGE_BYTES;
                default -> SMALL_BYTES;
            };
            if (!ClientMessage.known(type) || type == ClientMessage.PASSWORD) {
                return "invalid frontend message type " + (type & 0xFF);
            }
            return bodyBytes <= most
                    ? null
                    : "message of type '" + (char) type + "': " + bodyBytes + " bytes (expected: at most "
                            + most + ")";
        }

        @Override
        protected int begins(byte type, int bodyBytes) {
            if (slow != null) {
                return slow.wanted(type);
            }
            // Of a statement, whether it has a name.
            return type == ClientMessage.PARSE ? 1 : 0;
        }

        @Override
        protected void read(byte type, ByteBuf in, int index, int count) {
            if (type == ClientMessage.PARSE && count > 0 && in.getByte(index) != 0) {
                inventory.prepared();
                recategorise();
            }
            terminated |= type == ClientMessage.TERMINATE;
            boolean idle = owed.size() == 0;
            owed.sent(type, Handling.FORWARD, slow == null ? null : slow.sent(type, in, index, count));
            if (idle && owed.size() > 0) {
                begunNanos = nanos.getAsLong();
                enter(ACTIVE, begunNanos);
            }
        }
    }

    /** Each message from the server. */
    private final class FromServer extends FrameCursor {
        @Override
        protected @Nullable String refusal(byte type, int bodyBytes) {
            return ServerMessage.known(type) ? null : "the server sent a message of type " + (type & 0xFF);
        }

        @Override
        protected int begins(byte type, int bodyBytes) {
            return switch (type) {
                case ServerMessage.READY_FOR_QUERY -> 1;
                case ServerMessage.COMMAND_COMPLETE -> TAG_BYTES;
                case ServerMessage.ERROR_RESPONSE -> ERROR_BYTES;
                case ServerMessage.PARAMETER_STATUS -> bodyBytes == READ_WRITE.length ? bodyBytes : 0;
                default -> 0;
            };
        }

        @Override
        protected void read(byte type, ByteBuf in, int index, int count) {
            byte detail = 0;
            switch (type) {
                case ServerMessage.READY_FOR_QUERY -> detail = count == 0 ? 0 : in.getByte(index);
                case ServerMessage.COMMAND_COMPLETE -> {
                    if (count > 0) {
                        completed(in, index, count);
                    }
                }
                case ServerMessage.PARAMETER_STATUS ->
                    leftReadOnly |= count > 0
                            && in.slice(index, count).equals(Unpooled.wrappedBuffer(READ_WRITE));
                case ServerMessage.ERROR_RESPONSE -> error(ErrorFields.of(in, index, count));
                default -> {
                    // Passes by.
                }
            }
            owed.received(type, detail);
            if (isStatement(owed.ended())) {
                ended();
            }
            if (type == ServerMessage.READY_FOR_QUERY) {
                ready();
            }
        }

        private void completed(ByteBuf in, int index, int count) {
            switch (in.getByte(index)) {
                case 'S', 'P', 'L', 'D', 'C', 'R' -> {
                    int end = in.indexOf(index, index + count, (byte) 0);
                    tag(in.toString(index, (end < 0 ? index + count : end) - index,
                            StandardCharsets.US_ASCII));
                }
                default -> {
                    // Of no command that counts here.
                }
            }
        }
    }

    private void tag(String tag) {
        if (tag.equals("COMMIT")) {
            rolledBack = false;
        } else if (tag.equals("ROLLBACK")) {
            rolledBack = true;
        } else {
            inventory.completed(tag);
            recategorise();
        }
    }

    private void error(ErrorFields fields) {
        rolledBack = true;
        fatal |= fields.severity().equals("FATAL") || fields.severity().equals("PANIC");
        String state = fields.sqlState();
        boolean whole = state.length() == SQLSTATE_LENGTH;
        meters.error(whole ? (byte) state.charAt(0) : 0, whole ? (byte) state.charAt(1) : 0);
        serverFailed |= SessionMeters.isServerFault(state);
    }

    private static boolean isStatement(byte type) {
        return type == ClientMessage.QUERY || type == ClientMessage.EXECUTE
                || type == ClientMessage.FUNCTION_CALL;
    }

    private void ended() {
        worked = true;
        answered = true;
        meters.queries(1);
        if (slow != null) {
            slow.ended(owed.endedNote());
        }
    }

    private void ready() {
        long now = nanos.getAsLong();
        if (answered) {
            meters.served(now - begunNanos, serverFailed);
        }
        answered = false;
        begunNanos = now;
        serverFailed = false;
        if (owed.status() == TransactionStatus.IDLE) {
            if (worked) {
                meters.transaction(!rolledBack);
            }
            worked = false;
            rolledBack = false;
        }
        if (owed.size() == 0) {
            enter(switch (owed.status()) {
                case IDLE -> IDLE;
                case OPEN -> IN_TRANSACTION;
                case FAILED -> FAILED_TRANSACTION;
            }, now);
        }
    }
}
