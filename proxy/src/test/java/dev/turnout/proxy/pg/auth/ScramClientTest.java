package dev.turnout.proxy.pg.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.Secret;
import dev.turnout.proxy.pg.auth.AuthException.Kind;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that are not what they should be. */
class ScramClientTest {
    private static final String SALT = Scram.base64(Exchange.SALT);

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static ScramClient client(List<String> offered, boolean tls, boolean certificate)
            throws AuthException {
        return new ScramClient(Exchange.RIGHT, offered, certificate ? Exchange.END_POINT : null, tls,
                new Random(5));
    }

    private static void refusesNext(String pattern, Kind kind, String start) throws AuthException {
        ScramClient client = Exchange.client(Exchange.RIGHT);
        String nonce = new String(client.first(), ISO_8859_1).replaceAll(".*r=", "");
        byte[] message = bytes(pattern.replace("NONCE", nonce).replace("SALT", SALT));
        assertThatThrownBy(() -> client.next(message)).as(pattern)
                .hasMessageStartingWith(start)
                .isInstanceOfSatisfying(AuthException.class, e -> assertThat(e.kind()).isEqualTo(kind));
        assertThatThrownBy(() -> client.next(message)).as("an exchange that failed is over")
                .isInstanceOf(IllegalStateException.class);
    }

    private static void refusesLast(String message, Kind kind, String start) throws AuthException {
        ScramClient client = Exchange.client(Exchange.RIGHT);
        client.next(Exchange.server().clientFirst(client.mechanism(), client.first()));
        assertThatThrownBy(() -> client.last(bytes(message))).as(message)
                .hasMessageStartingWith(start)
                .isInstanceOfSatisfying(AuthException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @ParameterizedTest
    @CsvSource({"true, true, true, SCRAM-SHA-256-PLUS, 'p=tls-server-end-point,,n=,r='",
        "true, true, false, SCRAM-SHA-256, 'y,,n=,r='", "true, false, true, SCRAM-SHA-256, 'n,,n=,r='",
        "true, false, false, SCRAM-SHA-256, 'n,,n=,r='", "false, true, false, SCRAM-SHA-256, 'n,,n=,r='"})
    void bindsWhenItCanAndSaysWhenItCould(boolean tls, boolean certificate, boolean plus, String mechanism,
            String start) throws AuthException {
        ScramClient client = client(plus ? List.of(Scram.PLUS, Scram.PLAIN) : List.of(Scram.PLAIN), tls,
                certificate);
        assertThat(client.mechanism()).isEqualTo(mechanism);
        assertThat(client.first()).asString(ISO_8859_1).startsWith(start).hasSize(start.length() + 24);
    }

    @Test
    void refusesPlusWithoutTls() {
        assertThatThrownBy(() -> client(List.of(Scram.PLUS, Scram.PLAIN), false, true))
                .hasMessageStartingWith("SASL mechanisms: SCRAM-SHA-256-PLUS without TLS");
    }

    @Test
    void refusesMechanismsThatItDoesNotHave() {
        for (List<String> offered : List.of(List.<String>of(), List.of("SCRAM-SHA-1", "OAUTHBEARER"))) {
            assertThatThrownBy(() -> client(offered, true, true))
                    .hasMessageStartingWith("SASL mechanisms: none");
        }
        assertThatThrownBy(() -> client(List.of(Scram.PLUS), true, false)).as("nothing to bind to")
                .hasMessageStartingWith("SASL mechanisms: none");
    }

    @Test
    void needsAPasswordOrKeys() {
        assertThatThrownBy(() -> Exchange.client(new Credentials.None()))
                .hasMessageStartingWith("credentials: none");
        assertThatThrownBy(
                () -> Exchange.client(new Credentials.Md5(new Secret("md5b52328d7451bfeace80c4b8c338106f9"))))
                .hasMessageStartingWith("credentials: an MD5 hash")
                .message()
                .doesNotContain("b52328d7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"r=NONCE,s=SALT,i=7", "r=,s=SALT,i=7", "r=other,s=SALT,i=7",
        "r=xNONCE,s=SALT,i=7"})
    void refusesANonceThatIsNotOursAndMore(String message) throws AuthException {
        refusesNext(message, Kind.PROTOCOL, "SCRAM ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "r=NONCEx", "r=NONCEx,s=SALT", "r=NONCEx,i=7,s=SALT", "r=NONCEx,s=,i=7",
        "r=NONCEx,s=*,i=7", "r=NONCEx,s=SALT=,i=7", "r=NONCEx,s=SALT,i=7,", "r=NONCEx,s=SALT,i=7,m=1",
        "m=1,r=NONCEx,s=SALT,i=7", "r=NONCEx\0,s=SALT,i=7", "s=SALT,r=NONCEx,i=7"})
    void refusesWhatIsNoServerFirstMessage(String message) throws AuthException {
        refusesNext(message, Kind.PROTOCOL, "SCRAM ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "", "1000001", "2147483648", "99999999999999999999", "7x", "+7",
        "007"})
    void refusesIterationsThatWouldKeepItBusyOrAreNone(String iterations) throws AuthException {
        refusesNext("r=NONCEx,s=SALT,i=" + iterations, Kind.SERVER_WRONG, "SCRAM iterations");
    }

    @Test
    void takesAsFewIterationsAsPostgresAllows() throws AuthException {
        ScramServer server = new ScramServer(Verifier.of(Exchange.PASSWORD, Exchange.SALT, 1), null, false,
                new Random(1));
        assertThatCode(() -> Exchange.run(Exchange.client(Exchange.RIGHT), server))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesAServerThatDoesNotKnowTheRole() throws AuthException {
        refusesLast("v=" + Scram.base64(new byte[Sha256.BYTES]), Kind.SERVER_WRONG,
                "SCRAM server signature: wrong");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "v=", "v=AAAA", "x=1", "v", "AAAA"})
    void refusesWhatIsNoServerFinalMessage(String message) throws AuthException {
        refusesLast(message, Kind.PROTOCOL, "SCRAM ");
    }

    @Test
    void passesOnWhyAServerRefusesUnlessItIsNoName() throws AuthException {
        refusesLast("e=invalid-proof", Kind.SERVER_WRONG, "SCRAM: the server refuses: invalid-proof");
        refusesLast("e=hush-hush", Kind.SERVER_WRONG, "SCRAM: the server refuses: not shown");
        refusesLast("e=\u001b[31mroot\n", Kind.SERVER_WRONG, "SCRAM: the server refuses: not shown");
    }
}
