package dev.turnout.proxy.app;

import static dev.turnout.proxy.app.PgRoutes.TRUST;
import static dev.turnout.proxy.app.PgRoutes.parameters;
import static dev.turnout.proxy.testkit.RawPostgres.VERSION_3_0;
import static dev.turnout.proxy.testkit.RawPostgres.gssRequest;
import static dev.turnout.proxy.testkit.RawPostgres.sslRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.turnout.postgres.SharedPostgres;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawPostgres;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
class PgStartupTest {
    @RegisterExtension
    static final SharedPostgres postgres = SharedPostgres.version(18);
    @RegisterExtension
    final Rig rig = new Rig();

    private void start(String lines) throws IOException {
        rig.startFile(PgRoutes.one(postgres.server(), lines));
    }

    private Map<String, String> me(String... more) {
        Map<String, String> all = parameters("user", "postgres", "database", postgres.database().name());
        all.putAll(parameters(more));
        return all;
    }

    private RawPostgres session(String... more) throws IOException {
        return rig.closing(RawPostgres.to(rig.turnout().address(PgRoutes.ROUTE), me(more)));
    }

    @Test
    void aClientThatAsksForTlsWithoutAnyIsToldSoAndGoesOn() throws Exception {
        start(TRUST);
        RawPostgres client = PgRoutes.open(rig);
        assertThat(client.ask(sslRequest())).isEqualTo('N');
        client.startup(VERSION_3_0, me());
        assertThat(client.untilReady().getLast().type()).isEqualTo((byte) 'Z');
    }

    @Test
    void gssEncryptionIsAnsweredWithNoAndTlsMayBeAskedForBehindIt() throws Exception {
        start(TRUST);
        RawPostgres client = PgRoutes.open(rig);
        assertThat(client.ask(gssRequest())).isEqualTo('N');
        assertThat(client.ask(sslRequest())).isEqualTo('N');
        client.startup(VERSION_3_0, me());
        assertThat(client.untilReady()).isNotEmpty();
    }

    @Test
    void tlsIsAskedForOnlyOnce() throws Exception {
        start(TRUST);
        RawPostgres client = PgRoutes.open(rig);
        assertThat(client.ask(sslRequest())).isEqualTo('N');
        client.send(sslRequest());
        assertThat(client.next().error()).startsWith("08P01 SSLRequest");
        assertThat(client.ended()).isTrue();
    }

    @Test
    void gssEncryptionIsAskedForOnlyOnce() throws Exception {
        start(TRUST);
        RawPostgres client = PgRoutes.open(rig);
        assertThat(client.ask(gssRequest())).isEqualTo('N');
        client.send(gssRequest());
        assertThat(client.next().error()).startsWith("08P01 GSSENCRequest");
        assertThat(client.ended()).isTrue();
    }

    @Test
    void protocolTwoIsRefused() throws Exception {
        start(TRUST);
        RawPostgres client = PgRoutes.open(rig);
        client.startup(2 << 16, me());
        assertThat(client.next().error()).isEqualTo("08P01 protocol version: 2.0 (expected: 3.0 to 3.2)");
        assertThat(client.ended()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 7, 10_005, Integer.MAX_VALUE})
    void aStartupPacketOfAnImpossibleLengthIsRefusedByItsLengthAlone(int length) throws Exception {
        start(TRUST);
        RawPostgres client = PgRoutes.open(rig);
        client.send(ByteBuffer.allocate(4).putInt(length).array());
        assertThat(client.next().error()).startsWith("08P01 startup packet: " + length + " bytes");
        assertThat(client.ended()).isTrue();
    }

    @Test
    void aStartupPacketMayComeByteByByte() throws Exception {
        start(TRUST);
        RawPostgres client = PgRoutes.open(rig);
        for (byte each : RawPostgres.startupPacket(VERSION_3_0, me("application_name", "slow"))) {
            client.send(new byte[]{each});
        }
        client.untilReady();
        assertThat(client.query("SHOW application_name")).containsExactly("slow");
    }

    @Test
    void aStartupPacketOfTenThousandBytesIsTaken() throws Exception {
        start(TRUST);
        int fixed = RawPostgres.startupPacket(VERSION_3_0, me("application_name", "")).length;
        RawPostgres client = session("application_name", "x".repeat(10_000 - fixed));
        assertThat(client.query("SHOW application_name")).containsExactly("x".repeat(63));
    }

    @Test
    void aClientWithoutANameIsRefusedAsPostgresqlDoes() throws Exception {
        start(TRUST);
        RawPostgres client = PgRoutes.open(rig);
        client.startup(VERSION_3_0, parameters("database", "postgres"));
        assertThat(client.next().error())
                .isEqualTo("28000 no PostgreSQL user name specified in startup packet");
    }

