package dev.turnout.proxy.app;

import static dev.turnout.proxy.app.PgRoutes.login;
import static dev.turnout.proxy.app.PgRoutes.parameters;
import static dev.turnout.proxy.testkit.RawPostgres.VERSION_3_0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.postgres.PostgresServer;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawPostgres;
import dev.turnout.proxy.testkit.RawScram;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Users that the configuration knows. */
@ExtendWith(LeakCheck.class)
class PgLoginTest {
    private static PostgresServer server;

    @RegisterExtension
    final Rig rig = new Rig();

    @BeforeAll
    static void start() throws Exception {
        server = PostgresServer.version(18).hba("host all old 127.0.0.1/32 md5")
                .hba("host all all 127.0.0.1/32 scram-sha-256").start();
        server.execute("CREATE ROLE app LOGIN PASSWORD 'sesame'",
                "CREATE ROLE schön LOGIN PASSWORD 'päss wörd'",
                "CREATE ROLE expired LOGIN PASSWORD 'sesame' VALID UNTIL '2001-01-01'",
                "CREATE ROLE barred NOLOGIN PASSWORD 'sesame'", "SET password_encryption = md5",
                "CREATE ROLE dropped LOGIN PASSWORD 'sesame'");
        // One connection for both: the setting is the session's.
        try (Connection connection = server.database("postgres").connect();
                java.sql.Statement statement = connection.createStatement()) {
            statement.execute("SET password_encryption = md5");
            statement.execute("CREATE ROLE old LOGIN PASSWORD 'sesame'");
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private void start(String auth) throws IOException {
        rig.startFile(PgRoutes.one(server, "auth { " + auth + " }"));
    }

    private static String wrong(String user) {
        return "refused: 28P01 password authentication failed for user \"" + user + "\"";
    }

    private static String verifier(String role) throws SQLException {
        return Objects.requireNonNull(server.database("postgres").value(
                "SELECT rolpassword FROM pg_authid WHERE rolname = '" + role + "'"));
    }

    private String whoAmI(String user, String password) throws IOException {
        return login(rig, user, password, "postgres").query("SELECT session_user").getFirst();
    }

    @Test
    void aPasswordOpensTheRole() throws Exception {
        start("users = [ { name = app, password = sesame }, { name = schön, password = \"päss wörd\" } ]");
        assertThat(whoAmI("app", "sesame")).isEqualTo("app");
        assertThat(whoAmI("schön", "päss wörd")).isEqualTo("schön");
    }

    @Test
    void aVerifierOpensTheRoleOfTheSameVerifier() throws Exception {
        start("users = [ { name = app, verifier = \"" + verifier("app") + "\" } ]");
        assertThat(whoAmI("app", "sesame")).isEqualTo("app");
    }

    @Test
    void anMd5HashOpensTheRoleOfAServerThatAsksForMd5() throws Exception {
        start("users = [ { name = old, verifier = \"" + verifier("old") + "\" } ]");
        try (Connection connection = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:"
                + rig.turnout().address("db").getPort() + "/postgres", "old", "sesame")) {
            assertThat(connection.getMetaData().getUserName()).isEqualTo("old");
        }
        assertThatThrownBy(() -> DriverManager.getConnection("jdbc:postgresql://127.0.0.1:"
                + rig.turnout().address("db").getPort() + "/postgres", "old", "other"))
                .hasMessageContaining("password authentication failed for user \"old\"");
    }

    @Test
    void usersMayStandInAFileOfTheirOwn() throws Exception {
        Files.writeString(rig.stateDir().resolve("users.txt"),
                "; ours\n\"app\" \"" + verifier("app") + "\"\n");
        start("users-file = users.txt");
        assertThat(whoAmI("app", "sesame")).isEqualTo("app");
    }

    @Test
    void aWrongPasswordAndAnUnknownUserAreToldTheSame() throws Exception {
        start("users = [ { name = app, password = sesame } ]");
        assertThatThrownBy(() -> whoAmI("app", "other")).hasMessage(wrong("app"));
        assertThatThrownBy(() -> whoAmI("nobody", "other")).hasMessage(wrong("nobody"));
    }

    @Test
    void anUnknownUserIsAskedAsAKnownOneIs() throws Exception {
        start("users = [ { name = app, password = sesame } ]");
        String known = challenge("app");
        String unknown = challenge("nobody");
        assertThat(unknown).as("the count of iterations").endsWith(",i=4096");
        assertThat(known).endsWith(",i=4096").hasSameSizeAs(unknown);
        assertThat(salt(known)).isEqualTo(salt(challenge("app")));
        assertThat(salt(unknown)).as("the salt is the same at each attempt")
                .isEqualTo(salt(challenge("nobody")));
        assertThat(salt(unknown)).as("and another for another user").isNotEqualTo(salt(challenge("nobody2")));
    }

    private String challenge(String user) throws IOException {
        RawPostgres client = PgRoutes.open(rig);
        client.startup(VERSION_3_0, parameters("user", user, "database", "postgres"));
        return new RawScram(client).begin();
    }

    private static String salt(String serverFirst) {
        return List.of(serverFirst.split(",", -1)).get(1);
    }

    @Test
    void aProofCannotBeUsedAgain() throws Exception {
        start("users = [ { name = app, password = sesame } ]");
        RawPostgres first = PgRoutes.open(rig);
        first.startup(VERSION_3_0, parameters("user", "app", "database", "postgres"));
        RawScram scram = new RawScram(first);
        scram.begin();
        String proof = scram.finalMessage("sesame");
        RawPostgres second = PgRoutes.open(rig);
        second.startup(VERSION_3_0, parameters("user", "app", "database", "postgres"));
        new RawScram(second).begin();
        second.send((byte) 'p', proof.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(second.next().field('C')).isEqualTo("08P01");
    }

    @Test
    void whatTheServerRefusesIsToldInItsOwnWords() throws Exception {
        start("users = [ { name = expired, password = sesame }, { name = barred, password = sesame },"
                + " { name = gone, password = sesame }, { name = app, password = outdated } ]");
        assertThatThrownBy(() -> whoAmI("expired", "sesame")).hasMessage(wrong("expired"));
        assertThatThrownBy(() -> whoAmI("barred", "sesame"))
                .hasMessage("refused: 28000 role \"barred\" is not permitted to log in");
        assertThatThrownBy(() -> whoAmI("gone", "sesame")).hasMessage(wrong("gone"));
        assertThatThrownBy(() -> whoAmI("app", "outdated")).hasMessage(wrong("app"));
    }

    @Test
    void aVerifierThatIsNotTheServersIsToldWithWhatToDo() throws Exception {
        server.execute("ALTER ROLE dropped PASSWORD 'sesame'");
        String before = verifier("dropped");
        server.execute("ALTER ROLE dropped PASSWORD 'sesame'");
        start("users = [ { name = dropped, verifier = \"" + before + "\" } ]");
        assertThatThrownBy(() -> whoAmI("dropped", "sesame")).hasMessageStartingWith("refused: 28000 ")
                .hasMessageContaining("verifier");
    }

    @Test
    void noSecretIsEverLoggedOrTold() throws Exception {
        String verifier = verifier("app");
        try (PgLog log = new PgLog()) {
            start("users = [ { name = app, verifier = \"" + verifier + "\" },"
                    + " { name = expired, password = open-sesame-77 } ]");
            whoAmI("app", "sesame");
            assertThatThrownBy(() -> whoAmI("app", "open-sesame-78")).message().doesNotContain("open-sesame");
            assertThatThrownBy(() -> whoAmI("expired", "open-sesame-77")).message()
                    .doesNotContain("open-sesame");
            rig.reload(
                    PgRoutes.one(server, "auth { users = [ { name = app, password = open-sesame-79 } ] }"));
            assertThat(log.text()).contains("login refused").doesNotContain("open-sesame", "SCRAM-SHA-256$",
                    verifier.substring(20, 40));
        }
    }
}
