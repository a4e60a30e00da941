package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.admin.cli.Main;
import dev.turnout.postgres.PostgresServer;
import dev.turnout.proxy.testkit.Certificates;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawUpstream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code turnout check FILE --connect}, against real servers. */
@ExtendWith(LeakCheck.class)
class CheckConnectTest {
    @TempDir
    static Path certificates;
    private static PostgresServer blue;
    private static PostgresServer green;

    @TempDir
    Path folder;

    /** What it printed, and how it ended. */
    private record Told(int code, String out, String err) {}

    @BeforeAll
    static void start() throws Exception {
        Certificates own = Certificates.selfSigned("localhost", "localhost");
        blue = PostgresServer.version(18).tls(own.certificateIn(certificates, "server"),
                own.keyIn(certificates, "server"), null)
                .hba("host all unlisted 127.0.0.1/32 reject").hba("host all all 127.0.0.1/32 scram-sha-256")
                .start();
        green = PostgresServer.version(17).start();
        for (PostgresServer server : new PostgresServer[]{blue, green}) {
            server.execute("CREATE ROLE app LOGIN PASSWORD 'sesame'",
                    "CREATE ROLE barred NOLOGIN PASSWORD 'sesame'",
                    "CREATE ROLE unlisted LOGIN PASSWORD 'sesame'",
                    "CREATE ROLE same LOGIN PASSWORD 'sesame'");
        }
        green.execute("ALTER ROLE same PASSWORD '" + Objects.requireNonNull(
                blue.database("postgres").value("SELECT rolpassword FROM pg_authid WHERE rolname = 'same'"))
                + "'");
    }

    @AfterAll
    static void stop() {
        blue.close();
        green.close();
    }

    private Told check(String text, String... options) throws IOException {
        Path file = Files.writeString(folder.resolve("turnout.conf"), """
                turnout { admin.listen = "127.0.0.1:1", state-dir = /nowhere/at/all }
                """ + text);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        List<String> words = new ArrayList<>(List.of("check", file.toString()));
        words.addAll(List.of(options));
        int code = line.execute(words.toArray(String[]::new));
        return new Told(code, out.toString().replaceAll("\\d+ ms", "N ms").replace(":" + blue.port(), ":BLUE")
                .replace(":" + green.port(), ":GREEN"), err.toString());
    }

    private static String both(String lines) {
        return PgRoutes.two(blue.port(), green.port(), lines).replace("127.0.0.1:0", "127.0.0.1:6432");
    }

    @Test
    void everyUserIsTriedAtEveryEndpoint() throws Exception {
        Told told = check(both("auth.users = [ { name = app, password = sesame } ]"), "--connect");
        assertThat(told.out().lines()).hasSize(4).satisfiesExactly(
                first -> assertThat(first).endsWith("turnout.conf: ok, 1 route"),
                second -> assertThat(second)
                        .matches(
                                "db blue 127\\.0\\.0\\.1:BLUE app: ok \\(PostgreSQL 18\\.\\d+, TLS, primary, N ms\\)"),
                third -> assertThat(third)
                        .matches(
                                "db green 127\\.0\\.0\\.1:GREEN app: ok \\(PostgreSQL 17\\.\\d+, no TLS, primary, N ms\\)"),
                fourth -> assertThat(fourth).isEqualTo("db: note: blue runs PostgreSQL 18, green 17"));
        assertThat(told.code()).isZero();
        assertThat(told.err()).isEmpty();
    }

    @Test
    void whatIsWrongIsToldWithWhatToDo() throws Exception {
        Told told = check(
                both("auth.users = [ { name = app, password = open-sesame-77 }, { name = barred, password ="
                        + " sesame }, { name = unlisted, password = sesame } ]"),
                "--connect");
        assertThat(told.out()).contains(
                "BLUE app: failed: password authentication failed for user \"app\" (28P01; expected: the password of the role",
                "BLUE barred: failed: role \"barred\" is not permitted to log in (28000; expected: ALTER ROLE ... LOGIN)",
                "BLUE unlisted: failed: pg_hba.conf rejects connection", "in pg_hba.conf of the server)",
                "GREEN unlisted: ok (").doesNotContain("open-sesame");
        assertThat(told.code()).isEqualTo(1);
    }

    @Test
    void anEndpointThatIsNotThereIsToldOnce() throws Exception {
        int nobody = TwoSides.free().getPort();
        Told told = check(
                PgRoutes.two(nobody, green.port(), "blue.endpoints += \"no.such.host.invalid:5432\", "
                        + "auth.users = [ { name = app, password = sesame }, { name = same, password = sesame } ]"),
                "--connect", "--timeout", "2s");
        assertThat(told.out().lines().filter(line -> line.contains(":" + nobody))).singleElement().asString()
                .contains("failed: no connection to the server could be opened",
                        "(expected: a server that runs");
        assertThat(told.out()).contains("no.such.host.invalid:5432: failed: unknown host");
        assertThat(told.out()).contains("GREEN same: ok (");
        assertThat(told.code()).isEqualTo(1);
    }

