package dev.turnout.proxy.pg.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.proxy.pg.auth.AuthException.Kind;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that want in without the password. */
class ScramServerTest {
    private static final byte[] OTHER_CERTIFICATE = Sha256.hash(new byte[]{7});

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static void refusesFirst(ScramServer server, String mechanism, String message, Kind kind,
            String start) {
        assertThatThrownBy(() -> server.clientFirst(mechanism, bytes(message))).as(message)
                .hasMessageStartingWith(start)
                .isInstanceOfSatisfying(AuthException.class, e -> assertThat(e.kind()).isEqualTo(kind));
        assertThatThrownBy(() -> server.clientFirst(mechanism, bytes("n,,n=,r=abc")))
                .as("an exchange that failed is over")
                .isInstanceOf(IllegalStateException.class);
    }

    /** The client-final-message of a client that knows the password, changed before it arrives. */
    private static void refusesFinal(ScramServer server, byte @Nullable [] endPoint,
            UnaryOperator<String> change,
            Kind kind,
            String start) throws AuthException {
        ScramClient client = new ScramClient(Exchange.RIGHT, server.mechanisms(), endPoint, endPoint != null,
                new Random(3));
        byte[] last = client.next(server.clientFirst(client.mechanism(), client.first()));
        String changed = change.apply(new String(last, ISO_8859_1));
        assertThatThrownBy(() -> server.clientFinal(bytes(changed))).as(changed)
                .hasMessageStartingWith(start)
                .isInstanceOfSatisfying(AuthException.class, e -> assertThat(e.kind()).isEqualTo(kind));
        assertThatThrownBy(() -> server.clientFinal(last)).as("there is no second try")
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(server::keys).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void offersPlusExactlyOverTlsWithACertificateToBindTo() {
        assertThat(Exchange.server(Exchange.END_POINT).mechanisms())
                .containsExactly("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256");
        assertThat(Exchange.server(null).mechanisms()).containsExactly("SCRAM-SHA-256");
        assertThat(new ScramServer(Exchange.VERIFIER, Exchange.END_POINT, false, new Random(1)).mechanisms())
                .containsExactly("SCRAM-SHA-256");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SCRAM-SHA-1", "SCRAM-SHA-256-PLUS", "scram-sha-256"})
    void refusesAMechanismThatItHasNotOffered(String mechanism) {
        refusesFirst(Exchange.server(), mechanism, "p=tls-server-end-point,,n=,r=abc", Kind.PROTOCOL,
                "SASL mechanism: not one that was offered (expected: SCRAM-SHA-256)");
    }

    @Test
    void refusesAClientThatWasToldThereIsNoPlus() {
        refusesFirst(Exchange.server(Exchange.END_POINT), "SCRAM-SHA-256", "y,,n=,r=abc", Kind.CLIENT_WRONG,
                "SCRAM channel binding: the client could and thinks that this proxy cannot");
        assertThatCode(() -> Exchange.server(null).clientFirst("SCRAM-SHA-256", bytes("y,,n=,r=abc")))
                .as("over TLS with a certificate that nothing can be bound to")
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"n,,n=,r=abc", "y,,n=,r=abc", "p=tls-unique,,n=,r=abc", "p=,,n=,r=abc",
        "p,,n=,r=abc",
        "p=tls-server-end-point2,,n=,r=abc"})
    void plusNeedsTheOneBindingThereIs(String message) {
        refusesFirst(Exchange.server(Exchange.END_POINT), "SCRAM-SHA-256-PLUS", message, Kind.PROTOCOL,
                "SCRAM channel binding: not usable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"p=tls-server-end-point,,n=,r=abc", "N,,n=,r=abc", ",,n=,r=abc", "nn,,n=,r=abc"})
    void plainAllowsNoBinding(String message) {
        refusesFirst(Exchange.server(), "SCRAM-SHA-256", message, Kind.PROTOCOL,
                "SCRAM channel binding: wanted");
    }

    @Test
    void refusesToActForAnother() {
        refusesFirst(Exchange.server(), "SCRAM-SHA-256", "n,a=postgres,n=,r=abc", Kind.PROTOCOL,
                "SCRAM message: an authorization identity");
    }

    @ParameterizedTest
    @ValueSource(strings = {"n,,m=x,n=,r=abc", "n,,n=,m=x,r=abc", "n,,n=,r=abc,m=x", "n,,n=,r=abc,a=1,m=x"})
    void refusesMandatoryExtensions(String message) {
        refusesFirst(Exchange.server(), "SCRAM-SHA-256", message, Kind.PROTOCOL,
                "SCRAM message: a mandatory extension");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "n", "n,", "n,,", "n,,n=", "n,,r=abc,n=", "n,,n=,r=", "n,,n=,r=a b",
        "n,,n=,r=a\u00e9",
        "n,,n=,r=abc,", "n,,n=,r=abc,x", "n,,n=,r=abc,1=x", "n,,n=,r=abc,,a=1", "n,,n=,r=a\0bc",
        "n,,n=,R=abc",
        "n,,n=,r=abc\0"})
    void refusesWhatIsNoFirstMessage(String message) {
        refusesFirst(Exchange.server(), "SCRAM-SHA-256", message, Kind.PROTOCOL, "SCRAM ");
    }

    @Test
    void hasALimitForBothMessages() throws AuthException {
        String longest = "n,,n=,r=" + "x".repeat(Scram.MAX_BYTES - 8);
        assertThatCode(() -> Exchange.server().clientFirst("SCRAM-SHA-256", bytes(longest)))
                .doesNotThrowAnyException();
        refusesFirst(Exchange.server(), "SCRAM-SHA-256", longest + "x", Kind.PROTOCOL,
                "SCRAM message: 1025 bytes (expected: 1..1024)");
        refusesFinal(Exchange.server(), null, text -> text.replace(",p=", ",a=" + "x".repeat(1000) + ",p="),
                Kind.PROTOCOL, "SCRAM message: ");
    }

    @Test
    void ignoresTheUserNameAndOtherExtensions() {
        assertThatCode(
                () -> Exchange.server().clientFirst("SCRAM-SHA-256", bytes("n,,n=j\u00fcrgen,r=abc,x=1")))
                .doesNotThrowAnyException();
    }

    @Test
    void takesAnExtensionThatTheProofCovers() throws AuthException {
        ScramServer server = new ScramServer(Exchange.VERIFIER, null, "server");
        String first = new String(server.clientFirst("SCRAM-SHA-256", bytes("n,,n=,r=abc")), ISO_8859_1);
        byte[] salted = Sha256.salted(Exchange.PASSWORD, Exchange.SALT, Exchange.ITERATIONS);
        byte[] key = Verifier.clientKey(salted);
        byte[] proof = Sha256.xor(key, Sha256.hmac(Sha256.hash(key),
                bytes("n=,r=abc," + first + ",c=biws,r=abcserver,x=1")));
        assertThatCode(() -> server.clientFinal(bytes("c=biws,r=abcserver,x=1,p=" + Scram.base64(proof))))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesAProofThatWasOverheard() throws AuthException {
        ScramClient client = Exchange.client(Exchange.RIGHT);
        byte[] overheardFirst = client.first();
        byte[] overheardLast = client.next(Exchange.server().clientFirst(client.mechanism(), overheardFirst));
        ScramServer later = new ScramServer(Exchange.VERIFIER, null, false, new Random(99));
        String nonce = new String(later.clientFirst("SCRAM-SHA-256", overheardFirst), ISO_8859_1)
                .replaceAll("r=([^,]*),.*", "$1");
        assertThatThrownBy(() -> later.clientFinal(overheardLast)).hasMessageStartingWith("SCRAM nonce");
        ScramServer last = new ScramServer(Exchange.VERIFIER, null, false, new Random(99));
        last.clientFirst("SCRAM-SHA-256", overheardFirst);
        String patched = new String(overheardLast, ISO_8859_1).replaceAll("r=[^,]*", "r=" + nonce);
        assertThatThrownBy(() -> last.clientFinal(bytes(patched))).as("the right nonce, another's proof")
                .hasMessageStartingWith("password: wrong");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "=", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=", " "})
    void refusesAProofThatIsNone(String proof) throws AuthException {
        refusesFinal(Exchange.server(), null, text -> text.replaceAll("p=.*", "p=" + proof), Kind.PROTOCOL,
                "SCRAM attribute p");
    }

    @Test
    void refusesAProofOfZeros() throws AuthException {
        refusesFinal(Exchange.server(), null,
                text -> text.replaceAll("p=.*", "p=" + Scram.base64(new byte[Sha256.BYTES])),
                Kind.CLIENT_WRONG,
                "password: wrong");
    }

    @Test
    void refusesAnotherNonce() throws AuthException {
        for (UnaryOperator<String> change : List.<UnaryOperator<String>>of(
                text -> text.replace(",r=", ",r=x"),
                text -> text.replace(",p=", "x,p="), text -> text.replaceAll("r=[^,]*", "r=a"))) {
            refusesFinal(Exchange.server(), null, change, Kind.PROTOCOL, "SCRAM nonce");
        }
    }

    @Test
    void refusesAFinalMessageInAnotherOrderOrWithMore() throws AuthException {
        for (UnaryOperator<String> change : List.<UnaryOperator<String>>of(text -> text + ",a=1",
                text -> text + ",",
                text -> "a=1," + text, text -> text.replaceAll("(c=.*),(r=.*),p", "$2,$1,p"), text -> "",
                text -> text.replaceAll(",p=.*", ""), text -> text.replaceAll("c=[^,]*", "c="),
                text -> text.replace(",p=", ",m=1,p="), text -> text.replace(",p=", ",,p="),
                text -> text + ",p=AAAA")) {
            refusesFinal(Exchange.server(), null, change, Kind.PROTOCOL, "SCRAM ");
        }
    }

    @Test
    void refusesAClientThatSeesAnotherCertificate() throws AuthException {
        refusesFinal(Exchange.server(Exchange.END_POINT), OTHER_CERTIFICATE, UnaryOperator.identity(),
                Kind.CLIENT_WRONG, "SCRAM channel binding: the client sees another certificate");
    }

    @Test
    void refusesAHeaderThatWasNotTheFirst() throws AuthException {
        refusesFinal(Exchange.server(), null, text -> text.replace("c=biws", "c=eSws"), Kind.PROTOCOL,
                "SCRAM attribute c");
        refusesFinal(Exchange.server(Exchange.END_POINT), Exchange.END_POINT,
                text -> text.replaceAll("c=[^,]*", "c=biws"), Kind.CLIENT_WRONG, "SCRAM channel binding");
    }
}
