package dev.turnout.proxy.app;

import static dev.turnout.proxy.app.PgRoutes.parameters;
import static dev.turnout.proxy.testkit.RawPostgres.VERSION_3_0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawPostgres;
import dev.turnout.proxy.testkit.RawScram;
import dev.turnout.proxy.testkit.RawUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other proxies learnt the hard way. Those about look-ups are in PgLoginPassThroughTest, about TLS in the PgTls tests. */
@ExtendWith(LeakCheck.class)
class PgLoginLessonsTest {
    private static final String OK = "R\0\0\0\b\0\0\0\0";
    private static final String READY = "Z\0\0\0\5I";
    private static final String KEY = "K\0\0\0\f\0\0\0\7abcd";

    @RegisterExtension
    final Rig rig = new Rig();

    /** A server that says this to each startup packet, and then listens on. */
    private void server(String lines, String says) throws IOException {
        RawUpstream server = rig.upstream((connection, number) -> {
            startup(connection);
            connection.send(says.getBytes(StandardCharsets.ISO_8859_1));
            connection.rest();
        });
        rig.startFile(PgRoutes.one(server.port(), "blue.tls.mode = disable, " + lines));
    }

    private static void startup(RawConnection connection) throws IOException {
        String length = connection.text(4);
        connection.text((length.charAt(2) << 8 | length.charAt(3)) - 4);
    }

