package dev.turnout.proxy.pg.session;

import org.jspecify.annotations.Nullable;

/**
 * What one server connection still owes, oldest first, and what is to become of each reply. It follows the server's own
 * state from both streams of messages: which message the next reply belongs to, what the server discards after an error,
 * and whether it reads COPY data. Confined by its caller.
 */
public final class OwedReplies {
    /*
     * The rules are those of PostgreSQL, "Message Flow", read together with the server's main loop (postgres.c):
     *
     * Each of Parse, Bind, Describe, Execute and Close owes one reply or an error; Query and FunctionCall owe everything up
     * to ReadyForQuery, and so does Sync. After an error in the extended protocol the server discards every message, a
     * Query as well, until it has read a Sync; what stood in front of that Sync is owed no more. After an error in a
     * Query or a FunctionCall it goes on behind it.
     *
     * In COPY IN the server reads CopyData until CopyDone or CopyFail, and swallows Sync and Flush without a reply. A Sync
     * that was sent behind the Execute of a COPY is therefore owed nothing once CopyInResponse has come, though the
     * client must send another one at the end. Where an error ends such a COPY nobody can tell from outside whether that
     * Sync was swallowed before or answered after it: from then on the count is in doubt, and the connection is never
     * again at a safe point. CopyDone and CopyFail outside of a COPY are ignored by the server; they are kept in line as
     * long as they may turn out to end the COPY before them.
     */
    private static final int FIRST_CAPACITY = 8;

    /** Rings of the same size, a power of two. */
    private byte[] types = new byte[FIRST_CAPACITY];
    private Handling[] handlings = new Handling[FIRST_CAPACITY];
    /** Replies to be made up, and what callers remember of requests; made when there is the first. */
    private @Nullable Object @Nullable [] notes;
    private int head;
    private int size;
    private TransactionStatus status = TransactionStatus.IDLE;
    /** The server discards until Sync, and none has been sent yet. */
    private boolean discarding;
    /** The server reads CopyData for the oldest. */
    private boolean copyingIn;
    /** It may have swallowed a Sync since it does. */
    private boolean swallowedSync;
    private boolean inDoubt;
    /** Messages of the extended protocol were answered, and the Sync that ends them has not been yet. */
    private boolean unsynced;
    private byte ended;
    private @Nullable Object endedNote;

    /** @param readyForQuery its status byte, with which the session began */
    public OwedReplies(byte readyForQuery) {
        ready(readyForQuery);
    }

    /** As {@link #sent(byte, Handling, Object)}, of a message that nothing need be remembered of. */
    public void sent(byte type, Handling handling) {
        sent(type, handling, null);
    }

    /**
     * A message of this type goes to the server, in this order. Types that are owed nothing are not kept.
     *
     * @param note is given back by {@link #endedNote} when the message is answered; forgotten when the server discards it
     */
    public void sent(byte type, Handling handling, @Nullable Object note) {
        switch (type) {
            case ClientMessage.SYNC -> sentSync(handling, note);
            case ClientMessage.COPY_DONE, ClientMessage.COPY_FAIL -> sentCopyEnd(type);
            case ClientMessage.QUERY, ClientMessage.FUNCTION_CALL, ClientMessage.PARSE, ClientMessage.BIND,
                    ClientMessage.DESCRIBE, ClientMessage.EXECUTE, ClientMessage.CLOSE ->
                sentRequest(type, handling, note);
            default -> {
                // CopyData, Flush and Terminate are owed nothing.
            }
        }
    }

    private void sentSync(Handling handling, @Nullable Object note) {
        discarding = false;
        if (copyingIn) {
            swallowedSync = true;
        } else {
            add(ClientMessage.SYNC, handling, note);
        }
    }

    private void sentCopyEnd(byte type) {
        if (copyingIn) {
            copyingIn = false;
        } else if (size > 0) {
            add(type, Handling.FORWARD, null);
        }
    }

    private void sentRequest(byte type, Handling handling, @Nullable Object note) {
        if (copyingIn) {
            // The server ends the connection over it.
            inDoubt = true;
        } else if (!discarding) {
            add(type, handling, note);
        }
    }

