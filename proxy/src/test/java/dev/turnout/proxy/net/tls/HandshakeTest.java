package dev.turnout.proxy.net.tls;

import static dev.turnout.proxy.net.tls.Loopback.clientConfig;
import static dev.turnout.proxy.net.tls.Loopback.serverConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.TlsClientConfig;
import dev.turnout.config.TlsMode;
import dev.turnout.proxy.testkit.Certificates;
import dev.turnout.proxy.testkit.Certificates.Kind;
import dev.turnout.proxy.testkit.LeakCheck;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Who lets whom in, with either provider at both ends. */
@ExtendWith(LeakCheck.class)
@ParameterizedClass
@EnumSource(value = SslProvider.class, names = {"JDK", "OPENSSL_REFCNT"})
class HandshakeTest {
    private static final Certificates CA = Certificates.ca("Test CA");
    private static final Certificates OTHER_CA = Certificates.ca("Other CA");
    private static final String HOST = "db.example.test";

    private final SslProvider provider;

    @TempDir
    private Path folder;

    HandshakeTest(SslProvider provider) {
        this.provider = provider;
    }

    private Path ca() throws IOException {
        return CA.certificateIn(folder, "ca");
    }

    private static SslHandler handler(ClientTls client, String host) {
        return client.handler(PooledByteBufAllocator.DEFAULT, host, 5432);
    }

    private static SslHandler handler(ServerTls server) {
        return server.offer(PooledByteBufAllocator.DEFAULT).handler();
    }

    private ServerTls server(Certificates own) throws IOException {
        return ServerTls.open(serverConfig(folder, own), List.of(), provider);
    }

    private ClientTls client(TlsClientConfig config) throws IOException {
        return ClientTls.open(config, List.of(), provider);
    }

    private boolean works(TlsClientConfig config, Certificates shown, String host) throws IOException {
        try (ServerTls server = server(shown);
                ClientTls client = client(config);
                Loopback loopback = new Loopback(handler(client, host), handler(server))) {
            boolean works = loopback.works();
            if (works) {
                assertThat(loopback.clientTls().engine().getSession().getProtocol()).isEqualTo("TLSv1.3");
                assertThat(ClientTls.serverCertificate(loopback.clientTls())).contains(shown.certificate());
                assertThat(ServerTls.clientName(loopback.serverTls())).isEmpty();
            }
            return works;
        }
    }

    private static Certificates shown(String what) {
        return switch (what) {
            case "good" -> CA.issue("someone", HOST, "10.0.0.1", "::1");
            case "through-another" -> CA.issueCa("Between").issue("someone", HOST);
            case "common-name-only" -> CA.issue(HOST);
            case "expired" -> CA.issueExpired("someone", HOST);
            case "wrong-host" -> CA.issue("someone", "other.example.test", "10.0.0.2");
            case "wrong-ca" -> OTHER_CA.issue("someone", HOST);
            case "self-signed" -> Certificates.selfSigned("someone", HOST);
            default -> throw new IllegalArgumentException(what);
        };
    }

