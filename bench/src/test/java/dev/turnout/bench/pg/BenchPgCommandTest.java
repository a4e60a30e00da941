package dev.turnout.bench.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.admin.cli.ExitCode;
import dev.turnout.admin.cli.Main;
import dev.turnout.bench.TurnoutProcess;
import dev.turnout.postgres.PostgresServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command as a user runs it, against a real server. No figure depends on the machine. */
@Timeout(120)
class BenchPgCommandTest {
    private static final int SIGTERM = 15;
    private static PostgresServer server;
    private static String url;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    @TempDir
    private Path folder;

    @BeforeAll
    static void startServer() throws Exception {
        server = PostgresServer.version(18).start();
        server.createDatabase("bench");
        url = server.url(PostgresServer.SUPERUSER, "bench");
        try (Connection connection = connection()) {
            Tables.create(connection, Workload.TPCB, 1);
            Tables.create(connection, Workload.LEDGER, 1);
        }
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    private static Connection connection() throws SQLException {
        return new Connector(PgTarget.of(url), QueryMode.SIMPLE, Duration.ofSeconds(30)).open();
    }

    private static long asked(String sql) throws SQLException {
        try (Connection connection = connection();
                var statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private int run(String... options) {
        List<String> words = new ArrayList<>(List.of("bench", "pg"));
        words.addAll(List.of(options));
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words.toArray(String[]::new));
    }

    private JsonNode report(int exitCode, String options) throws IOException {
        Path json = folder.resolve("report.json");
        String[] words = ("--url " + url + " --out " + json + " " + options).split(" ");
        assertThat(run(words)).as("%s%s", out, err).isEqualTo(exitCode);
        return new ObjectMapper().readTree(Files.readString(json));
    }

    @ParameterizedTest
    @EnumSource(QueryMode.class)
    void makesExactlyTheTransactionsThatAreDue(QueryMode mode) throws Exception {
        long before = asked("SELECT count(*) FROM pgbench_history");
        JsonNode report = report(ExitCode.DONE, "--workload tpcb --rate 50 --clients 4 --duration 800ms"
                + " --warmup 200ms --protocol " + mode.name().toLowerCase(Locale.ROOT));

        assertThat(asked("SELECT count(*) FROM pgbench_history") - before).as("warm-up and all")
                .isEqualTo(50);
        assertThat(report.at("/requests").asLong()).isEqualTo(40);
        assertThat(report.at("/answers").toString()).isEqualTo("{\"ok\":40}");
        assertThat(report.at("/failures")).isEmpty();
        assertThat(report.at("/latency/corrected/count").asLong()).isEqualTo(40);
        assertThat(report.at("/connections").toString()).isEqualTo("{\"opened\":4,\"lost\":0}");
        assertThat(report.at("/options/url").asText())
                .isEqualTo("postgresql://postgres@127.0.0.1:" + server.port() + "/bench");
        assertThat(asked("SELECT (SELECT sum(abalance) FROM pgbench_accounts)"
                + " - (SELECT sum(delta) FROM pgbench_history)")).as("every transaction is whole").isZero();
        assertThat(out.toString()).contains("transactions 40  answered ok 40", "corrected  ",
                "The load generator");
        assertThat(Files.readString(folder.resolve("report.html"))).contains("Transactions per second");
    }

    @Test
    void asksAsOftenAsItIsAnsweredInAClosedLoop() throws IOException {
        JsonNode report = report(ExitCode.DONE, "--rate max --clients 2 --duration 1s");

        assertThat(report.at("/answers/ok").asLong()).isPositive()
                .isEqualTo(report.at("/requests").asLong());
        assertThat(report.at("/latency/corrected").isNull()).isTrue();
        assertThat(report.at("/ledger").isNull()).isTrue();
    }

    @Test
    void theLedgerOfAServerThatLosesNothingIsIntact() throws Exception {
        long before = asked("SELECT count(*) FROM " + Tables.LEDGER);
        JsonNode report = report(ExitCode.DONE,
                "--workload ledger --rate 200 --clients 4 --duration 1s --protocol prepared");

        assertThat(report.at("/ledger/intact").asBoolean()).isTrue();
        assertThat(report.at("/ledger/acknowledged").asLong()).isPositive()
                .isEqualTo(asked("SELECT count(*) FROM " + Tables.LEDGER) - before);
        assertThat(report.at("/ledger/acknowledged").asLong() + report.at("/ledger/readBacks").asLong())
                .isEqualTo(200);
        assertThat(report.at("/ledger/staleReads").asLong()).isZero();
        assertThat(out.toString()).contains("The ledger is intact");
    }

    /** Each trigger is what a server would do that loses, doubles or mixes up what it has acknowledged. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "lost       | BEFORE | IF NEW.counter = 3 THEN RETURN NULL; END IF; RETURN NEW;",
        "duplicated | AFTER  | IF NEW.counter = 3 AND pg_trigger_depth() = 1 THEN INSERT INTO turnout_bench_ledger"
                + " (run, client, counter, amount) VALUES (NEW.run, NEW.client, NEW.counter, NEW.amount);"
                + " END IF; RETURN NULL;",
        "reordered  | BEFORE | IF NEW.counter = 3 THEN NEW.position = -NEW.position; END IF; RETURN NEW;",
        "unexpected | BEFORE | IF NEW.counter = 3 THEN NEW.amount = 1; END IF; RETURN NEW;"})
    void findsWhatAServerDidWrongAndFails(String what, String when, String body) throws Exception {
        try (Connection connection = connection(); var statement = connection.createStatement()) {
            statement.execute("CREATE FUNCTION wrong() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + body
                    + " END $$");
            statement.execute("CREATE TRIGGER wrong " + when + " INSERT ON " + Tables.LEDGER
                    + " FOR EACH ROW EXECUTE FUNCTION wrong()");
            try {
                JsonNode report = report(ExitCode.FAILED,
                        "--workload ledger --rate 100 --clients 2 --duration 500ms");

                assertThat(report.at("/ledger/intact").asBoolean()).isFalse();
                // Before the third row there are two of each client: one that is first is not one too early.
                assertThat(report.at("/ledger/" + what).asLong()).as("%s", report.at("/ledger"))
                        .isPositive();
                assertThat(out.toString()).contains("THE LEDGER IS BROKEN");
            } finally {
                statement.execute("DROP FUNCTION wrong CASCADE");
            }
        }
    }

    @Test
    void errorsAreCountedBySqlstateAndDoNotCostTheConnection() throws Exception {
        try (Connection connection = connection(); var statement = connection.createStatement()) {
            statement.execute("ALTER TABLE pgbench_history ADD CONSTRAINT half CHECK (delta > 0) NOT VALID");
            try {
                JsonNode report = report(ExitCode.DONE,
                        "--workload tpcb --rate 100 --clients 4 --duration 500ms");

                assertThat(report.at("/failures/23514").asLong()).isPositive()
                        .isEqualTo(50 - report.at("/answers/ok").asLong())
                        .isEqualTo(report.at("/errors").asLong());
                assertThat(report.at("/connections/lost").asLong()).isZero();
                assertThat(out.toString()).contains("  23514 ");
            } finally {
                statement.execute("ALTER TABLE pgbench_history DROP CONSTRAINT half");
            }
        }
    }

    @Test
    void aClientWhoseConnectionBreaksConnectsAgain() throws Exception {
        try (ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<JsonNode> bench = thread.submit(() -> report(ExitCode.DONE,
                    "--workload ledger --rate 100 --clients 2 --duration 3s"));
            String ours = " FROM pg_stat_activity WHERE application_name = 'turnout bench'"
                    + " AND query LIKE 'INSERT%'";
            await().until(() -> asked("SELECT count(*)" + ours) == 2);
            assertThat(asked("SELECT count(pg_terminate_backend(pid))" + ours)).isEqualTo(2);

            JsonNode report = bench.get();
            assertThat(report.at("/connections/lost").asLong()).isEqualTo(2);
            assertThat(report.at("/connections/opened").asLong()).isEqualTo(4);
            assertThat(report.at("/errors").asLong()).isEqualTo(2);
            assertThat(report.at("/ledger/intact").asBoolean()).isTrue();
        }
    }

    @Test
    void whatTakesTooLongIsATimeOutAndALatency() throws Exception {
        try (Connection connection = connection(); var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE pgbench_accounts");
            JsonNode report = report(ExitCode.FAILED,
                    "--rate 20 --clients 4 --duration 200ms --timeout 300ms");

            assertThat(report.at("/failures").toString()).isEqualTo("{\"timeout\":4}");
            assertThat(report.at("/latency/service/minMillis").asDouble()).isGreaterThanOrEqualTo(299);
            connection.rollback();
        }
    }

    @Test
    void whatNeverGetsAClientIsUnfinished() throws Exception {
        try (Connection connection = connection(); var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE pgbench_accounts");
            JsonNode report = report(ExitCode.FAILED,
                    "--rate 50 --clients 1 --duration 200ms --timeout 300ms");

            assertThat(report.at("/failures/unfinished").asLong()).isPositive()
                    .isEqualTo(10 - report.at("/failures/timeout").asLong());
            assertThat(report.at("/latency/corrected/count").asLong()).isEqualTo(10);
            connection.rollback();
        }
    }

    @Test
    void makesTheTablesOfPgbenchAnew() throws Exception {
        server.createDatabase("fresh");
        String fresh = server.url(PostgresServer.SUPERUSER, "fresh");
        String[] words = ("--url " + fresh + " --rate 10 --duration 100ms --clients 1").split(" ");
        assertThat(run(words)).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("no tables for this workload in ", "--init makes them");

        String[] init = ("--url " + fresh + " --rate 10 --duration 100ms --clients 1 --init --scale 2")
                .split(" ");
        assertThat(run(init)).as("%s", err).isEqualTo(ExitCode.DONE);
        assertThat(run(init)).as("again: %s", err).isEqualTo(ExitCode.DONE);
        assertThat(run(words)).as("now without: %s", err).isEqualTo(ExitCode.DONE);
        try (Connection connection = new Connector(PgTarget.of(fresh), QueryMode.SIMPLE,
                Duration.ofSeconds(30))
                .open();
                var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT (SELECT count(*) FROM pgbench_accounts),"
                        + " (SELECT count(*) FROM pgbench_tellers), (SELECT max(bid) FROM pgbench_accounts)")) {
            row.next();
            assertThat(List.of(row.getInt(1), row.getInt(2), row.getInt(3))).containsExactly(200_000, 20, 2);
        }
    }

    @Test
    void saysThatTheTargetIsDown() throws IOException {
        try (Socket bound = new Socket()) {
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)); // and nobody listens
            String target = "127.0.0.1:" + bound.getLocalPort();

            assertThat(run("--url", "postgresql://me:secret@" + target + "/x", "--rate", "10"))
                    .isEqualTo(ExitCode.FAILED);
            assertThat(err.toString().strip()).isEqualTo("turnout: cannot connect to " + target
                    + ": Connection refused (SQLSTATE 08001)");
        }
    }

    @Test
    void saysWhyTheServerRefused() {
        assertThat(run("--url", url + "-not", "--rate", "10")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("cannot connect to 127.0.0.1:" + server.port(),
                "(SQLSTATE 3D000)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--rate 0", "--rate fast", "--clients 0", "--clients 10001", "--duration 10",
        "--duration 5ms", "--warmup 2h", "--timeout 0s", "--workload tpcc", "--protocol querulous",
        "--scale 0", "--scale 10001", "--url http://127.0.0.1/", "--url postgresql://me@127.0.0.1/x?user=y",
        "--out /no/such/folder/x", "--html .", "--compare /no/such/file"})
    void refusesWhatMakesNoSense(String option) {
        String[] words = option.split(" ", 2);
        List<String> options = new ArrayList<>(List.of(words));
        if (!words[0].equals("--url")) {
            options.addAll(List.of("--url", "postgresql://me@127.0.0.1:1/x"));
        }
        if (!words[0].equals("--rate")) {
            options.addAll(List.of("--rate", "10"));
        }

        assertThat(run(options.toArray(String[]::new))).as("%s", err).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("turnout: ", words[0], "(expected: ");
        assertThat(out.toString()).as("nothing was begun").isEmpty();
    }

    @Test
    void showsWhatWasMeasuredWhenItIsInterrupted() throws Exception {
        Path json = folder.resolve("report.json");
        long before = asked("SELECT count(*) FROM " + Tables.LEDGER);
        Process bench = new ProcessBuilder(TurnoutProcess.command(List.of("bench", "pg", "--url", url,
                "--workload", "ledger", "--rate", "100", "--duration", "10m", "--out", json.toString())))
                .redirectErrorStream(true).start();
        try (var said = bench.inputReader(StandardCharsets.UTF_8)) {
            await().until(() -> asked("SELECT count(*) FROM " + Tables.LEDGER) > before + 10);
            bench.toHandle().destroy(); // by its handle: the process's own would also close the pipe
            assertThat(said.readAllAsString()).contains("Interrupted after ", "corrected  ",
                    "The ledger is intact");
        } finally {
            bench.destroyForcibly();
        }
        assertThat(bench.waitFor()).isEqualTo(128 + SIGTERM);
        JsonNode report = new ObjectMapper().readTree(Files.readString(json));
        assertThat(report.at("/interrupted").asBoolean()).isTrue();
        assertThat(report.at("/answers/ok").asInt()).isPositive()
                .isEqualTo(report.at("/requests").asInt());
    }
}
