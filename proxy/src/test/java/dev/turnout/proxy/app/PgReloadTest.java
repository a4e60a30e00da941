package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.turnout.admin.ReloadControl.Result;
import dev.turnout.proxy.testkit.LeakCheck;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A changed file holds for sessions that come; those under way go on. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class PgReloadTest {
    @RegisterExtension
    static final PgSides sides = new PgSides();
    @RegisterExtension
    private final Rig rig = new Rig();

    private static void assertRefused(String sqlState, ThrowingCallable connect) {
        assertThatThrownBy(connect).isInstanceOfSatisfying(SQLException.class,
                e -> assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo(sqlState));
    }

    private void applied(String text) {
        assertThat(rig.reload(text)).isInstanceOf(Result.Applied.class);
    }

    @Test
    void usersLimitsAndRulesHoldForNewSessionsOnly() throws Exception {
        rig.startFile(sides.route(""));
        try (Connection stays = sides.connect(rig, PgSides.APP)) {
            applied(sides.route("auth.users = [ { name = side_report, password = sesame } ]"));
            assertRefused("28P01", () -> sides.connect(rig, PgSides.APP));
            assertThat(sides.sideOf(rig, PgSides.REPORT)).isEqualTo("blue");
            applied(sides.route("rules = [ { when { user = side_report }, to = green } ]"));
            assertThat(sides.sideOf(rig, PgSides.REPORT)).isEqualTo("green");
            applied(sides.route("limits.connections = 1"));
            assertRefused("53300", () -> sides.connect(rig, PgSides.APP));
            applied(sides.route(""));
            assertThat(sides.side(stays)).isEqualTo("blue");
        }
    }

    @Test
    void aFileThatCannotBeUsedIsNamedAndChangesNothing() throws Exception {
        rig.startFile(sides.route(""));
        Path broken = Files.writeString(rig.stateDir().resolve("broken.crt"), "no certificate");
        try (Connection stays = sides.connect(rig, PgSides.APP)) {
            Result result = rig.reload(sides.route("split.green = 100%, tls { certificate = \"" + broken
                    + "\", private-key = \"" + broken + "\" }"));
            assertThat(result).isInstanceOfSatisfying(Result.Failed.class,
                    failed -> assertThat(failed.why()).contains("turnout.routes.db.tls", "broken.crt"));
            assertThat(sides.sideOf(rig, PgSides.APP)).isEqualTo("blue");
            assertThat(sides.side(stays)).isEqualTo("blue");
        }
    }

    @Test
    void aRouteKeepsItsProtocol() throws Exception {
        rig.startFile(sides.route(""));
        assertThat(
                rig.reload("turnout.routes.db { protocol = http, listen = \"127.0.0.1:0\", blue.endpoints ="
                        + " [\"127.0.0.1:1\"], green.endpoints = [\"127.0.0.1:1\"] }"))
                .isInstanceOf(Result.Failed.class);
        assertThat(sides.sideOf(rig, PgSides.APP)).isEqualTo("blue");
    }

    @Test
    void aRouteThatIsGoneEndsItsSessionsBetweenTransactionsAndOneThatIsNewTakesThem() throws Exception {
        rig.startFile(sides.route(""));
        InetSocketAddress before = rig.turnout().address("db");
        Connection idle = rig.closing(sides.connect(rig, PgSides.APP));
        Connection busy = rig.closing(sides.connect(rig, PgSides.APP));
        busy.setAutoCommit(false);
        assertThat(sides.side(busy)).isEqualTo("blue");
        applied(sides.route("other", "127.0.0.1:0", ""));
        assertRefused("57P01", () -> {
            PgSides.run(idle, "SELECT 1");
            throw new SQLException("still there", "00000");
        });
        assertThat(PgSides.value(busy, "SELECT 'goes on'")).isEqualTo("goes on");
        busy.commit();
        assertRefused("57P01", () -> PgSides.run(busy, "SELECT 1"));
        assertRefused("08001", () -> sides.connect(before, PgSides.APP));
        try (Connection session = sides.connect(rig.turnout().address("other"), PgSides.APP)) {
            assertThat(sides.side(session)).isEqualTo("blue");
        }
    }

    @Test
    void anotherAddressIsServedInPlaceOfTheOldOne() throws Exception {
        rig.startFile(sides.route(""));
        InetSocketAddress before = rig.turnout().address("db");
        String elsewhere = TwoSides.text(TwoSides.free());
        applied(sides.route("db", elsewhere, ""));
        assertThat(TwoSides.text(rig.turnout().address("db"))).isEqualTo(elsewhere);
        assertThat(sides.sideOf(rig, PgSides.APP)).isEqualTo("blue");
        assertRefused("08001", () -> sides.connect(before, PgSides.APP));
    }

    @Test
    void aHundredOfThemUnderLoadFailNoStatement() throws Exception {
        rig.startFile(sides.route(""));
        AtomicBoolean enough = new AtomicBoolean();
        AtomicInteger statements = new AtomicInteger();
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            boolean anew = i == 0;
            clients.add(CompletableFuture.runAsync(() -> load(enough, statements, anew)));
        }
        for (int i = 0; i < 100; i++) {
            applied(sides.route(
                    "split.green = " + i % 2 * 50 + "%, timeouts.authenticate = " + (10 + i % 3) + "s"));
        }
        int before = statements.get();
        await().until(() -> statements.get() > before + 10);
        enough.set(true);
        for (CompletableFuture<Void> client : clients) {
            client.get(20, TimeUnit.SECONDS);
        }
    }

    private void load(AtomicBoolean enough, AtomicInteger statements, boolean anew) {
        try {
            Connection session = sides.connect(rig, PgSides.APP);
            while (!enough.get()) {
                PgSides.run(session, "SELECT 1");
                statements.incrementAndGet();
                if (anew) {
                    session.close();
                    session = sides.connect(rig, PgSides.APP);
                }
            }
            session.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