    /** CVE-2026-6664 of PgBouncer: a length within a SASL message that is not its own. */
    @ParameterizedTest
    @ValueSource(ints = {-2, -1, 0, 1, 1000, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void whatASaslMessageSaysOfItsLengthIsOnlyAClaim(int length) throws Exception {
        server("auth.users = [ { name = app, password = sesame } ]", OK + READY);
        RawPostgres client = PgRoutes.open(rig);
        client.startup(VERSION_3_0, parameters("user", "app"));
        assertThat(client.next().type()).isEqualTo((byte) 'R');
        client.send((byte) 'p', RawScram.initialResponse("SCRAM-SHA-256", "n,,n=,r=abc", length));
        assertThat(client.next().error()).startsWith("08P01 SASLInitialResponse: a length of " + length);
        assertThat(client.ended()).isTrue();
    }

    @Test
    void aLoginWithAMessageThatIsNoneIsRefused() throws Exception {
        server("auth.users = [ { name = app, password = sesame } ]", OK + READY);
        for (byte[] body : List.of(new byte[0], "SCRAM-SHA-256".getBytes(StandardCharsets.US_ASCII),
                RawScram.initialResponse("SCRAM-SHA-1", "n,,n=,r=abc", 11),
                RawScram.initialResponse("SCRAM-SHA-256-PLUS", "p=tls-server-end-point,,n=,r=abc", 32),
                RawScram.initialResponse("SCRAM-SHA-256", "", 0))) {
            RawPostgres client = PgRoutes.open(rig);
            client.startup(VERSION_3_0, parameters("user", "app"));
            client.next();
            client.send((byte) 'p', body);
            assertThat(client.next().field('C')).isEqualTo("08P01");
        }
        RawPostgres early = PgRoutes.open(rig);
        early.startup(VERSION_3_0, parameters("user", "app"));
        early.next();
        early.send((byte) 'Q', "SELECT 1\0".getBytes(StandardCharsets.US_ASCII));
        assertThat(early.next().error()).startsWith("08P01 a message of type 81");
    }

    /** CVE-2026-6666 of PgBouncer: an error without a SQLSTATE. */
    @Test
    void anErrorWithoutACodeIsPassedOnAsItIs() throws Exception {
        server(PgRoutes.TRUST, "E\0\0\0\15Mstrange\0\0".replace("\15", "\16"));
        RawPostgres client = PgRoutes.open(rig);
        client.startup(VERSION_3_0, parameters("user", "app"));
        assertThat(client.next().type()).isEqualTo((byte) 'R');
        RawPostgres.Message error = client.next();
        assertThat(error.field('M')).isEqualTo("strange");
        assertThat(error.field('C')).isEmpty();
        assertThat(client.ended()).isTrue();
    }

    @Test
    void anErrorWithoutAnythingIsPassedOnToo() throws Exception {
        server(PgRoutes.TRUST, "E\0\0\0\4");
        RawPostgres client = PgRoutes.open(rig);
        client.startup(VERSION_3_0, parameters("user", "app"));
        assertThat(client.next().type()).isEqualTo((byte) 'R');
        assertThat(client.next().body()).isEmpty();
        assertThat(client.ended()).isTrue();
    }

    /** A server that has begun to prove that it knows the password must do so. */
    @Test
    void aServerThatLeavesItsProofOutIsNotLoggedInTo() throws Exception {
        server("auth.users = [ { name = app, password = sesame } ]",
                "R\0\0\0\27\0\0\0\12SCRAM-SHA-256\0\0" + OK + READY);
        assertThatThrownBy(() -> PgRoutes.login(rig, "app", "sesame", "app"))
                .hasMessageStartingWith("refused: 28000 the server let the session in without proving");
    }

    @Test
    void aServerThatIsReadyBeforeItHasLetAnybodyInIsRefused() throws Exception {
        server(PgRoutes.TRUST, KEY + READY);
        assertThatThrownBy(() -> PgRoutes.session(rig, "user", "app"))
                .hasMessageStartingWith("refused: 08P01 the server was ready before");
    }

    /** What a server asks for decides nothing about what it is told without TLS. */
    @Test
    void aServerThatAsksForAPasswordInClearTextHearsNone() throws Exception {
        server("auth.users = [ { name = app, password = open-sesame-77 } ]", "R\0\0\0\b\0\0\0\3");
        assertThatThrownBy(() -> PgRoutes.login(rig, "app", "open-sesame-77", "app"))
                .hasMessageStartingWith("refused: 28000 the server asks for the password in clear text");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 6, 7, 8, 9, 13, 99})
    void aMethodThatIsNotSpokenIsNamed(int method) throws Exception {
        server(PgRoutes.TRUST, "R\0\0\0\b\0\0\0" + (char) method);
        assertThatThrownBy(() -> PgRoutes.session(rig, "user", "app"))
                .hasMessageStartingWith("refused: 28000 the server asks for authentication method " + method);
    }

    @ParameterizedTest
    @ValueSource(strings = {"R\0\0\0\3", "R\177\377\377\377", "R\377\377\377\377", "R\0\0\0\4", "\0\0\0\0\4",
        "D\0\0\0\4", "K\0\0\0\6ab"})
    void aServerThatSpeaksNoProtocolIsRefused(String says) throws Exception {
        server(PgRoutes.TRUST, says);
        assertThatThrownBy(() -> PgRoutes.session(rig, "user", "app")).hasMessageStartingWith("refused: ")
                .hasMessageMatching("refused: (08P01|28000) .*");
    }

    /** A notice and a setting may come at any time, and belong to the client. */
    @Test
    void whatAServerSaysAmidTheLoginReachesTheClient() throws Exception {
        server(PgRoutes.TRUST,
                "N\0\0\0\15Mwelcome\0\0".replace("\15", "\16") + OK
                        + "S\0\0\0\12a\0001\0".replace("\12", "\10")
                        + KEY + READY);
        RawPostgres client = PgRoutes.open(rig);
        client.startup(VERSION_3_0, parameters("user", "app"));
        List<RawPostgres.Message> heard = client.untilReady();
        assertThat(heard).extracting(message -> (char) message.type()).containsExactly('R', 'N', 'S', 'K',
                'Z');
        assertThat(client.pid()).isEqualTo(7);
        assertThat(client.key()).isNotEqualTo("abcd".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void aServerThatSaysNothingIsGivenUpInTime() throws Exception {
        server(PgRoutes.TRUST + ", timeouts.authenticate = 300ms", "");
        RawPostgres client = PgRoutes.open(rig);
        client.startup(VERSION_3_0, parameters("user", "app"));
        assertThat(client.next().type()).isEqualTo((byte) 'R');
        assertThat(client.next().error())
                .startsWith("08006 the server has not let the session in within 300 ms");
    }
}
