package dev.turnout.proxy.net.tls;

import static dev.turnout.proxy.net.tls.Loopback.clientConfig;
import static dev.turnout.proxy.net.tls.Loopback.serverConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.TlsClientConfig;
import dev.turnout.config.TlsMode;
import dev.turnout.proxy.testkit.Certificates;
import dev.turnout.proxy.testkit.LeakCheck;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens when files change under a server or a client that runs. */
@ExtendWith(LeakCheck.class)
@ParameterizedClass
@EnumSource(value = SslProvider.class, names = {"JDK", "OPENSSL_REFCNT"})
class ReloadTest {
    private static final Certificates CA = Certificates.ca("Test CA");
    private static final String HOST = "db.example.test";

    private final SslProvider provider;

    @TempDir
    private Path folder;

    ReloadTest(SslProvider provider) {
        this.provider = provider;
    }

    private final Certificates first = CA.issue("first", HOST);
    private final Certificates second = CA.issue("second", HOST);
    private int writes;

    private ServerTls open() throws IOException {
        return ServerTls.open(serverConfig(folder, first), List.of("postgresql"), provider);
    }

    private ClientTls client(TlsClientConfig config) throws IOException {
        return ClientTls.open(config, List.of("postgresql"), provider);
    }

    private ClientTls client() throws IOException {
        return client(clientConfig(TlsMode.VERIFY_FULL, Optional.of(CA.certificateIn(folder, "ca"))));
    }

    /** As cert-manager and every careful script do: a new file takes the place of the old one. */
    private void replace(String name, String text) throws IOException {
        Path next = Files.writeString(folder.resolve(name + ".new"), text);
        Files.move(next, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** In place; the clock of a file system may be too coarse for a test to be seen. */
    private void overwrite(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        writes++;
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH.plusSeconds(writes)));
    }

    private static Loopback connect(ServerTls server, ClientTls client) {
        return new Loopback(client.handler(PooledByteBufAllocator.DEFAULT, HOST, 5432),
                server.offer(PooledByteBufAllocator.DEFAULT).handler());
    }

    private static X509Certificate shown(ServerTls server, ClientTls client) {
        try (Loopback loopback = connect(server, client)) {
            assertThat(loopback.works()).as(loopback.why()).isTrue();
            return ClientTls.serverCertificate(loopback.clientTls()).orElseThrow();
        }
    }

    private static X509Certificate offered(ServerTls server) {
        ServerTls.Offer offer = server.offer(PooledByteBufAllocator.DEFAULT);
        ReferenceCountUtil.release(offer.handler().engine());
        return offer.certificate();
    }

    @Test
    void aNewPairIsShownToNewConnectionsAndTheOldOnesGoOn() throws IOException {
        try (ServerTls server = open();
                ClientTls client = client();
                Loopback before = connect(server, client)) {
            assertThat(before.works()).isTrue();
            replace("server.crt", second.pem());
            replace("server.key", second.keyPem(Certificates.Form.PKCS8, ""));
            assertThat(server.refresh()).isTrue();
            assertThat(shown(server, client)).isEqualTo(second.certificate());
            assertThat(before.works()).as("its context is gone, it is not").isTrue();
        }
    }

    @Test
    void anOfferNamesTheCertificateThatIsShown() throws IOException {
        try (ServerTls server = open(); ClientTls client = client()) {
            overwrite("server.crt", second.pem());
            overwrite("server.key", second.keyPem(Certificates.Form.PKCS8, ""));
            ServerTls.Offer before = server.offer(PooledByteBufAllocator.DEFAULT);
            assertThat(server.refresh()).isTrue();
            assertThat(before.certificate()).isEqualTo(first.certificate());
            try (Loopback loopback = new Loopback(
                    client.handler(PooledByteBufAllocator.DEFAULT, HOST, 5432), before.handler())) {
                assertThat(loopback.works()).isTrue();
                assertThat(ClientTls.serverCertificate(loopback.clientTls())).contains(first.certificate());
            }
        }
    }

    @Test
    void halfAPairIsWarnedOfOnceAndTheOldOneStays() throws IOException {
        try (ServerTls server = open(); ClientTls client = client(); Warnings warnings = new Warnings()) {
            overwrite("server.crt", second.pem());
            assertThat(server.refresh()).isFalse();
            assertThat(server.refresh()).as("what the files say is still not in force").isFalse();
            assertThat(warnings.said()).containsExactly("tls.private-key: " + folder.resolve("server.key")
                    + ": not the key of the certificate " + folder.resolve("server.crt")
                    + " (expected: the key of the first certificate of that file); what was read before stays in force");
            assertThat(shown(server, client)).isEqualTo(first.certificate());
            overwrite("server.key", second.keyPem(Certificates.Form.PKCS8, ""));
            assertThat(server.refresh()).isTrue();
            assertThat(shown(server, client)).isEqualTo(second.certificate());
        }
    }

