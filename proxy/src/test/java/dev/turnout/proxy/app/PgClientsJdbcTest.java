package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.postgres.SharedPostgres;
import java.sql.BatchUpdateException;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Types;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.largeobject.LargeObject;
import org.postgresql.largeobject.LargeObjectManager;

/** pgjdbc sees the same through the proxy as without it. */
@Timeout(120)
class PgClientsJdbcTest {
    @RegisterExtension
    static final SharedPostgres postgres = SharedPostgres.version(18);
    @RegisterExtension
    final PgClients clients = new PgClients(postgres, PgClients.USERS);

    /** What is done with a connection, and seen. */
    interface Work {
        void with(Connection connection, List<String> seen) throws Exception;
    }

    private List<String> same(Map<String, String> properties, Work work) throws Exception {
        return clients.same((way, seen) -> {
            try (Connection connection = way.connect(properties)) {
                work.with(connection, seen);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"simple", "extended", "extendedForPrepared", "extendedCacheEverything"})
    void everyQueryMode(String mode) throws Exception {
        assertThat(same(
                Map.of("preferQueryMode", mode, "ApplicationName", "matrix", "options", "-c work_mem=6MB"),
                (connection, seen) -> {
                    PgClientsJdbc.statements(connection, seen);
                    PgClientsJdbc.execute(connection,
                            "SET search_path = pg_catalog; SET TimeZone = 'Asia/Tokyo'");
                    seen.add(PgClientsJdbc.rows(connection, "SELECT current_setting('work_mem'), "
                            + "current_setting('application_name'), current_setting('TimeZone')"));
                    seen.add(PgClientsJdbc.pg(connection).getParameterStatuses().toString());
                    PgClientsJdbc.copies(connection, seen);
                })).contains("true", "equal true", "6MB|matrix|Asia/Tokyo\n");
    }

    @Test
    void statementsArePreparedOnTheServerAfterFiveExecutions() throws Exception {
        assertThat(same(Map.of(), (connection, seen) -> {
            String known = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%counted%'"
                    + " AND statement NOT LIKE '%pg_prepared%'";
            try (PreparedStatement statement = connection.prepareStatement("SELECT ?::int AS counted")) {
                for (int n = 1; n <= 7; n++) {
                    statement.setInt(1, n);
                    seen.add(PgClientsJdbc.rows(statement.executeQuery()));
                    seen.add(n + " known " + PgClientsJdbc.rows(connection, known));
                }
            }
            PgClientsJdbc.execute(connection, "DISCARD ALL");
            seen.add(PgClientsJdbc.rows(connection, known));
        })).contains("4 known 0\n", "7 known 1\n");
    }

    @Test
    void portalsOfOneTransactionAreFetchedInTurn() throws Exception {
        assertThat(same(Map.of(), (connection, seen) -> {
            connection.setAutoCommit(false);
            try (Statement first = connection.createStatement();
                    Statement second = connection.createStatement()) {
                first.setFetchSize(50);
                second.setFetchSize(7);
                ResultSet ones = first.executeQuery("SELECT n FROM generate_series(1, 1000) n");
                ResultSet twos = second
                        .executeQuery("SELECT n * 2, repeat('x', n) FROM generate_series(1, 1000) n");
                long sum = 0;
                while (ones.next() && twos.next()) {
                    sum += ones.getLong(1) + twos.getLong(1) + twos.getString(2).length();
                }
                seen.add("sum " + sum);
                seen.add(PgClientsJdbc.rows(connection, "SELECT count(*) FROM pg_cursors"));
            }
            connection.commit();
        })).first().isEqualTo("sum 2002000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void batches(String rewritten) throws Exception {
        assertThat(same(Map.of("reWriteBatchedInserts", rewritten), (connection, seen) -> {
            PgClientsJdbc.execute(connection, "CREATE TEMP TABLE batch (id int PRIMARY KEY, body text)");
            String insert = "INSERT INTO batch VALUES (?, ?)";
            try (PreparedStatement statement = connection.prepareStatement(insert,
                    Statement.RETURN_GENERATED_KEYS)) {
                for (int n = 0; n < 2000; n++) {
                    add(statement, n);
                }
                seen.add(Arrays.hashCode(statement.executeBatch()) + " "
                        + PgClientsJdbc.rows(statement.getGeneratedKeys()).length());
                add(statement, 5000);
                add(statement, 7);
                add(statement, 5001);
                statement.executeBatch();
            } catch (BatchUpdateException e) {
                seen.add(e.getSQLState() + " " + e.getMessage() + " " + Arrays.toString(e.getUpdateCounts()));
            }
            seen.add(PgClientsJdbc.rows(connection, "SELECT count(*), sum(length(body)) FROM batch"));
        })).last().asString().startsWith("2001|");
    }

    private static void add(PreparedStatement statement, int id) throws SQLException {
        statement.setInt(1, id);
        statement.setString(2, "b".repeat(id % 50));
        statement.addBatch();
    }

    @Test
    void largeObjectsByFastpath() throws Exception {
        assertThat(same(Map.of(), (connection, seen) -> {
            connection.setAutoCommit(false);
            LargeObjectManager manager = PgClientsJdbc.pg(connection).getLargeObjectAPI();
            long oid = manager.createLO(LargeObjectManager.READWRITE);
            try (LargeObject object = manager.open(oid, LargeObjectManager.READWRITE)) {
                for (int n = 0; n < 40; n++) {
                    object.write(new byte[]{(byte) n});
                    object.write(new byte[50_000]);
                }
                seen.add("size " + object.size64());
                object.seek64(50_001, LargeObject.SEEK_SET);
                seen.add(Arrays.toString(object.read(3)) + object.tell64());
                object.truncate64(100);
                seen.add("size " + object.size64());
            }
            try {
                manager.open(1L, LargeObjectManager.READ);
            } catch (SQLException e) {
                seen.add(e.getSQLState() + " " + e.getMessage());
            }
            connection.rollback();
        })).startsWith("size 2000040", "[1, 0, 0]50004", "size 100");
    }

    @Test
    void cancelAndTimeOuts() throws Exception {
        assertThat(clients.same((way, seen) -> {
            try (Connection first = way.connect(Map.of()); Connection second = way.connect(Map.of())) {
                PgClientsJdbc.cancels(first, second, seen);
                PgClientsJdbc.listens(first, second, seen);
                try (Statement statement = first.createStatement()) {
                    statement.setQueryTimeout(1);
                    statement.execute("SELECT pg_sleep(60)");
                } catch (SQLException e) {
                    seen.add("time-out " + e.getSQLState());
                }
                seen.add(PgClientsJdbc.rows(first, "SELECT 'goes on'"));
            }
        })).contains("57014 ERROR: canceling statement due to user request", "jdbc hello true",
                "time-out 57014",
                "goes on\n");
    }

    @Test
    void transactionsWithSavepoints() throws Exception {
        assertThat(same(Map.of("autosave", "always"), (connection, seen) -> {
            connection.setAutoCommit(false);
            PgClientsJdbc.execute(connection, "CREATE TEMP TABLE kept (id int)",
                    "INSERT INTO kept VALUES (1)");
            Savepoint named = connection.setSavepoint("named");
            PgClientsJdbc.execute(connection, "INSERT INTO kept VALUES (2)");
            seen.add(PgClientsJdbc.failure(connection, "SELECT nothing"));
            seen.add(PgClientsJdbc.rows(connection, "TABLE kept"));
            connection.rollback(named);
            connection.releaseSavepoint(connection.setSavepoint());
            connection.commit();
            seen.add(PgClientsJdbc.rows(connection, "TABLE kept"));
            connection.commit();
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            seen.add(PgClientsJdbc.failure(connection, "CREATE TABLE refused (id int)"));
        })).contains("1\n2\n", "1\n");
    }

    @Test
    void scrollableAndUpdatableResults() throws Exception {
        assertThat(same(Map.of(), (connection, seen) -> {
            PgClientsJdbc.execute(connection, "CREATE TEMP TABLE rows (id int PRIMARY KEY, body text)",
                    "INSERT INTO rows SELECT n, 'b' || n FROM generate_series(1, 20) n");
            try (Statement statement = connection.createStatement(ResultSet.TYPE_SCROLL_SENSITIVE,
                    ResultSet.CONCUR_UPDATABLE)) {
                ResultSet rows = statement.executeQuery("SELECT id, body FROM rows ORDER BY id");
                seen.add(rows.absolute(-3) + rows.getString(2));
                rows.updateString(2, "changed");
                rows.updateRow();
                rows.moveToInsertRow();
                rows.updateInt(1, 21);
                rows.insertRow();
                rows.first();
                rows.deleteRow();
            }
            seen.add(
                    PgClientsJdbc.rows(connection, "SELECT * FROM rows WHERE id IN (1, 18, 21) ORDER BY id"));
        })).contains("18|changed\n21|null\n");
    }

    @Test
    void escapesFunctionsAndCatalogue() throws Exception {
        assertThat(same(Map.of("escapeSyntaxCallMode", "select"), (connection, seen) -> {
            PgClientsJdbc.execute(connection, """
                    CREATE OR REPLACE FUNCTION twice(INOUT n int, OUT of refcursor) LANGUAGE plpgsql AS $$
                    BEGIN n := n * 2; OPEN of FOR SELECT generate_series(1, 3); RAISE WARNING 'called'; END $$
                    """);
            seen.add(PgClientsJdbc.rows(connection,
                    "SELECT {fn concat({fn ucase('x')}, 'y')}, {d '2026-01-02'},"
                            + " {ts '2026-01-02 03:04:05'}, {fn log10(100)}"));
            connection.setAutoCommit(false);
            try (CallableStatement call = connection.prepareCall("{call twice(?, ?)}")) {
                call.setInt(1, 21);
                call.registerOutParameter(1, Types.INTEGER);
                call.registerOutParameter(2, Types.REF_CURSOR);
                call.execute();
                seen.add(call.getInt(1) + " " + PgClientsJdbc.rows((ResultSet) call.getObject(2)) + " "
                        + call.getWarnings().getMessage());
            }
            connection.commit();
            seen.add(PgClientsJdbc
                    .rows(connection.getMetaData().getColumns(null, "pg_catalog", "pg_class", "rel%")));
        })).element(1).asString().startsWith("42 1\n2\n3\n called");
    }
}