    @Test
    void everySettingOfTheStartupIsTheServersOwnAsItWouldBeWithoutTheProxy() throws Exception {
        start(TRUST);
        String[] settings = {"application_name", "häuser", "DateStyle", "German, YMD", "TimeZone",
            "Asia/Tokyo",
            "client_encoding", "LATIN1", "extra_float_digits", "1", "options",
            "-c work_mem=5MB --statement-timeout=90s -c search_path=\"a\\ b\",public -c app.tenant=seven",
            "geqo", "off"};
        String all = "SELECT name, setting, source, reset_val FROM pg_settings"
                + " WHERE source IN ('client', 'session', 'command line') AND name <> 'application_name' ORDER BY name";
        try (RawPostgres direct = RawPostgres.to(postgres.server().address(), me(settings))) {
            RawPostgres proxied = session(settings);
            List<String> expected = direct.query(all);
            assertThat(expected).hasSizeGreaterThan(6);
            assertThat(proxied.query(all)).isEqualTo(expected);
            assertThat(proxied.query("SHOW application_name"))
                    .isEqualTo(direct.query("SHOW application_name"));
            assertThat(proxied.query("SHOW app.tenant")).containsExactly("seven");
        }
    }

    @Test
    void aResetGoesBackToWhatTheStartupSaid() throws Exception {
        start(TRUST);
        RawPostgres client = session("options", "-c work_mem=5MB", "application_name", "first", "search_path",
                "a");
        for (String name : List.of("work_mem", "application_name", "search_path")) {
            client.query("SET " + name + " = '64kB'");
        }
        client.query("RESET ALL");
        assertThat(client.query("SELECT current_setting('work_mem'), current_setting('application_name'), "
                + "current_setting('search_path')")).containsExactly("5MB|first|a");
        client.query("SET work_mem = '64kB'");
        client.query("DISCARD ALL");
        assertThat(client.query("SHOW work_mem")).containsExactly("5MB");
    }

    @Test
    void whatIsMeantForTheProxyNeverReachesTheServer() throws Exception {
        start(TRUST);
        RawPostgres client = session("options", "-c turnout.target=green -c work_mem=5MB --turnout.else=1",
                "turnout.user", "seven");
        assertThat(client.query("SELECT name FROM pg_settings WHERE name LIKE 'turnout%'")).isEmpty();
        assertThat(client.query("SELECT coalesce(current_setting('turnout.target', true), '-')"
                + " || coalesce(current_setting('turnout.user', true), '-') || current_setting('work_mem')"))
                .containsExactly("--5MB");
    }

    @Test
    void theProcessIdIsTheServersOwn() throws Exception {
        start(TRUST);
        RawPostgres client = session();
        assertThat(client.query("SELECT pg_backend_pid()")).containsExactly(Integer.toString(client.pid()));
        client.query("LISTEN here");
        client.send((byte) 'Q', "NOTIFY here\0".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(client.answers()).filteredOn(message -> message.type() == 'A').singleElement()
                .satisfies(notification -> assertThat(notification.bytes().getInt()).isEqualTo(client.pid()));
    }

    @Test
    void whoSaysNothingIsCutOffAndWhoStopsAmidTheLoginIsToldWhy() throws Exception {
        start("auth.users = [ { name = postgres, password = sesame } ], timeouts.authenticate = 300ms");
        assertThat(PgRoutes.open(rig).ended()).isTrue();
        RawPostgres client = PgRoutes.open(rig);
        client.startup(VERSION_3_0, me());
        assertThat(client.next().type()).isEqualTo((byte) 'R');
        assertThat(client.next().error())
                .isEqualTo("57014 the login was not complete within 300 ms (timeouts.authenticate)");
        assertThat(client.ended()).isTrue();
    }

    @Test
    void noMoreClientsAreTakenThanMayBeUnauthenticated() throws Exception {
        start("auth.users = [ { name = postgres, password = sesame } ], limits.unauthenticated = 1");
        RawPostgres first = PgRoutes.open(rig);
        first.startup(VERSION_3_0, me());
        assertThat(first.next().type()).isEqualTo((byte) 'R');
        RawPostgres second = PgRoutes.open(rig);
        second.startup(VERSION_3_0, me());
        assertThat(second.next().error()).startsWith("53300 ");
        first.close();
        await().untilAsserted(() -> {
            RawPostgres third = PgRoutes.open(rig);
            third.startup(VERSION_3_0, me());
            assertThat(third.next().type()).isEqualTo((byte) 'R');
        });
    }

    @Test
    void noMoreConnectionsAreTakenThanMayBeOpenAndOneThatEndsMakesRoom() throws Exception {
        start(TRUST + ", limits.connections = 1");
        RawPostgres first = session();
        RawPostgres second = PgRoutes.open(rig);
        second.startup(VERSION_3_0, me());
        assertThat(second.next().error()).startsWith("53300 ");
        assertThat(first.query("SELECT 1")).containsExactly("1");
        first.close();
        await().untilAsserted(() -> {
            RawPostgres third = PgRoutes.open(rig);
            third.startup(VERSION_3_0, me());
            assertThat(third.next().type()).isEqualTo((byte) 'R');
        });
    }

    @Test
    void aFullProxyStillTakesCancelRequests() throws Exception {
        start(TRUST + ", limits.connections = 1");
        RawPostgres client = session();
        client.send((byte) 'Q', "SELECT pg_sleep(60)\0".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        await().until(() -> "PgSleep".equals(postgres.database().value(
                "SELECT wait_event FROM pg_stat_activity WHERE pid = " + client.pid())));
        client.cancel();
        assertThat(client.answers()).anySatisfy(message -> assertThat(message.error()).startsWith("57014 "));
    }
}
