package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.postgres.PostgresServer;
import dev.turnout.proxy.testkit.Certificates;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawPostgres;
import dev.turnout.proxy.testkit.RawUpstream;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS towards servers: each mode as libpq's sslmode has it. */
@ExtendWith(LeakCheck.class)
class PgTlsServersTest {
    private static final Certificates CA = Certificates.ca("authority");
    @TempDir
    static Path folder;
    private static PostgresServer encrypting;
    private static PostgresServer plain;

    @RegisterExtension
    final Rig rig = new Rig();

    @BeforeAll
    static void start() throws Exception {
        Certificates own = CA.issue("localhost", "localhost");
        encrypting = PostgresServer.version(18)
                .tls(own.certificateIn(folder, "server"), own.keyIn(folder, "server"), null)
                .start();
        plain = PostgresServer.version(18).start();
        encrypting.execute("CREATE ROLE app LOGIN PASSWORD 'sesame'");
        CA.certificateIn(folder, "ca");
        Certificates.ca("another").certificateIn(folder, "other");
    }

    @AfterAll
    static void stop() {
        encrypting.close();
        plain.close();
    }

    /** {@code as}: the name that the endpoint is configured by; the certificate names localhost only. */
    @ParameterizedTest
    @CsvSource({
        "disable,    ,      127.0.0.1, f", "allow,      ,      127.0.0.1, f",
        "prefer,     ,      127.0.0.1, t",
        "prefer,     other, 127.0.0.1, t", "require,    ,      127.0.0.1, t",
        "require,    ca,    127.0.0.1, t",
        "require,    other, 127.0.0.1, refused", "verify-ca,  ca,    127.0.0.1, t",
        "verify-ca,  other, 127.0.0.1, refused", "verify-ca,  ,      127.0.0.1, refused",
        "verify-full,ca,    localhost, t", "verify-full,ca,    127.0.0.1, refused",
        "verify-full,other, localhost, refused"})
    void aServerWithTlsIsTakenAsTheModeSays(String mode, String ca, String as, String expected)
            throws Exception {
        String tls = "blue.tls { mode = " + mode
                + (ca == null ? "" : ", ca = \"" + folder.resolve(ca + ".crt") + "\"")
                + " }";
        rig.startFile(PgRoutes.one(encrypting, PgRoutes.TRUST + "\n" + tls)
                .replace("blue.endpoints = [\"127.0.0.1", "blue.endpoints = [\"" + as));
        if (expected.equals("refused")) {
            assertThatThrownBy(() -> PgRoutes.session(rig, "user", "postgres"))
                    .hasMessageStartingWith("refused: 28000 TLS with the server failed")
                    .hasMessageContaining(mode);
        } else {
            assertThat(PgRoutes.session(rig, "user", "postgres")
                    .query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
                    .containsExactly(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"disable,true", "allow,true", "prefer,true", "require,false", "verify-ca,false",
        "verify-full,false"})
    void aServerWithoutTlsIsTakenWhereNoneIsNeeded(String mode, boolean taken) throws Exception {
        rig.startFile(PgRoutes.one(plain, PgRoutes.TRUST + ", blue.tls.mode = " + mode));
        if (taken) {
            assertThat(PgRoutes.session(rig, "user", "postgres").query("SELECT 1")).containsExactly("1");
        } else {
            assertThatThrownBy(() -> PgRoutes.session(rig, "user", "postgres"))
                    .hasMessageStartingWith("refused: 28000 the server does not speak TLS");
        }
    }

    /** With TLS the proxy takes the server's offer to bind the login to the channel, also with the client's key. */
    @Test
    void aKeyThatAClientGaveAwayIsBoundToTheServersChannel() throws Exception {
        rig.startFile(PgRoutes.one(encrypting,
                "auth.query { user = postgres }, blue.tls { mode = verify-ca, ca = \""
                        + folder.resolve("ca.crt") + "\" }"));
        RawPostgres client = PgRoutes.login(rig, "app", "sesame", "postgres");
        assertThat(client.query("SELECT session_user, ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
                .containsExactly("app|t");
    }

    /** CVE-2021-23222: what somebody in between puts behind the answer would count as the server's. */
    @Test
    void whatComesBehindTheServersAnswerInClearTextIsNeverTakenForTheServers() throws Exception {
        try (RawUpstream between = new RawUpstream((connection, number) -> {
            connection.text(8);
            connection.send("S" + "R\0\0\0\b\0\0\0\0" + "Z\0\0\0\5I");
            connection.rest();
        })) {
            rig.startFile(PgRoutes.one(between.port(), PgRoutes.TRUST + ", blue.tls.mode = require"));
            assertThatThrownBy(() -> PgRoutes.session(rig, "user", "postgres"))
                    .hasMessageStartingWith(
                            "refused: 08P01 the server sent something behind its answer to SSLRequest");
        }
    }

    /** CVE-2024-10977: an error that comes before TLS is nobody's word. */
    @Test
    void anErrorBeforeTlsIsNotPassedOn() throws Exception {
        try (RawUpstream between = new RawUpstream((connection, number) -> {
            connection.text(8);
            connection.send("E\0\0\0\24SFATAL\0Mforged\0\0");
            connection.rest();
        })) {
            rig.startFile(PgRoutes.one(between.port(), PgRoutes.TRUST + ", blue.tls.mode = require"));
            assertThatThrownBy(() -> PgRoutes.session(rig, "user", "postgres"))
                    .isInstanceOf(IOException.class)
                    .message().startsWith("refused: 08P01").doesNotContain("forged");
        }
    }
}
