package dev.turnout.proxy.app;

import static dev.turnout.proxy.app.PgRoutes.TRUST;
import static dev.turnout.proxy.app.PgRoutes.parameters;
import static dev.turnout.proxy.testkit.RawPostgres.VERSION_3_0;
import static dev.turnout.proxy.testkit.RawPostgres.gssRequest;
import static dev.turnout.proxy.testkit.RawPostgres.sslRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.turnout.admin.ReloadControl;
import dev.turnout.postgres.PostgresServer;
import dev.turnout.postgres.SharedPostgres;
import dev.turnout.proxy.testkit.Certificates;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawPostgres;
import dev.turnout.proxy.testkit.Tool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** TLS of clients. */
@ExtendWith(LeakCheck.class)
class PgTlsTest {
    private static final Certificates CA = Certificates.ca("authority");

    @RegisterExtension
    static final SharedPostgres postgres = SharedPostgres.version(18);
    @RegisterExtension
    final Rig rig = new Rig();
    @TempDir
    Path folder;

    @BeforeAll
    static void role() throws Exception {
        postgres.server().execute("CREATE ROLE tls_app LOGIN PASSWORD 'sesame'");
    }

    @BeforeEach
    void files() throws IOException {
        Certificates own = CA.issue("localhost", "localhost", "127.0.0.1");
        own.certificateIn(folder, "server");
        own.keyIn(folder, "server");
        CA.certificateIn(folder, "ca");
    }

    private String tls(String more) {
        return "tls { certificate = \"" + folder.resolve("server.crt") + "\", private-key = \""
                + folder.resolve("server.key") + "\"\n" + more + " }\n";
    }

    private String route(String lines) {
        return PgRoutes.one(postgres.server(), lines);
    }

    private static final String USERS = "auth.users = [ { name = tls_app, password = sesame } ]\n";

    private Map<String, String> me() {
        return parameters("user", "postgres", "database", postgres.database().name());
    }

    private RawPostgres encrypted() throws Exception {
        RawPostgres client = PgRoutes.open(rig);
        assertThat(client.ask(sslRequest())).isEqualTo('S');
        client.encrypt(PgRoutes.trusting(), null);
        return client;
    }

    @Test
    void aClientThatAsksForTlsGetsIt() throws Exception {
        rig.startFile(route(TRUST + "\n" + tls("")));
        RawPostgres client = encrypted();
        client.startup(VERSION_3_0, me());
        client.untilReady();
        assertThat(client.query("SELECT 1")).containsExactly("1");
    }

    @Test
    void gssEncryptionIsRefusedAndTlsTakenBehindIt() throws Exception {
        rig.startFile(route(TRUST + "\n" + tls("")));
        RawPostgres client = PgRoutes.open(rig);
        assertThat(client.ask(gssRequest())).isEqualTo('N');
        assertThat(client.ask(sslRequest())).isEqualTo('S');
        client.encrypt(PgRoutes.trusting(), null);
        client.startup(VERSION_3_0, me());
        assertThat(client.untilReady()).isNotEmpty();
    }

    @Test
    void withinTlsNoOtherEncryptionIsAskedFor() throws Exception {
        rig.startFile(route(TRUST + "\n" + tls("")));
        RawPostgres ssl = encrypted();
        ssl.send(sslRequest());
        assertThat(ssl.next().error()).startsWith("08P01 SSLRequest");
        RawPostgres gss = encrypted();
        gss.send(gssRequest());
        assertThat(gss.next().error()).startsWith("08P01 GSSENCRequest");
    }

    /** CVE-2021-23214: what somebody in between puts behind the request would count as the client's. */
    @Test
    void whatComesBehindTheRequestInClearTextIsNeverTakenForTheClients() throws Exception {
        rig.startFile(route(TRUST + "\n" + tls("")));
        RawPostgres client = PgRoutes.open(rig);
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.write(sslRequest());
        both.write(RawPostgres.startupPacket(VERSION_3_0, me()));
        client.send(both.toByteArray());
        assertThat(client.next().error()).startsWith("08P01 the client sent something behind SSLRequest");
        assertThat(client.ended()).isTrue();
    }