    @Test
    void aServerThatSaysNothingIsGivenUp() throws Exception {
        try (RawUpstream silent = new RawUpstream((connection, number) -> connection.message())) {
            Told told = check(
                    PgRoutes.one(silent.port(), "auth.users = [ { name = app, password = sesame } ]"),
                    "--connect", "--timeout", "300ms");
            assertThat(told.out()).contains("failed: the server has not let the session in within 300 ms"
                    .replace("300 ms", "N ms")).contains("--timeout waits longer")
                    .doesNotContain("timeouts.");
            assertThat(told.code()).isEqualTo(1);
        }
    }

    @Test
    void aServerWithoutTheTlsThatIsAskedForIsTold() throws Exception {
        Told told = check(both("green.tls.mode = require, blue.tls.mode = verify-full,"
                + " auth.users = [ { name = app, password = sesame } ]"), "--connect");
        assertThat(told.out()).contains(
                "GREEN app: failed: the server does not speak TLS (expected: TLS, as tls.mode = require",
                "BLUE app: failed: TLS with the server failed");
        assertThat(told.code()).isEqualTo(1);
    }

    @Test
    void verifiersOfBothSidesAreCompared() throws Exception {
        Told told = check(both("auth.query { user = postgres }"), "--connect", "--user", "app", "--user",
                "same",
                "--user", "nobody");
        assertThat(told.err()).isEmpty();
        assertThat(told.out()).contains("db app: failed: the sides have different verifiers",
                "db same: ok (the same verifier at db blue", "db nobody: failed: no verifier at db blue")
                .doesNotContain("SCRAM-SHA-256$");
        assertThat(told.code()).isEqualTo(1);
        Told same = check(both("auth.query { user = postgres }"), "--connect", "--user", "same");
        assertThat(same.code()).isZero();
    }

    @Test
    void aLookUpIsTriedAndSaysThatItNeedsNamesToCompare() throws Exception {
        Told told = check(both("auth.query { user = postgres }"), "--connect");
        assertThat(told.out()).contains("BLUE auth.query: ok (as postgres, N ms)",
                "note: --user NAME compares");
        assertThat(told.code()).isZero();
        Told barred = check(both("auth.query { user = app, password = sesame }"), "--connect");
        assertThat(barred.out()).contains("auth.query: failed: permission denied for table pg_authid",
                "SECURITY DEFINER function that app may execute");
        assertThat(barred.code()).isEqualTo(1);
    }

    @Test
    void onlyAVerifierCannotBeTried() throws Exception {
        String verifier = Objects.requireNonNull(blue.database("postgres")
                .value("SELECT rolpassword FROM pg_authid WHERE rolname = 'app'"));
        Told told = check(both("auth.users = [ { name = app, verifier = \"" + verifier + "\" } ]"),
                "--connect");
        assertThat(told.out()).contains("app: not tried: only a verifier is known, no password")
                .doesNotContain(verifier);
        assertThat(told.code()).isZero();
    }

    @Test
    void aDatabaseThatIsNotThereDoesNotMakeTheLoginWrong() throws Exception {
        Told told = check(both("auth.users = [ { name = app, password = sesame } ]"), "--connect",
                "--database", "none");
        assertThat(told.out())
                .contains("app: ok (N ms), but database \"none\" does not exist; --database NAME");
        assertThat(told.code()).isZero();
    }

    @Test
    void endpointsOfHttpAreConnectedTo() throws Exception {
        int nobody = TwoSides.free().getPort();
        try (RawUpstream web = RawUpstream.answering("blue")) {
            Told told = check("""
                    turnout.routes.web { protocol = http, listen = "127.0.0.1:8080"
                      blue.endpoints = ["127.0.0.1:BLUE"], green.endpoints = ["127.0.0.1:GREEN"] }
                    """.replace("BLUE", Integer.toString(web.port())).replace("GREEN",
                    Integer.toString(nobody)), "--connect");
            assertThat(told.out()).contains("web blue 127.0.0.1:" + web.port() + ": ok (N ms)",
                    "web green 127.0.0.1:" + nobody + ": failed: Connection refused");
            assertThat(told.code()).isEqualTo(1);
        }
    }

    @Test
    void filesOfTlsAreReadWithoutConnecting() throws Exception {
        Told told = check(both("auth.mode = trust, tls { certificate = gone.crt, private-key = gone.key },"
                + " green.tls { mode = verify-ca, ca = gone.ca }"));
        assertThat(told.err()).contains(
                "turnout.routes.db.tls.certificate: " + folder.resolve("gone.crt") + ": not there",
                "1 problem; nothing was started");
        assertThat(told.code()).isEqualTo(2);
        Told side = check(both("auth.mode = trust, green.tls { mode = verify-ca, ca = gone.ca }"));
        assertThat(side.err())
                .contains("turnout.routes.db.green.tls.ca: " + folder.resolve("gone.ca") + ": not there");
        assertThat(side.code()).isEqualTo(2);
    }
}
