package dev.turnout.proxy.pg.auth;

import java.io.Serial;

/**
 * A login that does not go on. The message is for operators: it says what is wrong and what to do, holds nothing secret
 * and nothing that the other end could have put there.
 */
public final class AuthException extends Exception {
    /** Whose fault it is. */
    public enum Kind {
        /** The client has not proved who it is. */
        CLIENT_WRONG("28P01"),
        /** Somebody does not speak the protocol. */
        PROTOCOL("08P01"),
        /** The server cannot be logged in to, or has not proved that it knows the role. */
        SERVER_WRONG("28000");

        private final String sqlState;

        Kind(String sqlState) {
            this.sqlState = sqlState;
        }

        /** The SQLSTATE that a client gets. */
        public String sqlState() {
            return sqlState;
        }
    }

    @Serial
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** Without a stack trace: what a peer does is no bug of ours. */
    public AuthException(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    static AuthException malformed(String message) {
        return new AuthException(Kind.PROTOCOL, message);
    }

    public Kind kind() {
        return kind;
    }
}
