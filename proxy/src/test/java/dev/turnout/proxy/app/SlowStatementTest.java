package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.turnout.postgres.PostgresServer;
import dev.turnout.proxy.testkit.LeakCheck;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** The log of slow statements tells which, and nothing that was in them. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class SlowStatementTest {
    @RegisterExtension
    static final PgSides sides = new PgSides();
    @RegisterExtension
    private final Rig rig = new Rig();
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.turnout.proxy.pg.SlowStatements");
    private final ListAppender<ILoggingEvent> seen = new ListAppender<>();

    @BeforeEach
    void listen() {
        seen.start();
        logger.addAppender(seen);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(seen);
    }

    private PgPeer peer(String lines) throws Exception {
        rig.startFile(sides.route("auth.mode = trust\n" + lines));
        return rig
                .closing(new PgPeer(rig.turnout().address("db"), "user", PostgresServer.SUPERUSER, "database",
                        sides.blue().name()));
    }

    private List<String> logged() {
        return seen.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void namesTheSessionAndHidesTheValues() throws Exception {
        PgPeer peer = peer("slow-statement = 100ms");
        peer.send(PgPeer.query("SELECT 'quick', 4242"));
        peer.untilReady();
        peer.send(PgPeer.query("SELECT pg_sleep(0.2), 'card 4711', 4242"));
        peer.untilReady();
        await().until(() -> !seen.list.isEmpty());
        assertThat(logged()).singleElement().asString()
                .contains("route=db target=blue", "user=postgres", "database=" + sides.blue().name(),
                        "pg_sleep(")
                .doesNotContain("4711").doesNotContain("4242").doesNotContain("quick");
    }

    @Test
    void ofAPipelineItIsTheOneThatTookLong() throws Exception {
        PgPeer peer = peer("slow-statement = 150ms");
        byte[] flush = PgPeer.message('H');
        // Without Flush a server keeps the answers back until Sync, and nobody outside can tell them apart.
        peer.send(PgPeer.extended("SELECT 1 AS before"), flush,
                PgPeer.extended("SELECT pg_sleep($1::float8)", "0.3"), flush,
                PgPeer.extended("SELECT 2 AS behind"), PgPeer.sync());
        peer.untilReady();
        await().until(() -> !seen.list.isEmpty());
        assertThat(logged()).singleElement().asString().contains("SELECT pg_sleep($1::float8)");
    }

    @Test
    void oneThatWasPreparedEarlierIsKnownByItsName() throws Exception {
        PgPeer peer = peer("slow-statement = 100ms");
        peer.send(PgPeer.message('P', "sleeper", "SELECT pg_sleep(0.2)", (short) 0), PgPeer.sync());
        peer.untilReady();
        peer.send(PgPeer.message('B', "portal", "sleeper", (short) 0, (short) 0, (short) 0),
                PgPeer.message('E', "portal", 0), PgPeer.sync());
        peer.untilReady();
        await().until(() -> !seen.list.isEmpty());
        assertThat(logged()).singleElement().asString().contains("pg_sleep(");
    }

    @Test
    void nothingIsLoggedWhenItIsOff() throws Exception {
        PgPeer peer = peer("");
        peer.send(PgPeer.query("SELECT pg_sleep(0.2)"));
        peer.untilReady();
        assertThat(logged()).isEmpty();
    }
}
