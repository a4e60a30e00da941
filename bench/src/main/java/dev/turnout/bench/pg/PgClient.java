package dev.turnout.bench.pg;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One client: a connection, opened again when it was lost, and one transaction at a time over it, none of them tried
 * twice. Confined to its thread, which is interrupted to give up what is under way.
 */
final class PgClient {
    /** Before the next attempt of a closed loop, which must not spin on a target that is down. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Connector connector;
    private final Script script;
    private final LongSupplier ticker;
    private final boolean closedLoop;
    private @Nullable Session session;

    private record Session(Connection connection, Script.Transaction transaction) {}

    PgClient(Connector connector, Script script, LongSupplier ticker, boolean closedLoop) {
        this.connector = connector;
        this.script = script;
        this.ticker = ticker;
        this.closedLoop = closedLoop;
    }

    /** Connects before the load; if that fails, the first transaction tries again and tells why. */
    void open() {
        try {
            Session _ = connect();
        } catch (SQLException _) {
            // told by the first transaction
        }
    }

    private Session connect() throws SQLException {
        Connection opened = connector.open();
        try {
            Session begun = new Session(opened, script.on(opened));
            session = begun;
            return begun;
        } catch (SQLException e) {
            connector.lost(opened);
            throw e;
        }
    }

    /** Takes its turns until there are no more. */
    void work(Turns turns, PgMeasurement measurement) throws InterruptedException {
        for (OptionalLong due = turns.take(); due.isPresent(); due = turns.take()) {
            transaction(due.getAsLong(), measurement);
            if (closedLoop && session == null) {
                turns.pause(PAUSE_NANOS);
            }
        }
    }

    private void transaction(long dueNanos, PgMeasurement measurement) {
        long sentNanos = ticker.getAsLong();
        measurement.sent(dueNanos, sentNanos);
        Session used = session;
        try {
            used = used == null ? connect() : used;
            used.transaction().run();
            measurement.succeeded(dueNanos, sentNanos, ticker.getAsLong());
        } catch (SQLException e) {
            long now = ticker.getAsLong();
            SqlFailure failure = SqlFailure.of(e);
            if (Thread.currentThread().isInterrupted()) {
                measurement.unfinished(dueNanos, now);
            } else {
                measurement.failed(dueNanos, sentNanos, now, failure);
            }
            if (failure.connectionLost() && used != null) {
                connector.lost(used.connection());
                session = null;
            }
        }
    }

    /** Says goodbye to the server. */
    void close() {
        if (session != null) {
            try {
                session.connection().close();
            } catch (SQLException _) {
                // It has ended, one way or the other.
            }
        }
    }
}
