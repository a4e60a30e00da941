package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.postgres.PostgresServer;
import dev.turnout.proxy.testkit.LeakCheck;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that were declared read-only are held to it, whatever they say. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class PgReadOnlyTest {
    @RegisterExtension
    static final PgSides sides = new PgSides();
    @RegisterExtension
    private final Rig rig = new Rig();

    @BeforeEach
    void start() throws Exception {
        sides.blue().execute("CREATE TABLE IF NOT EXISTS t (v text)", "TRUNCATE t",
                "DROP TABLE IF EXISTS proof");
        rig.startFile(sides.route("""
                data = replicated, auth = { mode = trust }
                rules = [ { when { application = reader }, to = blue, read-only = true } ]
                """));
    }

    private PgPeer reader() throws Exception {
        return rig
                .closing(new PgPeer(rig.turnout().address("db"), "user", PostgresServer.SUPERUSER, "database",
                        sides.blue().name(), "application_name", "reader"));
    }

    private Connection driver(String... more) throws Exception {
        String[] all = Arrays.copyOf(more, more.length + 2);
        all[more.length] = "ApplicationName";
        all[more.length + 1] = "reader";
        return rig.closing(sides.connect(rig, PostgresServer.SUPERUSER, all));
    }

    private static final String MARK = "; CREATE TABLE proof (v int)";

    private void assertNothingWasExecuted() throws SQLException {
        assertThat(sides.blue().value("SELECT to_regclass('proof')")).isNull();
        assertThat(sides.blue().value("SELECT count(*) FROM t")).isEqualTo("0");
    }

    /** Ended, and what was to follow did not happen either. */
    private void assertEnded(PgPeer peer) throws Exception {
        List<String> seen = peer.untilReady();
        while (seen.getLast().startsWith("Z")) {
            seen = peer.untilReady();
        }
        assertThat(seen.get(seen.size() - 2)).startsWith("E 25006 ");
        assertThat(seen.getLast()).isEqualTo("end");
        assertNothingWasExecuted();
        assertThat(rig.metric("turnout_pg_session_failures_total{reason=\"read_only\""))
                .as(rig.metrics().lines().filter(line -> line.contains("failures")).toList().toString())
                .isPositive();
    }

    @Test
    void isReadOnlyFromTheStartAndAfterEachReset() throws Exception {
        Connection session = driver();
        for (String reset : List.of("RESET ALL", "DISCARD ALL", "RESET search_path")) {
            PgSides.run(session, reset);
            assertThat(PgSides.value(session, "SHOW default_transaction_read_only")).isEqualTo("on");
            assertThat(PgSides.value(session, "SHOW transaction_read_only")).isEqualTo("on");
            assertThatThrownBy(() -> PgSides.run(session, "INSERT INTO t VALUES ('x')"))
                    .isInstanceOfSatisfying(SQLException.class,
                            e -> assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo("25006"));
        }
        assertThat(PgSides.value(session, "SELECT 1")).as("the server's own refusal ends nothing")
                .isEqualTo("1");
        assertThat(sides.side(sides.connect(rig))).isEqualTo("blue");
        PgSides.run(rig.closing(sides.connect(rig)), "INSERT INTO t VALUES ('a writer may'); TRUNCATE t");
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "false", "0"})
    void theStartupPacketDoesNotSwitchItOff(String off) throws Exception {
        Connection session = driver("options",
                "-c default_transaction_read_only=" + off + " -c Transaction_Read_Only=" + off
                        + " --default-transaction-read-only=" + off);
        assertThat(PgSides.value(session, "SHOW transaction_read_only")).isEqualTo("on");
        PgPeer peer = rig.closing(new PgPeer(rig.turnout().address("db"), "user", PostgresServer.SUPERUSER,
                "database",
                sides.blue().name(), "application_name", "reader", "DEFAULT_TRANSACTION_READ_ONLY", off));
        peer.send(PgPeer.query("SHOW transaction_read_only"));
        assertThat(peer.untilReady()).contains("D on");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "SET default_transaction_read_only=off",
        "set local TRANSACTION_READ_ONLY to false",
        "SET SESSION default_transaction_read_only = off",
        "BEGIN READ WRITE",
        "BEGIN; SET TRANSACTION READ WRITE",
        "START TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ\tWRITE",
        "BEGIN READ /* a */ WRITE",
        "BEGIN READ /* a /* b */ c */ WRITE",
        "BEGIN READ -- a\nWRITE",
        "BEGIN READ -- a\rWRITE",
        "BEGIN READ --\n--\nWRITE",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
        "SELECT set_config('default_transaction_read_only', 'off', false)",
        "SELECT pg_catalog.set_config('transaction_read_only', 'off', true)",
        "SELECT set_config('default_transaction_' || 'read_only', 'off', false)",
        "SELECT set_config(E'default_transaction_\\x72ead_only', 'off', false)",
        "SELECT set_config /* a */ (concat('default_', 'transaction_', 'read', '_only'), 'off', false)",
        "SELECT \"set_config\"(n, 'off', false) FROM pg_settings s(n) WHERE n LIKE 'default%read%'",
        "UPDATE pg_settings SET setting = 'off' WHERE name LIKE 'default_trans%only'",
        "SET U&\"default_transaction_\\0072ead_only\" = off",
        "SET \"default_transaction_read_only\" = off",
        "RESET default_transaction_read_only"})
    void nothingThatWouldChangeItGetsToTheServer(String sql) throws Exception {
        PgPeer simple = reader();
        simple.send(PgPeer.query(sql + MARK));
        assertEnded(simple);
        PgPeer extended = reader();
        extended.send(PgPeer.extended("SELECT 1"), PgPeer.extended(sql), PgPeer.sync(),
                PgPeer.query("CREATE TABLE proof (v int)"));
        assertEnded(extended);
    }

    /** The length before a statement may look like a letter. */
    @Test
    void howeverLongTheStatementIs() throws Exception {
        for (int blanks = 0; blanks < 60; blanks += 7) {
            PgPeer peer = reader();
            peer.send(PgPeer.query("SET default_transaction_read_only = off" + " ".repeat(blanks)));
            assertEnded(peer);
        }
    }

    @Test
    void theNameOfASettingMayNotComeAsAParameter() throws Exception {
        PgPeer peer = reader();
        peer.send(PgPeer.extended("SELECT set_config($1, $2, false)", "default_transaction_read_only", "off"),
                PgPeer.sync(), PgPeer.query("CREATE TABLE proof (v int)"));
        assertEnded(peer);
    }

    @Test
    void norMayItBeSetByAFunctionCall() throws Exception {
        int setConfig = Integer.parseInt(sides.blue().value("SELECT 'set_config'::regproc::oid::int"));
        byte[] name = "default_transaction_read_only".getBytes(StandardCharsets.US_ASCII);
        byte[] off = "off".getBytes(StandardCharsets.US_ASCII);
        PgPeer peer = reader();
        peer.send(PgPeer.message('F', setConfig, (short) 0, (short) 3, name.length, name, off.length, off, 1,
                "f".getBytes(StandardCharsets.US_ASCII), (short) 0),
                PgPeer.query("CREATE TABLE proof (v int)"));
        assertEnded(peer);
    }

    /** What a function does out of sight the server reports. */
    @Test
    void whatASettingBecameOutOfSightEndsTheSession() throws Exception {
        PgPeer peer = reader();
        peer.send(PgPeer
                .query("DO $$ BEGIN EXECUTE 'SE' || 'T default_transaction_' || 'read_only = off'; END $$"));
        assertEnded(peer);
    }

    @Test
    void otherSettingsAreTheSessionsOwnBusiness() throws Exception {
        PgPeer peer = reader();
        for (String sql : List.of("SELECT set_config('app.tenant', '7', false)", "SET work_mem = '8MB'",
                "BEGIN READ ONLY", "COMMIT", "BEGIN ISOLATION LEVEL REPEATABLE READ; COMMIT",
                "SHOW default_transaction_read_only", "SELECT current_setting('transaction_read_only')",
                "SELECT 'a bread written'")) {
            peer.send(PgPeer.query(sql));
            assertThat(peer.untilReady()).as(sql).noneMatch(seen -> seen.startsWith("E")).last()
                    .isEqualTo("Z I".replace('I', sql.equals("BEGIN READ ONLY") ? 'T' : 'I'));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 11, 40})
    void inWhateverPiecesItComes(int bytes) throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(PgPeer.query("SELECT 1"));
        all.writeBytes(PgPeer.extended("SELECT $1::text", "off"));
        all.writeBytes(PgPeer.sync());
        all.writeBytes(PgPeer.query("SET default_transaction_read_only = off" + MARK));
        all.writeBytes(PgPeer.query("CREATE TABLE proof (v int)"));
        byte[] stream = all.toByteArray();
        PgPeer peer = reader();
        for (int at = 0; at < stream.length; at += bytes) {
            peer.send(Arrays.copyOfRange(stream, at, Math.min(stream.length, at + bytes)));
        }
        assertEnded(peer);
    }

    @Test
    void aPipelineBeforeItIsAnsweredInFull() throws Exception {
        PgPeer peer = reader();
        peer.send(PgPeer.query("SELECT 'a'"));
        assertThat(peer.untilReady()).contains("D a");
        for (int i = 0; i < 200; i++) {
            peer.send(PgPeer.extended("SELECT $1::text", "v" + i), PgPeer.sync());
        }
        for (int i = 0; i < 200; i++) {
            assertThat(peer.untilReady()).contains("D v" + i).last().isEqualTo("Z I");
        }
    }

    @Test
    void longStatementsPassUpToTheLimitAndNoFurther() throws Exception {
        PgPeer peer = reader();
        String long1 = "x".repeat((1 << 20) - 100);
        peer.send(PgPeer.query("SELECT length('" + long1 + "')"));
        assertThat(peer.untilReady()).contains("D " + long1.length());
        peer.send(PgPeer.extended("SELECT length($1)", "y".repeat(3 << 20)), PgPeer.sync());
        assertThat(peer.untilReady()).as("values are not looked at").contains("D " + (3 << 20));
        try {
            peer.send(PgPeer.query("SELECT '" + "x".repeat(1 << 20) + "'"));
        } catch (IOException e) {
            assertThat(e).as("it need not wait until all of it was sent").hasMessageContaining("pipe");
        }
        assertEnded(peer);
    }

    @Test
    void driversFindOutThatItIsReadOnlyAndSayItThemselves() throws Exception {
        Connection session = driver();
        session.setReadOnly(true);
        session.setAutoCommit(false);
        try (PreparedStatement statement = session.prepareStatement("SELECT count(*) FROM t WHERE v = ?")) {
            for (int i = 0; i < 10; i++) {
                statement.setString(1, "SET default_transaction_read_only = off");
                try (ResultSet rows = statement.executeQuery()) {
                    assertThat(rows.next()).isTrue();
                }
                session.commit();
            }
        }
        assertThatThrownBy(() -> driver("targetServerType", "primary")).isInstanceOf(SQLException.class);
        for (String type : List.of("any", "secondary", "preferSecondary")) {
            assertThat(PgSides.value(driver("targetServerType", type), "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void aDriverThatWouldWriteLosesItsSession() throws Exception {
        Connection session = driver("readOnlyMode", "always");
        session.setReadOnly(true);
        assertThatThrownBy(() -> {
            session.setReadOnly(false);
            PgSides.run(session, "SELECT 1");
        }).isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25006"));
        assertThat(session.isValid(1)).isFalse();
        assertNothingWasExecuted();
    }
}
