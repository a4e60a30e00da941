package dev.turnout.proxy.app;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.turnout.postgres.SharedPostgres;
import dev.turnout.proxy.app.pgsoak.PgWire;
import dev.turnout.proxy.failure.SessionFailure;
import dev.turnout.proxy.testkit.LeakCheck;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Walks the PostgreSQL part of {@code docs/failures.md}: every row is provoked, and nothing that has no row. */
@ExtendWith(LeakCheck.class)
class PgFailureTableTest {
    private static final String SECTION = "## PostgreSQL";
    private static final String UNNOTICED_SECTION = "### What sessions do not notice";
    private static final String NONE = "none";
    private static final String FAILURES = "turnout_pg_session_failures_total{";

    @RegisterExtension
    static final SharedPostgres POSTGRES = SharedPostgres.version(18);

    @RegisterExtension
    private final Rig rig = new Rig();
    private PgTrouble trouble;

    /** One line of the tables. */
    record Row(String cause, String sqlState, String code, String afterwards) {
        private static Row of(String line) {
            String[] cells = Stream.of(line.split("\\|", -1)).map(String::strip).toArray(String[]::new);
            return cells.length < 6
                    ? new Row(cells[1], "", "", cells[2])
                    : new Row(cells[1], cells[2], cells[3].replace("`", ""), cells[4]);
        }

        @Override
        public String toString() {
            return cause;
        }
    }

    /** Brings something about, and answers the client that it happens to, who is to read next what comes of it. */
    @FunctionalInterface
    private interface Scenario {
        PgWire play(PgTrouble trouble) throws Exception;
    }

    private static final Map<String, Scenario> CLIENTS = Map.ofEntries(
            entry("its first bytes are no startup packet", PgTrouble::garbageFirst),
            entry("its startup packet is longer than 10000 bytes", PgTrouble::longStartup),
            entry("its startup packet is cut off", PgTrouble::cutStartup),
            entry("it asks for TLS and then sends something else", PgTrouble::brokenHandshake),
            entry("it sends something between its request for TLS and the handshake",
                    PgTrouble::beforeTheHandshake),
            entry("it says nothing for `timeouts.authenticate`", PgTrouble::silentClient),
            entry("it does not answer the login within `timeouts.authenticate`", PgTrouble::unansweredLogin),
            entry("it answers the login with another message", PgTrouble::queryInsteadOfPassword),
            entry("it has no such password", PgTrouble::wrongPassword),
            entry("it names no user", PgTrouble::noUser),
            entry("it does not speak TLS where `tls.required = true`", PgTrouble::withoutTls),
            entry("it sends a message of a type that there is not", PgTrouble::unknownType),
            entry("it sends a message that is longer than its type may be", PgTrouble::longSync),
            entry("it asks for writing after it was declared read-only", PgTrouble::writesThoughReadOnly),
            entry("it resets its connection amid a query", PgTrouble::resetsAmidAQuery));

    private static final Map<String, Scenario> PROXY = Map.ofEntries(
            entry("the route has `limits.connections` open, or `limits.unauthenticated` of them not logged in",
                    PgTrouble::tooManyConnections),
            entry("an operator drains the side, and the session is idle", PgTrouble::drained),
            entry("the route is taken out of the file, and the session is idle", PgTrouble::routeTakenOut));

    private static final Map<String, Scenario> SERVERS = Map.ofEntries(
            entry("no server of the side listens", PgTrouble::nothingListens),
            entry("no connection to a server opens within `timeouts.connect`", PgTrouble::nothingOpens),
            entry("it does not answer the request for TLS", PgTrouble::silentAtTls),
            entry("it does not speak TLS where `tls.mode = require`", PgTrouble::serverWithoutTls),
            entry("it does not answer the login", PgTrouble::silentAtLogin),
            entry("it closes amid the login", PgTrouble::closesAtLogin),
            entry("it answers the login with garbage", PgTrouble::garbageAtLogin),
            entry("it asks for a password that the proxy does not know", PgTrouble::asksForAPassword),
            entry("no server can be asked who may log in (`auth.query`)", PgTrouble::nobodyToAsk),
            entry("it sends garbage amid the session", PgTrouble::garbageAmidTheSession),
            entry("it is killed amid a query", PgTrouble::killedAmidAQuery),
            entry("it is killed while the session is idle", PgTrouble::killedWhileIdle),
            entry("it closes amid a message", PgTrouble::closesAmidAMessage),
            entry("it is starting up, and so are all of the side", PgTrouble::startingUp),
            entry("it has too many clients", PgTrouble::tooManyClients),
            entry("it does not have the database", PgTrouble::noSuchDatabase),
            entry("it ends the session (`pg_terminate_backend`)", PgTrouble::terminated));

    private static final Map<String, Scenario> UNNOTICED = Map.ofEntries(
            entry("a server does not listen, another of its side does", PgTrouble::oneOfTwoListens),
            entry("a server is starting up, another of its side is not", PgTrouble::oneOfTwoStartsUp),
            entry("a server stands still for a while, and goes on", PgTrouble::standsStill),
            entry("both sockets are full, since the client does not read what it asks for, and later does",
                    PgTrouble::fullSockets),
            entry("somebody cancels with a key that is nobody's", PgTrouble::cancelOfNobody));

