package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.turnout.postgres.PostgresServer;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawUpstream;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sessions of a side that is drained, and of a proxy that ends, end between their requests. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class PgDrainTest {
    @RegisterExtension
    static final PgSides sides = new PgSides();
    @RegisterExtension
    private final Rig rig = new Rig();
    private @Nullable Operator started;

    private Operator operator() {
        return Objects.requireNonNull(started, "not started");
    }

    private void start(String lines) throws Exception {
        rig.startFile(sides.route(lines));
        started = rig.closing(new Operator(rig.turnout().admin()));
    }

    private Connection session() throws SQLException {
        return rig.closing(sides.connect(rig, PgSides.APP));
    }

    private PgPeer peer(String... more) throws Exception {
        List<String> parameters = new ArrayList<>(
                List.of("user", PostgresServer.SUPERUSER, "database", sides.blue().name()));
        parameters.addAll(List.of(more));
        return rig.closing(new PgPeer(rig.turnout().address("db"), parameters.toArray(String[]::new)));
    }

    private CompletableFuture<HttpResponse<String>> drainBlue(String timeout) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return operator().drain("db", "blue", timeout);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void assertEnded(Connection session) {
        assertThatThrownBy(() -> PgSides.run(session, "SELECT 1")).isInstanceOfSatisfying(SQLException.class,
                e -> assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo("57P01"));
    }

    @Test
    void idleOnesEndAndThoseInATransactionFinishFirst() throws Exception {
        start("");
        Connection idle = session();
        Connection busy = session();
        busy.setAutoCommit(false);
        PgSides.run(busy, "CREATE TABLE drained (v int)");
        CompletableFuture<HttpResponse<String>> drain = drainBlue("20s");
        await().until(() -> operator().get("/routes/db/sessions").path("total").asInt() == 1);
        assertEnded(idle);
        assertThat(sides.sideOf(rig, PgSides.APP)).as("new ones").isEqualTo("green");
        assertThat(drain).isNotDone();
        PgSides.run(busy, "INSERT INTO drained VALUES (1)");
        busy.commit();
        HttpResponse<String> answer = drain.get(20, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(sides.blue().value("SELECT count(*) FROM drained")).isEqualTo("1");
        assertEnded(busy);
        sides.blue().execute("DROP TABLE drained");
    }

    @Test
    void whatIsLeftIsToldAndASplitUndoesIt() throws Exception {
        start("");
        Connection busy = session();
        busy.setAutoCommit(false);
        assertThat(sides.side(busy)).isEqualTo("blue");
        HttpResponse<String> answer = operator().drain("db", "blue", "200ms");
        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(Operator.json(answer).path("sessions").asInt()).isEqualTo(1);
        assertThat(Operator.json(answer).path("detail").asText()).contains("1 sessions still open");
        operator().split("db", 0);
        busy.commit();
        assertThat(sides.side(busy)).as("it may stay").isEqualTo("blue");
        busy.commit();
        assertThat(sides.sideOf(rig, PgSides.APP)).isEqualTo("blue");
    }

    @Test
    void aLoginThatWasRefusedIsNotWaitedFor() throws Exception {
        start("");
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> sides.connect(rig.turnout().address("db"), "nobody_at_all"))
                    .isInstanceOf(SQLException.class);
            assertThatThrownBy(
                    () -> sides.connect(rig, PgSides.APP, "options", "-c no_such_setting_at_all=1"))
                    .isInstanceOf(SQLException.class);
        }
        assertThat(rig.metric("turnout_pg_sessions{")).isZero();
        assertThat(operator().drain("db", "blue", "5s").statusCode()).isEqualTo(200);
    }

    @Test
    void theyEndOneAfterTheOtherOverTheTime() throws Exception {
        start("");
        for (int i = 0; i < 12; i++) {
            session();
        }
        long begun = System.nanoTime();
        CompletableFuture<HttpResponse<String>> drain = drainBlue("3s");
        await().until(() -> operator().get("/routes/db/sessions").path("total").asInt() < 12);
        assertThat(operator().get("/routes/db/sessions").path("total").asInt()).as("not all at once")
                .isPositive();
        assertThat(drain.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(1));
    }

    /** It connects anew on 57P01, which says that nothing was done, and on nothing else. */
    @Test
    void poolsConnectAnewAndNothingIsLostOrDoneTwice() throws Exception {
        start("");
        for (var side : List.of(sides.blue(), sides.greenDatabase())) {
            side.execute("CREATE TABLE IF NOT EXISTS pooled (v int)", "TRUNCATE pooled",
                    "GRANT ALL ON pooled TO PUBLIC");
        }
        AtomicBoolean enough = new AtomicBoolean();
        AtomicInteger number = new AtomicInteger();
        AtomicInteger again = new AtomicInteger();
        List<CompletableFuture<Void>> pool = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            pool.add(CompletableFuture.runAsync(() -> use(enough, number, again)));
        }
        for (String side : List.of("blue", "green", "blue")) {
            int before = number.get();
            await().until(() -> number.get() > before + 20);
            assertThat(operator().drain("db", side, "10s").statusCode()).isEqualTo(200);
        }
        enough.set(true);
        for (CompletableFuture<Void> member : pool) {
            member.get(20, TimeUnit.SECONDS);
        }
        for (String count : List.of("SELECT count(*) FROM pooled", "SELECT count(DISTINCT v) FROM pooled")) {
            assertThat(Integer.parseInt(String.valueOf(sides.blue().value(count)))
                    + Integer.parseInt(String.valueOf(sides.greenDatabase().value(count))))
                    .isEqualTo(number.get());
        }
        assertThat(again.get()).isPositive();
    }

    private void use(AtomicBoolean enough, AtomicInteger number, AtomicInteger again) {
        try {
            Connection session = sides.connect(rig, PgSides.APP);
            while (!enough.get()) {
                int value = number.incrementAndGet();
                boolean done = false;
                while (!done) {
                    try {
                        PgSides.run(session, "INSERT INTO pooled VALUES (" + value + ")");
                        done = true;
                    } catch (SQLException e) {
                        assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo("57P01");
                        again.incrementAndGet();
                        session.close();
                        session = sides.connect(rig, PgSides.APP);
                    }
                }
            }
            session.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aProxyThatEndsLetsTransactionsFinishAndEndsTheRest() throws Exception {
        start("auth.mode = trust");
        PgPeer idle = peer();
        PgPeer open = peer();
        open.send(PgPeer.query("BEGIN"));
        open.untilReady();
        PgPeer busy = peer();
        busy.send(PgPeer.query("SELECT pg_advisory_lock(4711)"));
        busy.untilReady();
        PgPeer waiting = peer();
        waiting.send(PgPeer.query("SELECT pg_advisory_lock(4711)"));
        await().until(() -> "1".equals(sides.blue()
                .value("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'")));
        CompletableFuture<Boolean> drained = CompletableFuture
                .supplyAsync(() -> rig.turnout().drain(Duration.ofSeconds(20)));
        assertThat(idle.next()).startsWith("E 57P01");
        assertThat(idle.next()).isEqualTo("end");
        assertThat(waiting.untilReady()).as("answered, when the lock went with its session").last()
                .isEqualTo("Z I");
        assertThat(waiting.next()).startsWith("E 57P01");
        assertThat(drained).isNotDone();
        open.send(PgPeer.query("COMMIT"));
        assertThat(open.untilReady()).containsExactly("C COMMIT", "Z I");
        assertThat(open.next()).startsWith("E 57P01");
        assertThat(drained.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatFollowsTheLogIsNotWaitedFor() throws Exception {
        start("auth.mode = trust");
        PgPeer follower = peer("replication", "database");
        follower.send(PgPeer.query("CREATE_REPLICATION_SLOT drained TEMPORARY LOGICAL pgoutput"));
        assertThat(follower.untilReady()).last().isEqualTo("Z I");
        follower.send(PgPeer.query(
                "START_REPLICATION SLOT drained LOGICAL 0/0 (proto_version '1', publication_names 'none')"));
        assertThat(follower.next()).isEqualTo("W");
        assertThat(operator().get("/routes/db/sessions").path("sessions").path(0).path("class").asText())
                .isEqualTo("pinned");
        HttpResponse<String> answer = operator().drain("db", "blue", "10s");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String seen;
        do {
            seen = follower.next();
        } while (seen.equals("d"));
        assertThat(seen).startsWith("E 57P01");
    }

    @Test
    void aLoginThatWaitsForItsServerIsToldThatTheProxyEnds() throws Exception {
        RawUpstream silent = rig.upstream((connection, number) -> connection.rest());
        start("auth.mode = trust, blue { tls.mode = disable, endpoints = [\"127.0.0.1:" + silent.port()
                + "\"] }");
        CompletableFuture<PgPeer> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return peer();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        await().until(() -> rig.metric("turnout_pg_server_connections{route=\"db\",state=\"starting\"") == 1);
        assertThat(rig.turnout().drain(Duration.ofSeconds(5))).isTrue();
        assertThat(waiting.get(5, TimeUnit.SECONDS).next()).isEqualTo("end");
        await().until(() -> rig.metric("turnout_pg_server_connections{") == 0);
        assertThat(rig.metric("turnout_pg_sessions{")).isZero();
    }
}
