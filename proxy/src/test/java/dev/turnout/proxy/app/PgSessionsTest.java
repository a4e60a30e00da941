package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.postgres.PostgresServer;
import dev.turnout.proxy.testkit.LeakCheck;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What operators see of real sessions. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class PgSessionsTest {
    @RegisterExtension
    static final PgSides sides = new PgSides();
    @RegisterExtension
    private final Rig rig = new Rig();
    private RigOperator operator;

    @BeforeEach
    void start() throws Exception {
        rig.startFile(sides.route(""));
        operator = rig.closing(new RigOperator(rig));
    }

    private JsonNode only(String query) throws Exception {
        JsonNode list = operator.get("/routes/db/sessions" + query);
        assertThat(list.path("total").asInt()).as(list.toString()).isEqualTo(1);
        return list.path("sessions").path(0);
    }

    @Test
    void saysWhoIsThereAndSinceWhen() throws Exception {
        try (Connection session = sides.connect(rig, PgSides.APP, "ApplicationName", "till 7")) {
            JsonNode seen = only("");
            assertThat(seen.path("user").asText()).isEqualTo(PgSides.APP);
            assertThat(seen.path("database").asText()).isEqualTo(sides.blue().name());
            assertThat(seen.path("application").asText()).isEqualTo("till 7");
            assertThat(seen.path("target").asText()).isEqualTo("blue");
            assertThat(seen.path("endpoint").asText()).isEqualTo("127.0.0.1:" + sides.bluePort());
            assertThat(seen.path("pid").asText())
                    .isEqualTo(PgSides.value(session, "SELECT pg_backend_pid()"));
            assertThat(Instant.parse(seen.path("since").asText()))
                    .isBefore(Instant.parse(only("").path("stateSince").asText()));
            assertThat(seen.path("tls").asBoolean()).isFalse();
        }
        await().until(() -> operator.get("/routes/db/sessions").path("total").asInt() == 0);
    }

    @Test
    void eachStateIsSeenAndFilteredBy() throws Exception {
        try (Connection session = sides.connect(rig, PgSides.APP); Connection other = sides.connect(rig)) {
            assertThat(only("?user=side_app").path("state").asText()).isEqualTo("idle");
            session.setAutoCommit(false);
            PgSides.run(session, "SELECT pg_advisory_lock(4712)");
            assertThat(only("?state=idle-in-transaction").path("user").asText()).isEqualTo(PgSides.APP);
            Thread waiting = Thread.ofVirtual().start(() -> {
                try {
                    PgSides.run(other, "SELECT pg_advisory_lock(4712)");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            await().until(() -> operator.get("/routes/db/sessions?state=active").path("total").asInt() == 1);
            assertThat(only("?state=active").path("user").asText()).isEqualTo(PostgresServer.SUPERUSER);
            PgSides.run(session, "SELECT pg_advisory_unlock(4712)");
            waiting.join();
            assertThat(catchState(session)).isEqualTo("22012");
            assertThat(only("?state=failed-transaction").path("user").asText()).isEqualTo(PgSides.APP);
            session.rollback();
            assertThat(operator.get("/routes/db/sessions?state=idle").path("total").asInt()).isEqualTo(2);
            assertThat(operator.get("/routes/db/sessions?database=other").path("total").asInt()).isZero();
        }
    }

    private static String catchState(Connection session) {
        try {
            PgSides.run(session, "SELECT 1/0");
            return "";
        } catch (SQLException e) {
            return e.getSQLState();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"SET work_mem = '5MB'|replayable|settings",
        "PREPARE p AS SELECT 1|replayable|prepared statements", "LISTEN news|replayable|listening",
        "BEGIN; DECLARE c CURSOR WITH HOLD FOR SELECT 1; COMMIT|pinned|a cursor", "SELECT 1|stateless|"})
    void eachClassHasItsReasonAndDiscardEndsIt(String sql, String category, String reason) throws Exception {
        try (Connection session = sides.connect(rig, PgSides.APP, "preferQueryMode", "simple")) {
            PgSides.run(session, sql);
            JsonNode seen = only("");
            assertThat(seen.path("class").asText()).isEqualTo(category);
            assertThat(seen.path("reason").asText("")).isEqualTo(reason == null ? "" : reason);
            assertThat(rig.metric("turnout_pg_sessions{class=\"" + category + "\"")).isEqualTo(1);
            PgSides.run(session, "DISCARD ALL");
            assertThat(only("").path("class").asText()).isEqualTo("stateless");
        }
        await().until(() -> rig.metric("turnout_pg_sessions{") == 0);
        for (String state : List.of("idle", "active", "starting", "closing", "idle-in-transaction")) {
            assertThat(rig.metric("turnout_pg_server_connections{route=\"db\",state=\"" + state)).isZero();
        }
    }
}
