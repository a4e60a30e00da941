package dev.turnout.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** One database of a server, worked on directly: by its superuser unless another user is named. */
public record PostgresDatabase(PostgresServer server, String name) {
    /** As the superuser; the caller closes it. */
    public Connection connect() throws SQLException {
        return connect(PostgresServer.SUPERUSER, null, Map.of());
    }

    /** The caller closes it. {@code more}: properties of the driver. */
    public Connection connect(String user, @Nullable String password, Map<String, String> more)
            throws SQLException {
        Properties properties = new Properties();
        properties.putAll(more);
        properties.setProperty("user", user);
        if (password != null) {
            properties.setProperty("password", password);
        }
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/" + name, properties);
    }

    /** For programs that take an address of this form, as psql does. */
    public String url(String user) {
        return "postgresql://" + user + "@127.0.0.1:" + server.port() + "/" + name;
    }

    /** Runs the statements one by one, on one connection, each in a transaction of its own. */
    public void execute(String... sql) throws SQLException {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            for (String one : sql) {
                statement.execute(one);
            }
        }
    }

    /** All rows, as text; a NULL stays null. */
    public List<List<@Nullable String>> rows(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            List<List<@Nullable String>> rows = new ArrayList<>();
            while (result.next()) {
                List<@Nullable String> row = new ArrayList<>();
                for (int column = 1; column <= columns; column++) {
                    row.add(result.getString(column));
                }
                rows.add(row);
            }
            return rows;
        }
    }

    /** The first column of the only row. */
    public @Nullable String value(String sql) throws SQLException {
        List<List<@Nullable String>> rows = rows(sql);
        if (rows.size() != 1) {
            throw new SQLException("rows: " + rows.size() + " (expected: 1) of " + sql);
        }
        return rows.getFirst().getFirst();
    }
}
