package dev.turnout.proxy.app;

import static dev.turnout.proxy.app.PgRoutes.TRUST;
import static dev.turnout.proxy.app.PgRoutes.parameters;
import static dev.turnout.proxy.testkit.RawPostgres.VERSION_3_0;
import static dev.turnout.proxy.testkit.RawPostgres.VERSION_3_2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.postgres.SharedPostgres;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawPostgres;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Versions of the protocol: what is asked for, what is had, and what a server of 2021 makes of it. */
@ExtendWith(LeakCheck.class)
class PgProtocol32Test {
    @RegisterExtension
    static final SharedPostgres newest = SharedPostgres.version(18);
    @RegisterExtension
    static final SharedPostgres oldest = SharedPostgres.version(14);
    @RegisterExtension
    final Rig rig = new Rig();

    private List<RawPostgres.Message> login(RawPostgres client, int version, String... more)
            throws IOException {
        var all = parameters("user", "postgres", "database", "postgres");
        all.putAll(parameters(more));
        client.startup(version, all);
        return client.untilReady();
    }

    private static List<RawPostgres.Message> negotiations(List<RawPostgres.Message> heard) {
        return heard.stream().filter(message -> message.type() == 'v').toList();
    }

    @Test
    void versionThreeHasAKeyOfFourBytes() throws Exception {
        rig.startFile(PgRoutes.one(newest.server(), TRUST));
        RawPostgres client = PgRoutes.open(rig);
        assertThat(negotiations(login(client, VERSION_3_0))).isEmpty();
        assertThat(client.key()).hasSize(4);
    }

    @Test
    void versionThreeTwoHasALongOne() throws Exception {
        rig.startFile(PgRoutes.one(newest.server(), TRUST));
        RawPostgres client = PgRoutes.open(rig);
        assertThat(negotiations(login(client, VERSION_3_2))).isEmpty();
        assertThat(client.key()).hasSize(32);
    }

    @Test
    void whatIsNewerIsNegotiatedDownAsPostgresqlDoes() throws Exception {
        rig.startFile(PgRoutes.one(newest.server(), TRUST));
        try (RawPostgres direct = RawPostgres.open(newest.server().address())) {
            RawPostgres client = PgRoutes.open(rig);
            List<RawPostgres.Message> heard = negotiations(login(client, 3 << 16 | 9));
            List<RawPostgres.Message> expected = negotiations(login(direct, 3 << 16 | 9));
            assertThat(heard).singleElement().satisfies(
                    negotiation -> assertThat(negotiation.body()).isEqualTo(expected.getFirst().body()));
            assertThat(heard.getFirst().bytes().getInt()).isEqualTo(VERSION_3_2);
            assertThat(client.key()).hasSize(32);
        }
    }

    @Test
    void optionsOfTheProtocolAreNamedAsUnknown() throws Exception {
        rig.startFile(PgRoutes.one(newest.server(), TRUST));
        RawPostgres client = PgRoutes.open(rig);
        List<RawPostgres.Message> heard = negotiations(
                login(client, VERSION_3_0, "_pq_.one", "1", "_pq_.two", "2"));
        assertThat(heard).singleElement().satisfies(negotiation -> {
            ByteBuffer body = negotiation.bytes();
            assertThat(body.getInt()).isEqualTo(VERSION_3_0);
            assertThat(body.getInt()).isEqualTo(2);
            assertThat(negotiation.text().substring(8)).isEqualTo("_pq_.one\0_pq_.two\0");
        });
        assertThat(client.query("SELECT 1")).containsExactly("1");
    }

    @Test
    void aClientOfThreeTwoDoesNotHearThatItsServerIsOlder() throws Exception {
        rig.startFile(PgRoutes.one(oldest.server(), TRUST));
        RawPostgres client = PgRoutes.open(rig);
        assertThat(negotiations(login(client, VERSION_3_2)))
                .as("the proxy translates the one difference, the key").isEmpty();
        assertThat(client.key()).hasSize(32);
        assertThat(client.query("SHOW server_version")).first().asString().startsWith("14.");
        client.send((byte) 'Q', "SELECT pg_sleep(60)\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        org.awaitility.Awaitility.await().until(() -> "PgSleep".equals(oldest.database().value(
                "SELECT wait_event FROM pg_stat_activity WHERE pid = " + client.pid())));
        client.cancel();
        assertThat(client.answers()).anySatisfy(message -> assertThat(message.error()).startsWith("57014 "));
    }
}
