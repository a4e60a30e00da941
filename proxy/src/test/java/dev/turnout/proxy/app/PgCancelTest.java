package dev.turnout.proxy.app;

import static dev.turnout.proxy.app.PgRoutes.TRUST;
import static dev.turnout.proxy.app.PgRoutes.parameters;
import static dev.turnout.proxy.testkit.RawPostgres.VERSION_3_0;
import static dev.turnout.proxy.testkit.RawPostgres.VERSION_3_2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.turnout.postgres.PostgresServer;
import dev.turnout.postgres.SharedPostgres;
import dev.turnout.proxy.testkit.Certificates;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
class PgCancelTest {
    private static final int ROUNDS = 200;

    @RegisterExtension
    static final SharedPostgres postgres = SharedPostgres.version(18);
    @RegisterExtension
    final Rig rig = new Rig();
    @TempDir
    Path folder;

    private RawPostgres session(int version) throws IOException {
        RawPostgres client = PgRoutes.open(rig);
        client.startup(version, parameters("user", "postgres", "database", postgres.database().name()));
        client.untilReady();
        return client;
    }

    private static void sleep(RawPostgres client, PostgresServer server) {
        try {
            client.send((byte) 'Q', "SELECT pg_sleep(60)\0".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        await().until(() -> sleeps(client, server));
    }

    private static boolean sleeps(RawPostgres client, PostgresServer server) throws Exception {
        return "PgSleep".equals(server.database("postgres").value(
                "SELECT wait_event FROM pg_stat_activity WHERE pid = " + client.pid()));
    }

    private static void assertCancelled(RawPostgres client) throws IOException {
        assertThat(client.answers()).anySatisfy(message -> assertThat(message.error()).startsWith("57014 "));
        assertThat(client.query("SELECT 1")).containsExactly("1");
    }

    @ParameterizedTest
    @ValueSource(ints = {VERSION_3_0, VERSION_3_2})
    void onlyTheSessionWithTheKeyIsHit(int version) throws Exception {
        rig.startFile(PgRoutes.one(postgres.server(), TRUST));
        RawPostgres hit = session(version);
        RawPostgres other = session(version);
        sleep(hit, postgres.server());
        sleep(other, postgres.server());
        hit.cancel();
        assertCancelled(hit);
        assertThat(sleeps(other, postgres.server())).isTrue();
        other.cancel();
        assertCancelled(other);
    }

    @ParameterizedTest
    @ValueSource(ints = {VERSION_3_0, VERSION_3_2})
    void aWrongKeyDoesNothingAndTellsNothing(int version) throws Exception {
        rig.startFile(PgRoutes.one(postgres.server(), TRUST));
        RawPostgres client = session(version);
        sleep(client, postgres.server());
        byte[] wrong = client.key();
        wrong[wrong.length - 1] ^= 1;
        client.cancel(client.pid(), wrong);
        client.cancel(client.pid() + 1, client.key());
        client.cancel(client.pid(), java.util.Arrays.copyOf(client.key(), 16));
        client.cancel(0, new byte[4]);
        assertThat(sleeps(client, postgres.server())).isTrue();
        client.cancel();
        assertCancelled(client);
    }

    @Test
    void theServersOwnKeyIsOfNoUseToAnybody() throws Exception {
        rig.startFile(PgRoutes.one(postgres.server(), TRUST));
        RawPostgres client = session(VERSION_3_0);
        RawPostgres again = session(VERSION_3_0);
        assertThat(client.key()).isNotEqualTo(again.key());
        sleep(client, postgres.server());
        try (RawPostgres direct = RawPostgres.open(postgres.server().address())) {
            assertThat(direct.ask(RawPostgres.cancelRequest(client.pid(), client.key()))).isNegative();
        }
        assertThat(sleeps(client, postgres.server())).as("the client's key is none of the server's").isTrue();
        client.cancel();
        assertCancelled(client);
    }

    @Test
    void theKeyOfASessionThatHasEndedDoesNothing() throws Exception {
        rig.startFile(PgRoutes.one(postgres.server(), TRUST));
        RawPostgres client = session(VERSION_3_2);
        client.close();
        await().until(() -> postgres.database().rows(
                "SELECT 1 FROM pg_stat_activity WHERE pid = " + client.pid()).isEmpty());
        client.cancel();
        assertThat(session(VERSION_3_2).query("SELECT 1")).containsExactly("1");
    }

    /** PgBouncer's issue 717: the command that a late cancel hits must not be one that came after it. */
    @Test
    void whoWaitsForTheEndOfTheRequestFindsTheNextStatementUntouched() throws Exception {
        rig.startFile(PgRoutes.one(postgres.server(), TRUST));
        RawPostgres client = session(VERSION_3_2);
        int cancelled = 0;
        for (int round = 0; round < ROUNDS; round++) {
            client.send((byte) 'Q', ("SELECT pg_sleep(" + round % 8 / 1000.0 + ")\0").getBytes(
                    StandardCharsets.US_ASCII));
            client.cancel();
            cancelled += client.answers().stream().anyMatch(message -> message.type() == 'E') ? 1 : 0;
            assertThat(client.query("SELECT " + round)).containsExactly(Integer.toString(round));
        }
        assertThat(cancelled).as("some of them came in time").isPositive();
    }

    @Test
    void aCancelMayComeOverTls() throws Exception {
        Certificates certificate = Certificates.selfSigned("localhost", "localhost");
        rig.startFile(PgRoutes.one(postgres.server(), TRUST + ", tls { certificate = \""
                + certificate.certificateIn(folder, "server") + "\", private-key = \""
                + certificate.keyIn(folder, "server") + "\" }"));
        RawPostgres client = session(VERSION_3_0);
        sleep(client, postgres.server());
        RawPostgres other = PgRoutes.open(rig);
        assertThat(other.ask(RawPostgres.sslRequest())).isEqualTo('S');
        other.encrypt(PgRoutes.trusting(), null);
        assertThat(other.ask(RawPostgres.cancelRequest(client.pid(), client.key()))).isNegative();
        assertCancelled(client);
    }

    @ParameterizedTest
    @ValueSource(strings = {"disable", "allow", "prefer", "require"})
    void aSessionOfAServerWithTlsIsCancelledInEveryMode(String mode) throws Exception {
        Certificates certificate = Certificates.selfSigned("localhost", "localhost");
        try (PostgresServer server = PostgresServer.version(18)
                .tls(certificate.certificateIn(folder, "server"),
                        certificate.keyIn(folder, "server"), null)
                .start()) {
            rig.startFile(PgRoutes.one(server, TRUST + ", blue.tls.mode = " + mode));
            RawPostgres client = PgRoutes.session(rig, "user", "postgres");
            assertThat(client.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
                    .containsExactly(mode.equals("disable") || mode.equals("allow") ? "f" : "t");
            sleep(client, server);
            client.cancel();
            assertCancelled(client);
        }
    }
}
