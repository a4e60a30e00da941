package dev.turnout.bench.demo;

import dev.turnout.postgres.PostgresDatabase;
import dev.turnout.postgres.PostgresServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.sql.SQLException;
import java.util.Map;
import java.util.stream.Collectors;

/** Two PostgreSQL servers, blue and green, with one small table; green follows blue by logical replication. */
final class DatabasePair implements Closeable {
    static final String DATABASE = "shop";
    static final String USER = "app";
    static final String PASSWORD = "demo";

    private static final int VERSION = 18;

    /** Starts a pair. */
    @FunctionalInterface
    interface Starter {
        DatabasePair start() throws IOException;
    }

    private final PostgresServer blue;
    private final PostgresServer green;

    private DatabasePair(PostgresServer blue, PostgresServer green) {
        this.blue = blue;
        this.green = green;
    }

    static DatabasePair start() throws IOException {
        PostgresServer blue = server();
        DatabasePair pair;
        try {
            pair = new DatabasePair(blue, server());
        } catch (IOException | RuntimeException e) {
            blue.close();
            throw e;
        }
        try {
            pair.follow();
            return pair;
        } catch (SQLException | RuntimeException e) {
            pair.close();
            throw new IOException("green does not follow blue: " + e.getMessage(), e);
        }
    }

    private static PostgresServer server() throws IOException {
        return PostgresServer.version(VERSION).setting("wal_level", "logical").start();
    }

    private void follow() throws SQLException {
        for (PostgresServer server : new PostgresServer[]{blue, green}) {
            server.createDatabase(DATABASE)
                    .execute("CREATE ROLE " + USER + " LOGIN PASSWORD '" + PASSWORD + "'",
                            "CREATE TABLE orders (clerk int, number bigint, PRIMARY KEY (clerk, number))",
                            "GRANT SELECT, INSERT ON orders TO " + USER);
        }
        blue().execute("CREATE PUBLICATION shop_pub FOR TABLE orders");
        // The tables are empty: nothing to copy.
        green().execute("CREATE SUBSCRIPTION shop_sub CONNECTION '" + blue().url(PostgresServer.SUPERUSER)
                + "' PUBLICATION shop_pub WITH (copy_data = false)");
    }

    InetSocketAddress blueAddress() {
        return blue.address();
    }

    InetSocketAddress greenAddress() {
        return green.address();
    }

    /** Without the proxy. */
    PostgresDatabase blue() {
        return blue.database(DATABASE);
    }

    /** Without the proxy. */
    PostgresDatabase green() {
        return green.database(DATABASE);
    }

    /** How many orders of each clerk a database holds. */
    static Map<Integer, Long> orders(PostgresDatabase database) throws IOException {
        try {
            return database.rows("SELECT clerk, count(*) FROM orders GROUP BY clerk")
                    .stream()
                    .collect(Collectors.toMap(row -> Integer.parseInt(String.valueOf(row.getFirst())),
                            row -> Long.parseLong(String.valueOf(row.getLast()))));
        } catch (SQLException e) {
            throw new IOException("orders cannot be counted: " + e.getMessage(), e);
        }
    }

    /** Green first, so that it does not miss blue. */
    @Override
    public void close() {
        try {
            green.close();
        } finally {
            blue.close();
        }
    }
}