    @Test
    void directTlsNeedsTheProtocolsName() throws Exception {
        rig.startFile(route(TRUST + "\n" + tls("")));
        RawPostgres client = PgRoutes.open(rig);
        client.encrypt(PgRoutes.trusting(), "postgresql");
        client.startup(VERSION_3_0, me());
        client.untilReady();
        assertThat(client.query("SELECT 1")).containsExactly("1");
        RawPostgres without = PgRoutes.open(rig);
        assertThatThrownBy(() -> {
            without.encrypt(PgRoutes.trusting(), null);
            without.startup(VERSION_3_0, me());
            without.untilReady();
        }).isInstanceOf(IOException.class);
        RawPostgres other = PgRoutes.open(rig);
        assertThatThrownBy(() -> other.encrypt(PgRoutes.trusting(), "http/1.1"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void directTlsWithoutTlsIsCutOff() throws Exception {
        rig.startFile(route(TRUST));
        assertThatThrownBy(() -> PgRoutes.open(rig).encrypt(PgRoutes.trusting(), "postgresql"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void whereTlsIsRequiredNobodyComesInWithout() throws Exception {
        rig.startFile(route(TRUST + "\n" + tls("required = true")));
        RawPostgres client = PgRoutes.open(rig);
        client.startup(VERSION_3_0, me());
        assertThat(client.next().error()).isEqualTo("28000 TLS is required here");
        RawPostgres over = encrypted();
        over.startup(VERSION_3_0, me());
        assertThat(over.untilReady()).isNotEmpty();
    }

    private Connection jdbc(Properties more) throws Exception {
        Properties all = new Properties();
        all.putAll(more);
        all.setProperty("user", "tls_app");
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:"
                + rig.turnout().address("db").getPort() + "/postgres", all);
    }

    private Properties secured(String... more) {
        Properties all = new Properties();
        all.setProperty("sslmode", "verify-full");
        all.setProperty("sslrootcert", folder.resolve("ca.crt").toString());
        all.putAll(parameters(more));
        return all;
    }

    private static String whoAmI(Connection connection) throws Exception {
        try (connection;
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT session_user")) {
            result.next();
            return result.getString(1);
        }
    }

    @Test
    void theDriverOfJavaBindsItsLoginToTheChannel() throws Exception {
        rig.startFile(route(USERS + tls("")));
        assertThat(whoAmI(jdbc(secured("password", "sesame", "channelBinding", "require"))))
                .isEqualTo("tls_app");
        assertThatThrownBy(() -> jdbc(secured("password", "other", "channelBinding", "require")))
                .hasMessageContaining("password authentication failed");
    }

    @Test
    void psqlBindsItsLoginToTheChannel() throws Exception {
        Tool.require("psql");
        rig.startFile(route(USERS + tls("")));
        try (Tool psql = Tool.start(Files.createDirectories(folder.resolve("psql")), "psql", "-XAtc",
                "SELECT session_user", "host=127.0.0.1 port=" + rig.turnout().address("db").getPort()
                        + " user=tls_app password=sesame dbname=postgres channel_binding=require sslmode=verify-full"
                        + " sslrootcert=" + folder.resolve("ca.crt"))) {
            assertThat(psql.lines()).containsExactly("tls_app");
        }
    }

    @Test
    void aCertificateOpensItsRoleAndNoOther() throws Exception {
        Certificates alice = CA.issue("alice");
        alice.certificateIn(folder, "alice");
        Files.write(folder.resolve("alice.der"), alice.keys().getPrivate().getEncoded());
        String client = tls("client-ca = \"" + folder.resolve("ca.crt") + "\"");
        try (PostgresServer trusting = PostgresServer.version(18).hba("host all all 127.0.0.1/32 trust")
                .start()) {
            trusting.execute("CREATE ROLE tls_app LOGIN", "CREATE ROLE other LOGIN");
            String text = PgRoutes.one(trusting, client
                    + "auth { users = [ { name = other, password = sesame } ], certificates { alice = tls_app } }");
            rig.startFile(text);
            Properties card = secured("sslcert", folder.resolve("alice.crt").toString(), "sslkey",
                    folder.resolve("alice.der").toString());
            assertThat(whoAmI(jdbc(card))).isEqualTo("tls_app");
            assertThatThrownBy(() -> jdbc(secured("password", "x"))).as("without it")
                    .hasMessageContaining("password authentication failed");
            rig.reload(text.replace("alice = tls_app", "alice = other"));
            card.setProperty("password", "x");
            assertThatThrownBy(() -> jdbc(card)).hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void aCertificateOfAnotherAuthorityOpensNothing() throws Exception {
        Certificates forged = Certificates.ca("another").issue("alice");
        forged.certificateIn(folder, "alice");
        Files.write(folder.resolve("alice.der"), forged.keys().getPrivate().getEncoded());
        rig.startFile(route(tls("client-ca = \"" + folder.resolve("ca.crt") + "\"")
                + "auth { users = [ { name = tls_app, password = sesame } ], certificates { alice = tls_app } }"));
        assertThatThrownBy(() -> jdbc(secured("sslcert", folder.resolve("alice.crt").toString(), "sslkey",
                folder.resolve("alice.der").toString()))).isInstanceOf(java.sql.SQLException.class);
        rig.reload(
                route(tls("client-ca = \"" + folder.resolve("ca.crt") + "\", client-certificate = required")
                        + USERS));
        assertThatThrownBy(() -> jdbc(secured("password", "sesame")))
                .isInstanceOf(java.sql.SQLException.class);
    }

    @Test
    void aCertificateThatIsReplacedHoldsForThoseWhoComeAndSessionsGoOn() throws Exception {
        rig.startFile(route(USERS + tls("")));
        try (Connection session = jdbc(secured("password", "sesame"));
                Statement statement = session.createStatement()) {
            Certificates other = Certificates.ca("another");
            Certificates next = other.issue("localhost", "localhost", "127.0.0.1");
            next.certificateIn(folder, "server");
            next.keyIn(folder, "server");
            other.certificateIn(folder, "other");
            Properties following = secured("password", "sesame", "sslrootcert",
                    folder.resolve("other.crt").toString());
            await().ignoreExceptions().until(() -> whoAmI(jdbc(following)).equals("tls_app"));
            assertThat(statement.execute("SELECT 1")).isTrue();
            assertThatThrownBy(() -> jdbc(secured("password", "sesame")))
                    .isInstanceOf(java.sql.SQLException.class);
        }
    }

    @Test
    void filesThatCannotBeUsedKeepTheProxyFromStarting() {
        assertThatThrownBy(
                () -> rig.startFile(route(TRUST + "\n" + tls("").replace("server.key", "gone.key"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(
                        "turnout.routes.db.tls.private-key: " + folder.resolve("gone.key") + ": not there");
        assertThatThrownBy(() -> rig.startFile(route(TRUST + "\ngreen.tls { mode = verify-ca, ca = \""
                + folder.resolve("server.key") + "\" }"))).isInstanceOf(IOException.class)
                .hasMessageContaining("turnout.routes.db.green.tls.ca: " + folder.resolve("server.key"));
    }

    @Test
    void aReloadWithFilesThatCannotBeUsedChangesNothing() throws Exception {
        rig.startFile(route(TRUST + "\n" + tls("")));
        RawPostgres session = PgRoutes.session(rig, "user", "postgres");
        ReloadControl.Result result = rig
                .reload(route(TRUST + "\n" + tls("required = true").replace("server.crt", "gone.crt")));
        assertThat(result.toString())
                .contains("turnout.routes.db.tls.certificate: " + folder.resolve("gone.crt")
                        + ": not there");
        assertThat(session.query("SELECT 1")).containsExactly("1");
        assertThat(PgRoutes.session(rig, "user", "postgres").query("SELECT 1")).containsExactly("1");
        assertThat(encrypted()).isNotNull();
    }

    @Test
    void aSessionThatBeganUnderAFormerConfigurationCanStillBeCancelled() throws Exception {
        try (PostgresServer server = PostgresServer.version(18).tls(folder.resolve("server.crt"),
                folder.resolve("server.key"), null).start()) {
            rig.startFile(PgRoutes.one(server, TRUST + ", blue.tls.mode = require"));
            RawPostgres client = PgRoutes.session(rig, "user", "postgres");
            rig.reload(PgRoutes.one(server, TRUST + ", blue.tls.mode = prefer"));
            client.send((byte) 'Q',
                    "SELECT pg_sleep(60)\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            await().until(() -> "PgSleep".equals(server.database("postgres").value(
                    "SELECT wait_event FROM pg_stat_activity WHERE pid = " + client.pid())));
            client.cancel();
            assertThat(client.answers())
                    .anySatisfy(message -> assertThat(message.error()).startsWith("57014 "));
        }
    }
}
