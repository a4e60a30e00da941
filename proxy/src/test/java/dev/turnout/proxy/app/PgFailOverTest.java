package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.postgres.PostgresServer;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawUpstream;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several endpoints of a side are tried one after the other, until one serves. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class PgFailOverTest {
    @RegisterExtension
    static final PgSides sides = new PgSides();
    @RegisterExtension
    private final Rig rig = new Rig();

    private Operator start(String endpoints, String lines) throws Exception {
        rig.startFile(
                sides.route("blue { tls.mode = disable, endpoints = [ " + endpoints + " ] }\n" + lines));
        return rig.closing(new Operator(rig.turnout().admin()));
    }

    private static String local(String port) {
        return "\"127.0.0.1:" + port + "\"";
    }

    /** Says no word but this. */
    private RawUpstream saying(byte[] bytes) throws Exception {
        return rig.upstream((connection, number) -> {
            connection.send(bytes);
            connection.rest();
        });
    }

    private static byte[] refusal(String sqlState) {
        return PgPeer.message('E', "SFATAL", "VFATAL", "C" + sqlState, "Mnot now", new byte[1]);
    }

    /** As a server that follows another one lets a session in. */
    private RawUpstream standby() throws Exception {
        ByteArrayOutputStream welcome = new ByteArrayOutputStream();
        welcome.writeBytes(PgPeer.message('R', 0));
        welcome.writeBytes(PgPeer.message('S', "in_hot_standby", "on"));
        welcome.writeBytes(PgPeer.message('S', "server_version", "18.0"));
        welcome.writeBytes(PgPeer.message('K', 1, 2));
        welcome.writeBytes(PgPeer.message('Z', new byte[]{'I'}));
        return saying(welcome.toByteArray());
    }

    private void assertBlue(int sessions) throws SQLException {
        for (int i = 0; i < sessions; i++) {
            assertThat(sides.sideOf(rig, PgSides.APP)).isEqualTo("blue");
        }
    }

    @Test
    void oneThatCannotBeReachedIsPassedOver() throws Exception {
        start(local("1") + ", " + local(sides.bluePort()), "");
        assertBlue(4);
    }

    @Test
    void soIsOneThatTakesNobodyNow() throws Exception {
        start(local(String.valueOf(saying(refusal("57P03")).port())) + ", " + local(sides.bluePort()), "");
        assertBlue(4);
    }

    @Test
    void anyOtherRefusalIsTheClients() throws Exception {
        start(local(String.valueOf(saying(refusal("3D000")).port())) + ", " + local(sides.bluePort()), "");
        assertThatThrownBy(() -> sides.connect(rig)).isInstanceOfSatisfying(SQLException.class,
                e -> assertThat(e.getSQLState()).isEqualTo("3D000"));
        assertThat(rig.metric("turnout_pg_sessions{")).isZero();
    }

    @Test
    void writersGoToThePrimaryAndReadersToTheStandby() throws Exception {
        RawUpstream standby = standby();
        Operator operator = start(local(String.valueOf(standby.port())) + ", " + local(sides.bluePort()), """
                auth.mode = trust
                rules = [ { when { application = reader }, to = blue, read-only = true } ]
                """);
        for (int i = 0; i < 4; i++) {
            assertThat(sides.sideOf(rig, PostgresServer.SUPERUSER)).isEqualTo("blue");
        }
        // By now it is known which of the two follows.
        for (int i = 0; i < 3; i++) {
            try (PgPeer _ = new PgPeer(rig.turnout().address("db"), "user", PostgresServer.SUPERUSER,
                    "database",
                    sides.blue().name(), "application_name", "reader")) {
                assertThat(operator.get("/routes/db/sessions").path("sessions").path(0).path("endpoint")
                        .asText())
                        .isEqualTo("127.0.0.1:" + standby.port());
            }
        }
    }

    @Test
    void endpointsComeAndGoAndSessionsStay() throws Exception {
        Operator operator = start(local(sides.bluePort()), "");
        String added = "/routes/db/targets/blue/endpoints/127.0.0.1:" + sides.greenPort();
        String first = "/routes/db/targets/blue/endpoints/127.0.0.1:" + sides.bluePort();
        try (Connection stays = sides.connect(rig)) {
            assertThat(operator.ask("PUT", added, "{\"state\":\"active\"}").statusCode()).isEqualTo(200);
            assertThat(operator.ask("PUT", first, "{\"state\":\"drained\"}").statusCode()).isEqualTo(200);
            assertThat(sides.sideOf(rig, PgSides.APP)).as("the other server").isEqualTo("green");
            assertThat(operator.ask("PUT", first, "{\"state\":\"active\"}").statusCode()).isEqualTo(200);
            assertThat(operator.ask("DELETE", added, "").statusCode()).isEqualTo(200);
            assertBlue(2);
            assertThat(sides.side(stays)).isEqualTo("blue");
        }
    }
}