    @Test
    void everyChangeIsWarnedOf() throws IOException {
        try (ServerTls server = open(); Warnings warnings = new Warnings()) {
            overwrite("server.key", "");
            server.refresh();
            overwrite("server.key", "garbage");
            server.refresh();
            Files.delete(folder.resolve("server.key"));
            server.refresh();
            server.refresh();
            assertThat(warnings.said()).hasSize(3);
            assertThat(warnings.said().getLast()).contains("server.key: not there");
        }
    }

    @Test
    void aFileThatComesBackIsUsedAgain() throws IOException {
        try (ServerTls server = open()) {
            Files.delete(folder.resolve("server.key"));
            assertThat(server.refresh()).isFalse();
            first.keyIn(folder, "server");
            assertThat(server.refresh()).isTrue();
        }
    }

    @Test
    void theContextStaysWhenNothingChanged() throws IOException {
        try (ServerTls server = open()) {
            X509Certificate before = offered(server);
            assertThat(server.refresh()).isTrue();
            assertThat(offered(server)).as("it was not even read").isSameAs(before);
        }
    }

    @Test
    void otherAuthoritiesOfClientsAreTakenUp() throws IOException {
        Certificates other = Certificates.ca("Other CA");
        TlsClientConfig alice = clientConfig(folder, CA.certificateIn(folder, "ca"), CA.issue("alice"),
                "secret");
        Path clientCa = other.certificateIn(folder, "client-ca");
        try (ServerTls server = ServerTls.open(serverConfig(folder, first, Optional.of(clientCa), true),
                List.of(),
                provider); ClientTls client = client(alice)) {
            try (Loopback loopback = connect(server, client)) {
                assertThat(loopback.works()).isFalse();
            }
            overwrite("client-ca.crt", CA.pem());
            assertThat(server.refresh()).isTrue();
            try (Loopback loopback = connect(server, client)) {
                assertThat(loopback.works()).as(loopback.why()).isTrue();
                assertThat(ServerTls.clientName(loopback.serverTls())).contains("alice");
            }
        }
    }

    @Test
    void otherAuthoritiesOfServersAreTakenUp() throws IOException {
        try (ServerTls server = open();
                ClientTls client = client(clientConfig(TlsMode.VERIFY_CA,
                        Optional.of(Certificates.ca("Other CA").certificateIn(folder, "ca"))))) {
            try (Loopback loopback = connect(server, client)) {
                assertThat(loopback.works()).isFalse();
            }
            overwrite("ca.crt", CA.pem());
            assertThat(client.refresh()).isTrue();
            assertThat(shown(server, client)).isEqualTo(first.certificate());
        }
    }

    @Test
    void whatIsClosedOffersNothingAndItsConnectionsGoOn() throws IOException {
        ServerTls server = open();
        try (ClientTls client = client(); Loopback open = connect(server, client)) {
            server.close();
            server.close();
            assertThatThrownBy(() -> server.offer(PooledByteBufAllocator.DEFAULT))
                    .isInstanceOf(IllegalStateException.class);
            overwrite("server.crt", second.pem());
            overwrite("server.key", second.keyPem(Certificates.Form.PKCS8, ""));
            assertThat(server.refresh()).isTrue();
            assertThat(open.works()).isTrue();
        }
    }

    @Test
    void connectionsAreMadeWhileFilesChange() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (ServerTls server = open(); ClientTls client = client()) {
            List<Future<Integer>> connecting = new ArrayList<>();
            Callable<Integer> connect = () -> {
                int made = 0;
                while (!done.get() || made == 0) {
                    assertThat(shown(server, client)).isIn(first.certificate(), second.certificate());
                    made++;
                }
                return made;
            };
            connecting.add(threads.submit(connect));
            connecting.add(threads.submit(connect));
            for (int i = 0; i < 20; i++) {
                Certificates next = i % 2 == 0 ? second : first;
                overwrite("server.crt", next.pem());
                server.refresh();
                overwrite("server.key", next.keyPem(Certificates.Form.PKCS8, ""));
                assertThat(server.refresh()).isTrue();
            }
            done.set(true);
            for (Future<Integer> made : connecting) {
                assertThat(made.get(30, TimeUnit.SECONDS)).isPositive();
            }
        } finally {
            done.set(true);
            threads.shutdown();
            assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}