    /**
     * The message does not go to the server: when everything before it is answered, {@link #takeFake} hands out
     * {@code reply}. Answers false when the server would discard the message, so that nothing is owed for it. Only for
     * Parse, Bind, Describe, Execute and Close.
     */
    public boolean fake(byte type, Object reply) {
        if (discarding || copyingIn) {
            return false;
        }
        add(type, Handling.FAKE, reply);
        return true;
    }

    /** The next made-up reply whose turn has come; null: none has. To be asked until it is null after every other call. */
    public @Nullable Object takeFake() {
        if (size == 0 || handlings[head] != Handling.FAKE) {
            return null;
        }
        unsynced = true;
        return popFirst();
    }

    /**
     * The server has sent a message. Answers whether it is the client's, or {@link Handling#SKIP} when it is to be
     * hidden.
     *
     * @param detail the status of ReadyForQuery; else nothing
     */
    public Handling received(byte type, byte detail) {
        ended = 0;
        endedNote = null;
        return switch (type) {
            case ServerMessage.PARAMETER_STATUS, ServerMessage.NOTIFICATION_RESPONSE -> Handling.FORWARD;
            // What our own questions stir up is not the client's.
            case ServerMessage.NOTICE_RESPONSE -> size > 0 ? handlings[head] : Handling.FORWARD;
            default -> size == 0 ? unowed(type, detail) : reply(type, detail);
        };
    }

    /** An error of its own accord is allowed at any time, before it ends the connection. */
    private Handling unowed(byte type, byte detail) {
        if (type == ServerMessage.READY_FOR_QUERY) {
            ready(detail);
        }
        inDoubt |= type != ServerMessage.ERROR_RESPONSE;
        return Handling.FORWARD;
    }

    private Handling reply(byte type, byte detail) {
        byte request = types[head];
        Handling handling = handlings[head];
        if (type == ServerMessage.ERROR_RESPONSE) {
            return failed(request, handling);
        }
        switch (request) {
            case ClientMessage.QUERY, ClientMessage.FUNCTION_CALL, ClientMessage.SYNC -> {
                if (type == ServerMessage.READY_FOR_QUERY) {
                    ready(detail);
                    endFirst();
                } else if (type == ServerMessage.COPY_IN_RESPONSE) {
                    beginCopyIn();
                } else if (type == ServerMessage.COMMAND_COMPLETE) {
                    // It has read the whole COPY; an error of a statement behind it leaves no doubt.
                    swallowedSync = false;
                }
            }
            case ClientMessage.EXECUTE -> executing(type);
            case ClientMessage.PARSE -> endOn(type == ServerMessage.PARSE_COMPLETE);
            case ClientMessage.BIND -> endOn(type == ServerMessage.BIND_COMPLETE);
            case ClientMessage.CLOSE -> endOn(type == ServerMessage.CLOSE_COMPLETE);
            default -> {
                // Describe: of a statement, its parameters come first.
                if (type != ServerMessage.PARAMETER_DESCRIPTION) {
                    endOn(type == ServerMessage.ROW_DESCRIPTION || type == ServerMessage.NO_DATA);
                }
            }
        }
        return handling;
    }

    private void executing(byte type) {
        switch (type) {
            case ServerMessage.COMMAND_COMPLETE, ServerMessage.EMPTY_QUERY_RESPONSE,
                    ServerMessage.PORTAL_SUSPENDED ->
                endFirst();
            case ServerMessage.COPY_IN_RESPONSE -> beginCopyIn();
            default -> inDoubt |= type == ServerMessage.READY_FOR_QUERY;
        }
    }

    private void endOn(boolean theReply) {
        if (theReply) {
            endFirst();
        } else {
            inDoubt = true;
        }
    }

    private void ready(byte detail) {
        TransactionStatus now = TransactionStatus.of(detail);
        inDoubt |= now == null;
        status = now == null ? status : now;
    }

    /** An error of a message that was put in before the client's own is the answer to that one. */
    private Handling failed(byte request, Handling handling) {
        inDoubt |= swallowedSync;
        copyingIn = false;
        swallowedSync = false;
        if (endsWithReadyForQuery(request)) {
            return handling;
        }
        ended = request;
        endedNote = pop();
        while (size > 0 && types[head] != ClientMessage.SYNC) {
            drop();
        }
        discarding = size == 0;
        return Handling.FORWARD;
    }

