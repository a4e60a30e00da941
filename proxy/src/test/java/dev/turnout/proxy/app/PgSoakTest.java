package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.turnout.postgres.PostgresServer;
import dev.turnout.proxy.app.pgsoak.Books;
import dev.turnout.proxy.app.pgsoak.PgSoak;
import dev.turnout.proxy.testkit.LeakCheck;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Clients that pipeline, copy, listen, cancel, dawdle, break off and end each other's sessions: a reply never reaches
 * another client, and afterwards nothing is left of any of it.
 */
@ExtendWith(LeakCheck.class)
class PgSoakTest {
    private static final boolean LONG = Boolean.getBoolean("turnout.drills");
    private static final Duration TIME = Duration.ofSeconds(LONG ? 600 : 15);
    /** More than any one answer may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CLIENTS = 200;
    /** Another one with {@code -Dturnout.soak.seed}, as after a failure. */
    private static final long SEED = Long.getLong("turnout.soak.seed", new Random().nextLong());
    private static final Map<String, String> LOGIN = Map.of("user", PostgresServer.SUPERUSER, "database",
            PostgresServer.SUPERUSER, "application_name", "soak");

    @TempDir
    private Path stateDir;
    private Rig rig;
    private PostgresServer server;
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

    @BeforeEach
    void start() throws Exception {
        // Those that were left behind are ended by their servers, in a while; meanwhile others come.
        server = PostgresServer.version(18).setting("max_connections", "600").start();
        rig = new Rig(stateDir)
                .startFile("turnout.routes.db { protocol = postgresql, listen = \"127.0.0.1:0\""
                        + ", data = shared, auth.mode = trust, split.green = 50%, blue.endpoints = [\"127.0.0.1:"
                        + server.port() + "\"], green.endpoints = [\"127.0.0.1:" + server.port() + "\"] }");
        said.start();
        root.addAppender(said);
    }

    @AfterEach
    void close() throws Exception {
        root.detachAppender(said);
        try {
            rig.close();
        } finally {
            server.close();
        }
    }

    @Test
    void aReplyNeverReachesAnotherClientAndNothingIsLeft() throws Exception {
        Books books = new Books();
        boolean left = new PgSoak(books, rig.turnout().address("db"), LOGIN, CLIENTS, SEED).run(TIME,
                PATIENCE);

        assertThat(books.faults()).as(() -> "seed " + SEED + ": " + books.counts()).isEmpty();
        assertThat(left).as("clients that wait for ever, seed %s", SEED).isTrue();
        assertThat(books.counts()).as("what was done, seed %s", SEED)
                .containsKeys("cancelled own", "condemned", "exchange", "left", "stranger");
        LoggerFactory.getLogger(PgSoakTest.class).info("soak: {}", books.counts());
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(rig.metric("turnout_connections{")).isZero();
            assertThat(rig.metric("turnout_pg_sessions{")).isZero();
            assertThat(rig.metric("turnout_pg_server_connections{")).isZero();
            assertThat(server.database(PostgresServer.SUPERUSER)
                    .value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'soak'"))
                    .isEqualTo("0");
        });
        await().atMost(PATIENCE).until(() -> PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() == 0);
        assertThat(said.list).filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.ERROR)).isEmpty();
    }
}
