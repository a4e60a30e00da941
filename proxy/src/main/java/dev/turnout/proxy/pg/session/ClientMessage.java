package dev.turnout.proxy.pg.session;

/** The types of the messages that clients send (PostgreSQL, "Message Formats"), by their first byte. */
public final class ClientMessage {
    public static final byte BIND = 'B';
    public static final byte CLOSE = 'C';
    public static final byte COPY_DATA = 'd';
    public static final byte COPY_DONE = 'c';
    public static final byte COPY_FAIL = 'f';
    public static final byte DESCRIBE = 'D';
    public static final byte EXECUTE = 'E';
    public static final byte FLUSH = 'H';
    public static final byte FUNCTION_CALL = 'F';
    public static final byte PARSE = 'P';
    /** A password, or a step of SASL: only before the session is there. */
    public static final byte PASSWORD = 'p';
    public static final byte QUERY = 'Q';
    public static final byte SYNC = 'S';
    public static final byte TERMINATE = 'X';

    private ClientMessage() {}

    /** Whether a client may send it once it is logged in. */
    public static boolean known(byte type) {
        return switch (type) {
            case BIND, CLOSE, COPY_DATA, COPY_DONE, COPY_FAIL, DESCRIBE, EXECUTE, FLUSH, FUNCTION_CALL, PARSE,
                    PASSWORD, QUERY, SYNC, TERMINATE ->
                true;
            default -> false;
        };
    }
}