    private static boolean endsWithReadyForQuery(byte request) {
        return request == ClientMessage.QUERY || request == ClientMessage.FUNCTION_CALL
                || request == ClientMessage.SYNC;
    }

    /** What was sent behind the COPY already is what the server reads now. */
    private void beginCopyIn() {
        copyingIn = true;
        int mask = types.length - 1;
        while (copyingIn && size > 1) {
            byte next = types[(head + 1) & mask];
            if (next == ClientMessage.SYNC) {
                swallowedSync = true;
            } else {
                copyingIn = false;
                // Anything else ends the connection.
                inDoubt |= next != ClientMessage.COPY_DONE && next != ClientMessage.COPY_FAIL;
            }
            removeSecond();
        }
    }

    private void endFirst() {
        ended = types[head];
        unsynced = !endsWithReadyForQuery(ended);
        copyingIn = false;
        swallowedSync = false;
        endedNote = popFirst();
    }

    /** With the ends of COPY behind it: they ended none, so the server ignores them. */
    private @Nullable Object popFirst() {
        @Nullable
        Object note = pop();
        while (size > 0
                && (types[head] == ClientMessage.COPY_DONE || types[head] == ClientMessage.COPY_FAIL)) {
            drop();
        }
        return note;
    }

    private void add(byte type, Handling handling, @Nullable Object note) {
        if (size == types.length) {
            grow();
        }
        int place = (head + size) & (types.length - 1);
        types[place] = type;
        handlings[place] = handling;
        if (note != null || notes != null) {
            keep(note, place);
        }
        size++;
    }

    private void keep(@Nullable Object note, int place) {
        if (notes == null) {
            notes = new Object[types.length];
        }
        notes[place] = note;
    }

    private @Nullable Object pop() {
        @Nullable
        Object note = notes == null ? null : notes[head];
        drop();
        return note;
    }

    private void drop() {
        if (notes != null) {
            notes[head] = null;
        }
        head = (head + 1) & (types.length - 1);
        size--;
    }

    private void removeSecond() {
        int mask = types.length - 1;
        int second = (head + 1) & mask;
        types[second] = types[head];
        handlings[second] = handlings[head];
        if (notes != null) {
            notes[second] = notes[head];
        }
        drop();
    }

    private void grow() {
        int capacity = types.length * 2;
        byte[] moreTypes = new byte[capacity];
        Handling[] moreHandlings = new Handling[capacity];
        @Nullable
        Object @Nullable [] before = notes;
        @Nullable
        Object @Nullable [] moreNotes = before == null ? null : new Object[capacity];
        for (int i = 0; i < size; i++) {
            int from = (head + i) & (types.length - 1);
            moreTypes[i] = types[from];
            moreHandlings[i] = handlings[from];
            if (moreNotes != null && before != null) {
                moreNotes[i] = before[from];
            }
        }
        types = moreTypes;
        handlings = moreHandlings;
        notes = moreNotes;
        head = 0;
    }

    /** The type of the message that the last reply was the end of; 0: of none. */
    public byte ended() {
        return ended;
    }

    /** What was remembered of that message. */
    public @Nullable Object endedNote() {
        return endedNote;
    }

    /** How many messages the server has not answered yet. */
    public int size() {
        return size;
    }

    /** As the last ReadyForQuery said. */
    public TransactionStatus status() {
        return status;
    }

    /** Whether nothing is owed, though perhaps amid a transaction. */
    public boolean settled() {
        return size == 0 && !discarding && !copyingIn;
    }

    /** Whether a message that is sent now would be discarded by the server. */
    public boolean discarding() {
        return discarding;
    }

    /** Whether the server has answered what cannot be told apart, so that it is never again at a safe point. */
    public boolean inDoubt() {
        return inDoubt;
    }

    /**
     * Whether the session could go on with another server, as far as messages tell: nothing is owed or on its way, and
     * there is no transaction, nor one that only a Sync will end.
     */
    public boolean atSafePoint() {
        return settled() && !unsynced && !inDoubt && status == TransactionStatus.IDLE;
    }
}
