package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.postgres.PostgresDatabase;
import dev.turnout.postgres.PostgresServer;
import dev.turnout.postgres.SharedPostgres;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Two servers, the sides of a route: a session tells by its port which it is on. Both have a database of the test class
 * under one name, and the users of {@link #AUTH}.
 */
final class PgSides implements BeforeAllCallback, AfterAllCallback {
    /** Who may come in; the superuser by any password. */
    static final String AUTH = """
            auth.users = [ { name = postgres, password = sesame }, { name = side_app, password = sesame },
              { name = side_report, password = sesame } ]
            """;
    static final String APP = "side_app";
    static final String REPORT = "side_report";

    private final SharedPostgres blue = SharedPostgres.version(18);
    private final SharedPostgres green = SharedPostgres.version(17);

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        blue.beforeAll(context);
        green.beforeAll(context);
        green().server().createDatabase(blue().name());
        for (SharedPostgres side : new SharedPostgres[]{blue, green}) {
            side.server().execute("DO $$ BEGIN CREATE ROLE " + APP + " LOGIN PASSWORD 'sesame';"
                    + "CREATE ROLE " + REPORT
                    + " LOGIN PASSWORD 'sesame'; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
            side.server().database(blue().name()).execute("GRANT ALL ON SCHEMA public TO PUBLIC");
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        green().server().execute("DROP DATABASE \"" + blue().name() + "\" WITH (FORCE)");
        blue.afterAll(context);
        green.afterAll(context);
    }

    private PostgresDatabase green() {
        return green.database();
    }

    /** Worked on directly. */
    PostgresDatabase blue() {
        return blue.database();
    }

    /** Worked on directly. */
    PostgresDatabase greenDatabase() {
        return green().server().database(blue().name());
    }

    String bluePort() {
        return String.valueOf(blue.server().port());
    }

    String greenPort() {
        return String.valueOf(green.server().port());
    }

    /** A route named db on a port of the system's choice, with these lines, which win; one that is about auth replaces {@link #AUTH}. */
    String route(String lines) {
        return route("db", "127.0.0.1:0", lines);
    }

    String route(String name, String listen, String lines) {
        return "turnout.routes." + name + " { protocol = postgresql, listen = \"" + listen
                + "\"\nblue.endpoints = [\"127.0.0.1:" + bluePort() + "\"]\n"
                + "green.endpoints = [\"127.0.0.1:" + greenPort()
                + "\"]\ndata = shared, timeouts.connect = 5s\n"
                + (lines.contains("auth.") || lines.contains("auth =") ? "" : AUTH) + lines + "\n}\n";
    }

    Connection connect(Rig rig) throws SQLException {
        return connect(rig, PostgresServer.SUPERUSER);
    }

    /** The caller closes it. {@code more}: names and values of the driver's properties, in turn. */
    Connection connect(Rig rig, String user, String... more) throws SQLException {
        return connect(rig.turnout().address("db"), user, more);
    }

    Connection connect(InetSocketAddress at, String user, String... more) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", "sesame");
        properties.setProperty("sslmode", "disable");
        properties.setProperty("gssEncMode", "disable");
        // Else the driver names its application only after the start.
        properties.setProperty("assumeMinServerVersion", "14");
        for (int i = 0; i < more.length; i += 2) {
            properties.setProperty(more[i], more[i + 1]);
        }
        return DriverManager.getConnection(
                "jdbc:postgresql://" + at.getAddress().getHostAddress() + ":" + at.getPort() + "/"
                        + blue().name(),
                properties);
    }

    /** The side that a session is on. */
    String side(Connection session) throws SQLException {
        String port = value(session, "SELECT current_setting('port')");
        assertThat(port).isIn(bluePort(), greenPort());
        return port.equals(bluePort()) ? "blue" : "green";
    }

    /** The side of a session that ends with the question. */
    String sideOf(Rig rig, String user, String... more) throws SQLException {
        try (Connection session = connect(rig, user, more)) {
            return side(session);
        }
    }

    static String value(Connection session, String sql) throws SQLException {
        try (Statement statement = session.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).as(sql).isTrue();
            return rows.getString(1);
        }
    }

    static void run(Connection session, String sql) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute(sql);
        }
    }
}