    /** Where a second client meets the same, so that a driver can say what it makes of it. */
    private static final List<String> LASTING = List.of("no server of the side listens",
            "no connection to a server opens within `timeouts.connect`",
            "it does not answer the request for TLS",
            "it does not speak TLS where `tls.mode = require`", "it does not answer the login",
            "it closes amid the login", "it answers the login with garbage",
            "it asks for a password that the proxy does not know",
            "no server can be asked who may log in (`auth.query`)",
            "it is starting up, and so are all of the side", "it has too many clients",
            "it has no such password", "it does not speak TLS where `tls.required = true`");

    private static Map<String, Scenario> scenarios() {
        Map<String, Scenario> all = new HashMap<>(CLIENTS);
        all.putAll(PROXY);
        all.putAll(SERVERS);
        return all;
    }

    private static Stream<String> lines() throws IOException {
        return Files.readAllLines(Path.of("../docs/failures.md")).stream()
                .dropWhile(line -> !line.equals(SECTION));
    }

    private static boolean isRow(String line) {
        return line.startsWith("| ") && !line.startsWith("| cause ");
    }

    static List<Row> rows() throws IOException {
        return lines().takeWhile(line -> !line.equals(UNNOTICED_SECTION)).filter(PgFailureTableTest::isRow)
                .map(Row::of).toList();
    }

    static List<Row> unnoticedRows() throws IOException {
        return lines().dropWhile(line -> !line.equals(UNNOTICED_SECTION)).filter(PgFailureTableTest::isRow)
                .map(Row::of).toList();
    }

    @BeforeEach
    void make() {
        trouble = new PgTrouble(rig, POSTGRES.database());
    }

    @Test
    void everyCauseHasARowAndEveryRowItsCause() throws IOException {
        assertThat(rows()).extracting(Row::cause).containsExactlyInAnyOrderElementsOf(scenarios().keySet());
        assertThat(unnoticedRows()).extracting(Row::cause)
                .containsExactlyInAnyOrderElementsOf(UNNOTICED.keySet());
    }

    @Test
    void everyFailureHasARowWithItsSqlState() throws IOException {
        assertThat(rows()).extracting(Row::code)
                .containsAll(Arrays.stream(SessionFailure.values()).map(SessionFailure::code).toList());
        for (Row row : rows()) {
            if (!row.code.equals(NONE) && !row.sqlState.equals(NONE)) {
                assertThat(row.sqlState).as(row.cause)
                        .isEqualTo(SessionFailure.valueOf(row.code.toUpperCase(Locale.ROOT)).sqlState());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void showsItselfAsItsRowSays(Row row) throws Exception {
        PgWire client = Objects.requireNonNull(scenarios().get(row.cause)).play(trouble);

        assertThat(said(client)).as("SQLSTATE").isEqualTo(row.sqlState);
        if (!row.code.equals(NONE)) {
            await().until(() -> trouble.failures(row.code) == 1);
        }
        trouble.leave();
        await().untilAsserted(() -> {
            assertThat(rig.metric("turnout_connections{")).isZero();
            assertThat(rig.metric("turnout_pg_sessions{")).isZero();
            assertThat(rig.metric("turnout_pg_server_connections{")).isZero();
        });
        assertThat(rig.metric(FAILURES)).as("counted").isEqualTo(row.code.equals(NONE) ? 0 : 1);
        if (LASTING.contains(row.cause)) {
            checkDriver(row);
        }
    }

    /** Of the error that ends the session; "none" when it just ends. */
    private static String said(PgWire client) throws IOException {
        String sqlState = NONE;
        try {
            while (sqlState.equals(NONE)) {
                PgWire.Message message = client.next();
                if (message.type() == 'E') {
                    assertThat(message.field('S')).isEqualTo("FATAL");
                    sqlState = message.sqlState();
                }
            }
            assertThat(client.read(new byte[1])).as("behind the error").isNegative();
        } catch (EOFException | SocketException end) {
            assertThat(client).isNotNull();
        }
        return sqlState;
    }

    private void checkDriver(Row row) {
        SQLException thrown = catchThrowableOfType(SQLException.class,
                () -> DriverManager.getConnection(trouble.jdbcUrl()).close());

        assertThat((Throwable) thrown).as("a driver is not let in either").isNotNull();
        assertThat(thrown.getSQLState()).as(thrown.getMessage()).isEqualTo(row.sqlState);
    }

    @ParameterizedTest
    @MethodSource("unnoticedRows")
    void staysUnnoticedAsItsRowSays(Row row) throws Exception {
        PgWire client = Objects.requireNonNull(UNNOTICED.get(row.cause)).play(trouble);

        assertThat(client.next('C').type()).isEqualTo('C');
        assertThat(client.next('Z').body()).containsExactly('I');
        assertThat(rig.metric(FAILURES)).isZero();
    }
}
