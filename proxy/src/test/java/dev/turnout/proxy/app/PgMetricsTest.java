package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.turnout.postgres.PostgresServer;
import dev.turnout.proxy.testkit.LeakCheck;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A known workload is counted exactly. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class PgMetricsTest {
    @RegisterExtension
    static final PgSides sides = new PgSides();
    @RegisterExtension
    private final Rig rig = new Rig();
    private PgPeer peer;

    @BeforeEach
    void start() throws Exception {
        rig.startFile(sides.route("auth.mode = trust"));
        peer = rig
                .closing(new PgPeer(rig.turnout().address("db"), "user", PostgresServer.SUPERUSER, "database",
                        sides.blue().name()));
    }

    private void run(String... queries) throws Exception {
        for (String sql : queries) {
            peer.send(PgPeer.query(sql));
            peer.untilReady();
        }
    }

    private void assertCounted(int committed, int rolledBack, int queries) throws Exception {
        assertThat(List.of(transactions("committed"), transactions("rolled_back"),
                (int) rig.metric("turnout_pg_queries_total{")))
                .as("committed, rolled back, queries").containsExactly(committed, rolledBack, queries);
    }

    private int transactions(String outcome) throws Exception {
        return (int) rig.metrics().lines().filter(line -> line.startsWith("turnout_pg_transactions_total{")
                && line.contains("\"" + outcome + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ')))).sum();
    }

    @Test
    void aStatementByItselfIsATransaction() throws Exception {
        run("SELECT 1", "SELECT 1/0", "SELECT 1; SELECT 2", "");
        assertCounted(3, 1, 4);
    }

    @Test
    void aBlockIsOneHoweverItEnds() throws Exception {
        run("BEGIN", "SELECT 1", "COMMIT", "BEGIN", "SELECT 1", "ROLLBACK");
        assertCounted(1, 1, 6);
        run("BEGIN; SELECT 1; COMMIT", "BEGIN", "SELECT 1/0", "COMMIT");
        assertCounted(2, 2, 10);
    }

    @Test
    void whatASavepointTookBackIsNotTheTransaction() throws Exception {
        run("BEGIN", "SAVEPOINT a", "SELECT 1/0", "ROLLBACK TO a", "COMMIT");
        assertCounted(1, 0, 5);
        run("BEGIN", "SAVEPOINT a", "ROLLBACK TO a", "ROLLBACK");
        assertCounted(1, 1, 9);
    }

    @Test
    void eachSyncOfAPipelineEndsATransaction() throws Exception {
        for (int i = 0; i < 10; i++) {
            peer.send(PgPeer.extended("SELECT 1"), PgPeer.extended("SELECT 2"), PgPeer.sync());
        }
        for (int i = 0; i < 10; i++) {
            peer.untilReady();
        }
        assertCounted(10, 0, 20);
        peer.send(PgPeer.extended("SELECT 1"), PgPeer.extended("SELECT 1/0"), PgPeer.extended("SELECT 3"),
                PgPeer.sync());
        peer.untilReady();
        // The division fails when it is planned, at Bind: it never ran, nor did what followed.
        assertCounted(10, 1, 21);
        peer.send(PgPeer.sync());
        peer.untilReady();
        assertCounted(10, 1, 21);
    }

    @Test
    void errorsAreCountedByTheirClassAndSoIsWhatTheProxyRefuses() throws Exception {
        run("SELECT 1/0", "SELEC", "SELECT nothing_like_it", "SELECT 1/0");
        assertThat(rig.metric("turnout_pg_errors_total{")).isEqualTo(4);
        assertThat(rig.metrics()).contains("class=\"22\"", "class=\"42\"");
    }

    @Test
    void cancelsAreCountedAndNothingStaysBehind() throws Exception {
        peer.close();
        AtomicReference<String> state = new AtomicReference<>("");
        try (Connection session = sides.connect(rig); Statement statement = session.createStatement()) {
            Thread asks = Thread.ofVirtual().start(() -> {
                try {
                    statement.execute("SELECT pg_sleep(30)");
                } catch (SQLException e) {
                    state.set(e.getSQLState());
                }
            });
            await().until(
                    () -> rig.metric("turnout_pg_server_connections{route=\"db\",state=\"active\"") == 1);
            statement.cancel();
            asks.join();
        }
        assertThat(state).hasValue("57014");
        assertThat(rig.metric("turnout_pg_cancels_total{result=\"sent\"")).isEqualTo(1);
        await().until(() -> rig.metric("turnout_pg_sessions{") == 0
                && rig.metric("turnout_pg_server_connections{") == 0
                && rig.metric("turnout_connections{") == 0);
    }
}
