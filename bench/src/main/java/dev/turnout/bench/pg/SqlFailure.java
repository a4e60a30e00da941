package dev.turnout.bench.pg;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an SQLException says.
 *
 * @param label its SQLSTATE, or {@code timeout}
 * @param waited whether we gave up
 * @param connectionLost whether the connection can no longer be used
 */
record SqlFailure(String label, boolean waited, boolean connectionLost) {
    static final String TIMEOUT = "timeout";
    private static final String NO_STATE = "unknown";
    private static final String CONNECTION_CLASS = "08";
    /** The server ends the session: its administrator, a crash, a start or a database that is dropped. */
    private static final Set<String> SESSION_ENDS = Set.of("57P01", "57P02", "57P03", "57P04", "57P05",
            "25P03");

    static SqlFailure of(SQLException failure) {
        if (timedOut(failure)) {
            return new SqlFailure(TIMEOUT, true, true);
        }
        String state = Objects.requireNonNullElse(failure.getSQLState(), NO_STATE);
        return new SqlFailure(state, false,
                state.startsWith(CONNECTION_CLASS) || SESSION_ENDS.contains(state));
    }

    private static boolean timedOut(SQLException failure) {
        for (@Nullable
        Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }
}
