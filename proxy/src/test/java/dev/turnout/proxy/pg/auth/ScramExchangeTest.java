package dev.turnout.proxy.pg.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ongres.scram.common.exception.ScramException;
import dev.turnout.config.Secret;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ends against each other, against the RFC and against another implementation. */
class ScramExchangeTest {
    private static ScramServer server(Verifier verifier, boolean tls, boolean certificate) {
        return new ScramServer(verifier, certificate ? Exchange.END_POINT : null, tls, new Random(1));
    }

    private static ScramClient client(Credentials credentials, ScramServer server, boolean tls,
            boolean certificate)
            throws AuthException {
        return new ScramClient(credentials, server.mechanisms(), certificate ? Exchange.END_POINT : null, tls,
                new Random(2));
    }

    @Test
    void answersAsInTheExampleOfRfc7677() throws AuthException {
        Verifier verifier = Verifier.of("pencil", Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ=="),
                4096);
        ScramServer server = new ScramServer(verifier, null, "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");
        assertThat(server.clientFirst("SCRAM-SHA-256", "n,,n=user,r=rOprNGfwEbeRWgbNEkqO".getBytes(US_ASCII)))
                .asString(US_ASCII)
                .isEqualTo("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                        + "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
        assertThat(server.clientFinal(("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=").getBytes(US_ASCII))).asString(US_ASCII)
                .isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    }

    @ParameterizedTest
    @CsvSource({"true, true, true, SCRAM-SHA-256-PLUS", "true, true, false, SCRAM-SHA-256",
        "true, false, true, SCRAM-SHA-256", "true, false, false, SCRAM-SHA-256",
        "false, true, true, SCRAM-SHA-256", "false, false, false, SCRAM-SHA-256"})
    void agreesOnTheBestMechanismAndLogsInWithThePasswordAndThenWithTheKeys(boolean tls, boolean serverBinds,
            boolean clientBinds, String mechanism) throws AuthException {
        ScramServer server = server(Exchange.VERIFIER, tls, serverBinds);
        ScramClient client = client(Exchange.RIGHT, server, tls, clientBinds);
        assertThat(client.mechanism()).isEqualTo(mechanism);
        Credentials.Keys keys = Exchange.run(client, server);
        for (int login = 0; login < 2; login++) {
            ScramServer next = server(Exchange.VERIFIER, tls, serverBinds);
            assertThatCode(() -> Exchange.run(client(keys, next, tls, clientBinds), next))
                    .as("keys serve more than one server connection")
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusesAWrongPasswordAndAMockAlike(boolean plus) throws AuthException {
        var wrong = new Credentials.Password(new Secret("Pencil"));
        ScramServer server = server(Exchange.VERIFIER, plus, plus);
        ScramClient client = client(wrong, server, plus, plus);
        ScramServer mock = server(Verifier.mock("user", new byte[]{1}), plus, plus);
        ScramClient innocent = client(Exchange.RIGHT, mock, plus, plus);
        assertThatThrownBy(() -> Exchange.run(client, server)).isInstanceOfSatisfying(AuthException.class,
                e -> assertThat(e.kind()).isEqualTo(AuthException.Kind.CLIENT_WRONG));
        assertThatThrownBy(() -> Exchange.run(innocent, mock))
                .as("existence of a role cannot be probed")
                .hasMessage("password: wrong, or the role is unknown or has no SCRAM verifier");
        assertThatThrownBy(server::keys).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(mock::keys).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aMockIsNotAcceptedEvenWithTheKeyThatItHas() {
        Verifier mock = Verifier.mock("user", new byte[]{1});
        assertThat(mock.accepts(new byte[Sha256.BYTES])).isFalse();
        assertThat(Exchange.VERIFIER.accepts(
                Verifier.clientKey(Sha256.salted(Exchange.PASSWORD, Exchange.SALT, Exchange.ITERATIONS))))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"pencil, pencil, false", "pencil, pencil, true", "caf\u00e9, cafe\u0301, true",
        "\u00e9\u0007, \u00e9\u0007, false"})
    void letsInTheClientOfOthers(String kept, String typed, boolean plus) throws Exception {
        ScramServer server = server(Verifier.of(kept, Exchange.SALT, 4096), plus, plus);
        var builder = com.ongres.scram.client.ScramClient.builder()
                .advertisedMechanisms(server.mechanisms())
                .username("*")
                .password(typed.toCharArray());
        var client = (plus ? builder.channelBinding("tls-server-end-point", Exchange.END_POINT) : builder)
                .stringPreparation(com.ongres.scram.common.StringPreparation.POSTGRESQL_PREPARATION)
                .build();
        assertThat(client.getScramMechanism().getName()).isEqualTo(server.mechanisms().getFirst());
        byte[] first = client.clientFirstMessage().toString().getBytes(US_ASCII);
        client.serverFirstMessage(new String(server.clientFirst(client.getScramMechanism().getName(), first),
                US_ASCII));
        byte[] last = server.clientFinal(client.clientFinalMessage().toString().getBytes(US_ASCII));
        assertThatCode(() -> client.serverFinalMessage(new String(last, US_ASCII)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> client.serverFinalMessage("v=" + Scram.base64(new byte[Sha256.BYTES])))
                .as("the peer does look at the signature")
                .isInstanceOfAny(ScramException.class, IllegalStateException.class);
    }

    @Test
    void refusesTheClientOfOthersWithAnotherPassword() throws Exception {
        ScramServer server = server(Exchange.VERIFIER, false, false);
        var client = com.ongres.scram.client.ScramClient.builder()
                .advertisedMechanisms(List.of("SCRAM-SHA-256"))
                .username("*")
                .password("wrong".toCharArray())
                .build();
        byte[] first = client.clientFirstMessage().toString().getBytes(US_ASCII);
        client.serverFirstMessage(new String(server.clientFirst("SCRAM-SHA-256", first), US_ASCII));
        assertThatThrownBy(
                () -> server.clientFinal(client.clientFinalMessage().toString().getBytes(US_ASCII)))
                .hasMessageStartingWith("password: wrong");
    }

    @Test
    void keysNeedTheVeryVerifierThatTheyAreOf() throws AuthException {
        Credentials.Keys keys = Exchange.keys();
        for (Verifier other : List.of(Verifier.of(Exchange.PASSWORD, Exchange.SALT, Exchange.ITERATIONS + 1),
                Verifier.of(Exchange.PASSWORD, new byte[16], Exchange.ITERATIONS))) {
            ScramServer green = server(other, false, false);
            assertThatThrownBy(() -> Exchange.run(Exchange.client(keys), green))
                    .hasMessageStartingWith("verifier: the two sides have different ones for this role")
                    .hasMessageContaining("ALTER ROLE ... PASSWORD")
                    .isInstanceOfSatisfying(AuthException.class,
                            e -> assertThat(e.kind()).isEqualTo(AuthException.Kind.SERVER_WRONG));
        }
    }

    @Test
    void destroyedKeysAreGone() throws AuthException {
        Credentials.Keys keys = Exchange.keys();
        byte[] clientKey = keys.clientKey();
        byte[] serverKey = keys.serverKey();
        keys.destroy();
        assertThat(clientKey).containsOnly(0);
        assertThat(serverKey).containsOnly(0);
        assertThatThrownBy(() -> Exchange.run(Exchange.client(keys), Exchange.server()))
                .isInstanceOf(IllegalStateException.class);
    }
}
