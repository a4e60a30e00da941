package dev.turnout.proxy.app;

import static dev.turnout.proxy.app.PgRoutes.login;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.postgres.PostgresServer;
import dev.turnout.proxy.testkit.Certificates;
import dev.turnout.proxy.testkit.LeakCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers ask for, each kind of pg_hba.conf. */
@ExtendWith(LeakCheck.class)
class PgLoginServersTest {
    private static final Certificates CA = Certificates.ca("authority");
    @TempDir
    static Path folder;
    private static PostgresServer server;

    @RegisterExtension
    final Rig rig = new Rig();

    @BeforeAll
    static void start() throws Exception {
        Certificates own = CA.issue("localhost", "localhost", "127.0.0.1");
        server = PostgresServer.version(18)
                .tls(own.certificateIn(folder, "server"), own.keyIn(folder, "server"),
                        CA.certificateIn(folder, "ca"))
                .hba("host all scram 127.0.0.1/32 scram-sha-256")
                .hba("host all md5 127.0.0.1/32 md5")
                .hba("hostssl all clear 127.0.0.1/32 password")
                .hba("hostnossl all bare 127.0.0.1/32 password")
                .hba("hostssl all carded 127.0.0.1/32 cert")
                .hba("host all trusted 127.0.0.1/32 trust")
                .hba("hostssl all tlsonly 127.0.0.1/32 scram-sha-256")
                .hba("hostnossl all plainonly 127.0.0.1/32 scram-sha-256")
                .hba("host all barred 127.0.0.1/32 reject").start();
        try (Connection connection = server.database("postgres").connect();
                Statement statement = connection.createStatement()) {
            for (String role : new String[]{"scram", "clear", "bare", "carded", "trusted", "tlsonly",
                "plainonly",
                "barred"}) {
                statement.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'sesame'");
            }
            statement.execute("SET password_encryption = md5");
            statement.execute("CREATE ROLE md5 LOGIN PASSWORD 'sesame'");
        }
        CA.issue("carded").certificateIn(folder, "unused");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private void start(String lines) throws IOException {
        rig.startFile(PgRoutes.one(server, "auth.users = [ " + users() + " ]\n" + lines));
    }

    private static String users() {
        StringBuilder users = new StringBuilder();
        for (String role : new String[]{"scram", "md5", "clear", "bare", "carded", "trusted", "tlsonly",
            "plainonly",
            "barred", "app"}) {
            users.append("{ name = ").append(role).append(", password = sesame }, ");
        }
        return users.toString();
    }

    /** The session's user, and whether it is over TLS. */
    private String whoAmI(String user) throws IOException {
        return login(rig, user, "sesame", "postgres")
                .query("SELECT session_user, ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").getFirst();
    }

    @ParameterizedTest
    @ValueSource(strings = {"scram", "md5", "clear", "trusted", "tlsonly"})
    void aServerIsToldThePasswordInTheWayItAsksFor(String role) throws Exception {
        start("");
        assertThat(whoAmI(role)).isEqualTo(role + "|t");
    }

    @Test
    void aPasswordInClearTextIsNotSentWithoutTls() throws Exception {
        start("blue.tls.mode = disable");
        assertThatThrownBy(() -> whoAmI("bare")).hasMessageStartingWith(
                "refused: 28000 the server asks for the password in clear text on a connection without TLS");
    }

    @Test
    void aServerThatAsksForACertificateGetsTheSides() throws Exception {
        Certificates own = CA.issue("carded");
        start("blue.tls { mode = require, certificate = \"" + own.certificateIn(folder, "carded")
                + "\", private-key = \"" + own.keyIn(folder, "carded") + "\" }");
        assertThat(whoAmI("carded")).isEqualTo("carded|t");
    }

    @Test
    void aServerThatAsksForACertificateAndGetsNoneSaysSo() throws Exception {
        start("blue.tls.mode = require");
        assertThatThrownBy(() -> whoAmI("carded")).hasMessageStartingWith("refused: 28000 ");
    }

    @Test
    void preferGoesWithoutTlsWhereTheServerWantsThat() throws Exception {
        start("blue.tls.mode = prefer");
        assertThat(whoAmI("plainonly")).isEqualTo("plainonly|f");
    }

    @Test
    void allowGoesOverTlsOnlyWhereTheServerWantsThat() throws Exception {
        start("blue.tls.mode = allow");
        assertThat(whoAmI("tlsonly")).isEqualTo("tlsonly|t");
        assertThat(whoAmI("scram")).isEqualTo("scram|f");
    }

    @Test
    void aServerWithoutALineForTheUserSaysSoItself() throws Exception {
        start("");
        assertThatThrownBy(() -> whoAmI("app")).hasMessageContaining("28000 no pg_hba.conf entry for host");
        assertThatThrownBy(() -> whoAmI("barred"))
                .hasMessageContaining("28000 pg_hba.conf rejects connection");
    }
}
