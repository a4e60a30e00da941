package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.postgres.SharedPostgres;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Two ways to the database of a test class, straight and through a running proxy: what a client gets has to be the same
 * on both. The straight way comes first.
 */
final class PgClients implements BeforeEachCallback, AfterEachCallback {
    /** May replicate and owns the database, no more. */
    static final String USER = "client";
    static final String PASSWORD = "sesame";
    /** The proxy knows the password. */
    static final String USERS = "users = [ { name = " + USER + ", password = " + PASSWORD + " } ]";
    /** The proxy knows what the server and the client's proof tell it. */
    static final String PASS_THROUGH = "query { user = postgres }";
    /** In the words of a program: the address. */
    static final String ADDRESS = "ADDRESS";

    private static final String ROUTE = "db";

    private final SharedPostgres postgres;
    private final String auth;
    private final LeakCheck leaks = new LeakCheck();
    private final Rig rig = new Rig();

    /** @param auth what stands in {@code auth} */
    PgClients(SharedPostgres postgres, String auth) {
        this.postgres = postgres;
        this.auth = auth;
    }

    /** What one client does and sees, on one of the ways. */
    interface Talk {
        void on(Way way, List<String> seen) throws Exception;
    }

    /** Where the database is. */
    record Way(int port, String database) {
        String url() {
            return "postgresql://" + USER + ":" + PASSWORD + "@127.0.0.1:" + port + "/" + database;
        }

        /** The caller closes it. {@code more}: properties of pgjdbc. */
        Connection connect(Map<String, String> more) throws SQLException {
            Properties properties = new Properties();
            properties.setProperty("user", USER);
            properties.setProperty("password", PASSWORD);
            properties.putAll(more);
            return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database,
                    properties);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        rig.beforeEach(context);
        postgres.server()
                .execute("DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '" + USER
                        + "') THEN CREATE ROLE " + USER + " LOGIN REPLICATION PASSWORD '" + PASSWORD
                        + "'; END IF; END $$",
                        "ALTER DATABASE " + postgres.database().name() + " OWNER TO " + USER);
        String endpoint = "127.0.0.1:" + postgres.server().port();
        rig.startFile("""
                turnout.routes.%s {
                  protocol = postgresql
                  listen = "127.0.0.1:0"
                  data = shared
                  blue.endpoints = ["ENDPOINT"]
                  green.endpoints = ["ENDPOINT"]
                  auth { AUTH }
                }
                """.replace("%s", ROUTE).replace("ENDPOINT", endpoint).replace("AUTH", auth));
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        rig.afterEach(context);
        leaks.afterEach(context);
    }

    static String script(String name) {
        return Tool.NODE_SCRIPTS.resolve(name).toString();
    }

    Way direct() {
        return new Way(postgres.server().port(), postgres.database().name());
    }

    Way through() {
        return new Way(rig.turnout().address(ROUTE).getPort(), postgres.database().name());
    }

    /** For programs that work in a folder; it ends with the test. */
    Path folder() throws IOException {
        return Files.createTempDirectory(rig.stateDir(), "client");
    }

    /** What the client has seen, on either way. */
    List<String> same(Talk talk) throws Exception {
        List<String> expected = new ArrayList<>();
        talk.on(direct(), expected);
        List<String> seen = new ArrayList<>();
        talk.on(through(), seen);
        assertThat(seen).isEqualTo(expected).isNotEmpty();
        return seen;
    }

    /** The lines of a program that ends them with OK, on either way. {@code command}: with {@link #ADDRESS}. */
    List<String> sameOfProgram(String... command) throws Exception {
        List<String> lines = same((way, seen) -> seen.addAll(run(way, command)));
        assertThat(lines).last().isEqualTo("OK");
        return lines;
    }

    /** The lines of a program that ends well. */
    List<String> run(Way way, String... command) throws IOException, InterruptedException {
        try (Tool tool = start(way, command)) {
            // Which process of the server notifies is another one each time; other clients compare it with the sender's.
            return tool.lines().stream().map(line -> line.replaceAll("PID \\d+", "PID")).toList();
        }
    }

    /** The caller closes it. */
    Tool start(Way way, String... command) throws IOException {
        Tool.require(command[0]);
        return Tool.start(folder(), Stream.of(command).map(word -> word.replace(ADDRESS, way.url()))
                .toArray(String[]::new));
    }
}
