package dev.turnout.bench.pg;

import dev.turnout.bench.report.Report;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.postgresql.Driver;

/** Opens connections to one target, in one way. Any thread; it blocks. */
final class Connector {
    private static final Executor AT_ONCE = Runnable::run;

    private final String url;
    private final Properties properties;
    private final Duration timeout;
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();

    /** @param timeout how long a connect, and after it each wait for the server, may take */
    Connector(PgTarget target, QueryMode mode, Duration timeout) {
        url = target.jdbcUrl();
        properties = target.properties();
        this.timeout = timeout;
        String wholeSeconds = Long.toString(Math.ceilDiv(timeout.toMillis(), 1000L));
        properties.setProperty("connectTimeout", wholeSeconds);
        properties.setProperty("socketTimeout", wholeSeconds);
        mode.addTo(properties);
    }

    /** The caller closes it. */
    Connection open() throws SQLException {
        return open(timeout);
    }

    /** @param patience how long each wait for the server may take once it is open */
    Connection open(Duration patience) throws SQLException {
        Connection connection = Objects.requireNonNull(new Driver().connect(url, properties), url);
        try {
            connection.setNetworkTimeout(AT_ONCE, Math.toIntExact(patience.toMillis()));
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        opened.incrementAndGet();
        return connection;
    }

    /** One that was opened here can no longer be used. */
    void lost(Connection connection) {
        lost.incrementAndGet();
        try {
            connection.close();
        } catch (SQLException _) {
            // It has ended, one way or the other.
        }
    }

    Report.Connections count() {
        return new Report.Connections(opened.get(), lost.get());
    }
}