    @ParameterizedTest
    @EnumSource(value = TlsMode.class, names = {"ALLOW", "PREFER", "REQUIRE"})
    void withoutAuthoritiesNobodyIsChecked(TlsMode mode) throws IOException {
        for (String what : List.of("good", "expired", "wrong-host", "wrong-ca", "self-signed")) {
            assertThat(works(clientConfig(mode, Optional.empty()), shown(what), HOST)).as(what).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(value = TlsMode.class, names = {"ALLOW", "PREFER"})
    void whatFallsBackToPlainTextChecksNobody(TlsMode mode) throws IOException {
        assertThat(works(clientConfig(mode, Optional.of(ca())), shown("wrong-ca"), HOST))
                .as("a check that fails would lead to no TLS at all, which is worse").isTrue();
    }

    @ParameterizedTest
    @CsvSource({"good, true", "through-another, true", "common-name-only, true", "expired, false",
        "wrong-host, true", "wrong-ca, false", "self-signed, false"})
    void verifyCaChecksTheChainOnly(String what, boolean works) throws IOException {
        assertThat(works(clientConfig(TlsMode.VERIFY_CA, Optional.of(ca())), shown(what), HOST))
                .isEqualTo(works);
        assertThat(works(clientConfig(TlsMode.REQUIRE, Optional.of(ca())), shown(what), HOST))
                .as("require with authorities is verify-ca").isEqualTo(works);
    }

    @ParameterizedTest
    @CsvSource({"good, true", "through-another, true", "common-name-only, true", "expired, false",
        "wrong-host, false", "wrong-ca, false", "self-signed, false"})
    void verifyFullChecksTheHostAsWell(String what, boolean works) throws IOException {
        assertThat(works(clientConfig(TlsMode.VERIFY_FULL, Optional.of(ca())), shown(what), HOST))
                .isEqualTo(works);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.1, true", "10.0.0.2, false", "::1, true", "::2, false", "db.example.test., true",
        "localhost, false"})
    void verifyFullChecksAddressesToo(String host, boolean works) throws IOException {
        assertThat(works(clientConfig(TlsMode.VERIFY_FULL, Optional.of(ca())), shown("good"), host))
                .isEqualTo(works);
    }

    @ParameterizedTest
    @EnumSource(value = TlsMode.class, names = {"VERIFY_CA", "VERIFY_FULL"})
    void withoutAuthoritiesThoseOfTheSystemAreAsked(TlsMode mode) throws IOException {
        assertThat(works(clientConfig(mode, Optional.empty()), shown("good"), HOST)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = {"RSA", "EC"})
    void everyCommonKindOfKeyWorks(Kind kind) throws IOException {
        assertThat(
                works(clientConfig(TlsMode.VERIFY_FULL, Optional.of(ca())), CA.issue(kind, "someone", HOST),
                        HOST))
                .isTrue();
    }

    @Test
    void anEd25519KeyWorksForPeersThatKnowIt() throws IOException {
        try (ServerTls server = server(CA.issue(Kind.ED25519, "someone", HOST));
                ClientTls client = ClientTls.open(clientConfig(TlsMode.VERIFY_FULL, Optional.of(ca())),
                        List.of(),
                        SslProvider.JDK);
                Loopback loopback = new Loopback(handler(client, HOST), handler(server))) {
            assertThat(loopback.works()).as(loopback.why()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(value = {"db.example.test, db.example.test", "db, db", "localhost., localhost",
        "10.0.0.1, NULL",
        "::1, NULL", "my_db, NULL"}, nullValues = "NULL")
    void serversAreToldNamesOnly(String host, String told) throws IOException {
        try (ServerTls server = server(shown("good"));
                ClientTls client = client(clientConfig(TlsMode.REQUIRE, Optional.empty()));
                Loopback loopback = new Loopback(handler(client, host), handler(server))) {
            assertThat(loopback.works()).as(loopback.why()).isTrue();
            var session = (ExtendedSSLSession) loopback.serverTls().engine().getSession();
            assertThat(session.getRequestedServerNames())
                    .isEqualTo(told == null ? List.of() : List.of(new SNIHostName(told)));
        }
    }

    private String mutual(boolean required, Optional<Certificates> own) throws IOException {
        Path clientCa = OTHER_CA.certificateIn(folder, "client-ca");
        TlsClientConfig config = own.isPresent()
                ? clientConfig(folder, ca(), own.get(), "secret")
                : clientConfig(TlsMode.VERIFY_FULL, Optional.of(ca()));
        try (ServerTls server = ServerTls.open(
                serverConfig(folder, shown("good"), Optional.of(clientCa), required), List.of(), provider);
                ClientTls client = client(config);
                Loopback loopback = new Loopback(handler(client, HOST), handler(server))) {
            return loopback.works() ? ServerTls.clientName(loopback.serverTls()).orElse("nobody") : "refused";
        }
    }

    @Test
    void aClientIsKnownByTheCommonNameOfItsCertificate() throws IOException {
        assertThat(mutual(false, Optional.of(OTHER_CA.issue("alice")))).isEqualTo("alice");
        assertThat(mutual(true, Optional.of(OTHER_CA.issue("alice")))).isEqualTo("alice");
        assertThat(mutual(true, Optional.of(OTHER_CA.issueCa("Between").issue("bob")))).isEqualTo("bob");
        assertThat(mutual(true, Optional.of(OTHER_CA.issueTo("CN=a\\,b,OU=x+CN=c")))).isEqualTo("a,b");
        assertThat(mutual(true, Optional.of(OTHER_CA.issueTo("O=nameless")))).isEqualTo("nobody");
    }

    @Test
    void aClientWithoutACertificateIsRefusedOnlyWhereOneIsRequired() throws IOException {
        assertThat(mutual(false, Optional.empty())).isEqualTo("nobody");
        assertThat(mutual(true, Optional.empty())).isEqualTo("refused");
    }

    @Test
    void aClientCertificateThatIsNotGoodIsRefusedWhereverItIsShown() throws IOException {
        for (boolean required : List.of(true, false)) {
            assertThat(mutual(required, Optional.of(OTHER_CA.issueExpired("alice")))).isEqualTo("refused");
            assertThat(mutual(required, Optional.of(Certificates.ca("Other CA").issue("alice"))))
                    .as("an authority that only bears the name").isEqualTo("refused");
        }
    }

    private Loopback alpn(ServerTls server, ClientTls client) {
        return new Loopback(handler(client, HOST), handler(server));
    }

    @ParameterizedTest
    @CsvSource(value = {"postgresql, postgresql, postgresql", "NULL, postgresql, NULL",
        "postgresql, NULL, NULL",
        "h2 postgresql, postgresql, postgresql", "h2 http/1.1, h2 http/1.1, h2"}, nullValues = "NULL")
    void protocolsAreAgreedOn(String offered, String spoken, String agreed) throws IOException {
        try (ServerTls server = ServerTls.open(serverConfig(folder, shown("good")), names(spoken), provider);
                ClientTls client = ClientTls.open(clientConfig(TlsMode.REQUIRE, Optional.empty()),
                        names(offered), provider);
                Loopback loopback = alpn(server, client)) {
            assertThat(loopback.works()).as(loopback.why()).isTrue();
            assertThat(loopback.serverTls().applicationProtocol()).isEqualTo(agreed);
            assertThat(loopback.clientTls().applicationProtocol()).isEqualTo(agreed);
            assertThat(loopback.server().pipeline().get(AlpnGuard.class)).as("it has done its work").isNull();
        }
    }

    private static List<String> names(String list) {
        return list == null ? List.of() : List.of(list.split(" ", -1));
    }

    @Test
    void aClientThatOffersOnlyOtherProtocolsIsRefused() throws IOException {
        try (ServerTls server = ServerTls.open(serverConfig(folder, shown("good")), List.of("postgresql"),
                provider);
                ClientTls client = ClientTls.open(clientConfig(TlsMode.REQUIRE, Optional.empty()),
                        List.of("h2", "http/1.1"), provider);
                Loopback loopback = alpn(server, client)) {
            assertThat(loopback.works()).as("RFC 7301 3.2: else a browser could be led to a database")
                    .isFalse();
            assertThat(loopback.serverTls().handshakeFuture().cause()).isNotNull();
            assertThat(loopback.why()).as("the client is told why")
                    .containsIgnoringCase("no_application_protocol");
            assertThat(loopback.serverFailures).first().asString()
                    .contains("ALPN: none of ours is offered (expected: postgresql)");
            assertThat(loopback.server().isOpen()).isFalse();
        }
    }

    @Test
    void saysWhichFileOfTheSideIsWrong() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty"), "");
        for (TlsMode mode : TlsMode.values()) {
            assertThatThrownBy(() -> client(clientConfig(mode, Optional.of(empty))))
                    .hasMessage("tls.ca: " + empty + ": empty (expected: certificates in PEM)");
        }
    }
}
