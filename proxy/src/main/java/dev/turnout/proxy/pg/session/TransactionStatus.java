package dev.turnout.proxy.pg.session;

import org.jspecify.annotations.Nullable;

/** What ReadyForQuery says of a session. */
public enum TransactionStatus {
    /** Not in a transaction block. */
    IDLE,
    /** In one. */
    OPEN,
    /** In one that has failed: everything is refused until it is rolled back. */
    FAILED;

    /** For the byte in ReadyForQuery; null for one that there is not. */
    public static @Nullable TransactionStatus of(byte status) {
        return switch (status) {
            case 'I' -> IDLE;
            case 'T' -> OPEN;
            case 'E' -> FAILED;
            default -> null;
        };
    }
}
