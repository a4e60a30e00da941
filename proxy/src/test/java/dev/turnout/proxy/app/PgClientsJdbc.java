package dev.turnout.proxy.app;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.copy.CopyManager;
import org.postgresql.util.PSQLException;

/** What pgjdbc does in several tests, and what it sees. */
final class PgClientsJdbc {
    private PgClientsJdbc() {}

    static String rows(ResultSet result) throws SQLException {
        StringBuilder rows = new StringBuilder();
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
            for (int column = 1; column <= columns; column++) {
                rows.append(result.getString(column)).append(column == columns ? '\n' : '|');
            }
        }
        return rows.toString();
    }

    static String rows(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return rows(result);
        }
    }

    static void execute(Connection connection, String... sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String one : sql) {
                statement.execute(one);
            }
        }
    }

    /** With all that the server says of it. */
    static String failure(Connection connection, String sql) throws SQLException {
        try {
            return rows(connection, sql);
        } catch (PSQLException e) {
            var of = e.getServerErrorMessage();
            return e.getSQLState() + " " + e.getMessage()
                    + (of == null ? "" : " " + of.getRoutine() + of.getLine());
        }
    }

    static PGConnection pg(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class);
    }

    /** Same session ids on both ends, simple and extended protocol, and an error with its fields. */
    static void statements(Connection connection, List<String> seen) throws SQLException {
        seen.add(Boolean.toString(rows(connection, "SELECT pg_backend_pid()").trim()
                .equals(Integer.toString(pg(connection).getBackendPID()))));
        try (PreparedStatement statement = connection
                .prepareStatement("SELECT ?::int * 2, ?::text, ?::numeric")) {
            for (int n = 0; n < 8; n++) {
                statement.setInt(1, n);
                statement.setString(2, "zwölf");
                statement.setBigDecimal(3, null);
                try (ResultSet result = statement.executeQuery()) {
                    seen.add(rows(result));
                }
            }
        }
        seen.add(failure(connection, "SELECT 1/0"));
        seen.add(failure(connection, "SELECT 1 AS still_there"));
    }

    static void copies(Connection connection, List<String> seen) throws SQLException, IOException {
        execute(connection, "CREATE TEMP TABLE copied (id int, body text)");
        StringBuilder rows = new StringBuilder();
        for (int n = 0; n < 20_000; n++) {
            rows.append(n).append('\t').append("c".repeat(n % 200)).append('\n');
        }
        CopyManager copy = pg(connection).getCopyAPI();
        seen.add("in " + copy.copyIn("COPY copied FROM STDIN", new StringReader(rows.toString())));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        seen.add("out " + copy.copyOut("COPY (SELECT * FROM copied ORDER BY id) TO STDOUT", out));
        seen.add("equal " + out.toString(StandardCharsets.UTF_8).contentEquals(rows));
        var givenUp = copy.copyIn("COPY copied FROM STDIN");
        givenUp.writeToCopy(new byte[]{'1', '\t', 'x', '\n'}, 0, 4);
        givenUp.cancelCopy();
        try {
            copy.copyIn("COPY copied FROM STDIN", new StringReader("no number\tx\n".repeat(50_000)));
        } catch (SQLException e) {
            seen.add(e.getSQLState() + " " + e.getMessage());
        }
        seen.add(rows(connection, "SELECT count(*) FROM copied"));
    }

    /** Cancels what the connection does once it does it. */
    static void cancels(Connection connection, Connection watch, List<String> seen) throws SQLException {
        for (int n = 0; n < 2; n++) {
            try (Statement sleep = connection.createStatement()) {
                CompletableFuture<Void> cancel = CompletableFuture
                        .runAsync(() -> cancel(connection, sleep, watch));
                try {
                    seen.add(rows(sleep.executeQuery("SELECT pg_sleep(60)")));
                } catch (SQLException e) {
                    seen.add(e.getSQLState() + " " + e.getMessage());
                }
                cancel.join();
            }
            seen.add(rows(connection, "SELECT 'alive'"));
        }
    }

    private static void cancel(Connection connection, Statement sleep, Connection watch) {
        try {
            String asleep = "SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND pid = "
                    + pg(connection).getBackendPID();
            while (rows(watch, "SELECT count(*) FROM (" + asleep + ") s").startsWith("0")) {
                Thread.onSpinWait();
            }
            sleep.cancel();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static void listens(Connection connection, Connection sender, List<String> seen) throws SQLException {
        execute(connection, "LISTEN jdbc");
        execute(sender, "NOTIFY jdbc, 'hello'");
        for (PGNotification told : pg(connection).getNotifications(30_000)) {
            seen.add(told.getName() + " " + told.getParameter() + " "
                    + (told.getPID() == pg(sender).getBackendPID()));
        }
    }
}
