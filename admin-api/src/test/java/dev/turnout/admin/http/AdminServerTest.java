package dev.turnout.admin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.turnout.admin.AdminPorts;
import dev.turnout.admin.FakePorts;
import dev.turnout.admin.FakeRoutes;
import dev.turnout.admin.security.LocalToken;
import dev.turnout.config.Address;
import dev.turnout.config.AdminConfig;
import dev.turnout.config.Role;
import dev.turnout.config.Secret;
import dev.turnout.config.TokenConfig;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminServerTest {
    private static final AdminPorts PORTS = FakePorts.of(new FakeRoutes("shop"), () -> true, () -> "");

    @TempDir
    private Path stateDir;

    private AdminServer start(String host, int port, TokenConfig... tokens) throws IOException {
        return AdminServer.start(new AdminConfig(new Address(host, port), List.of(tokens)), stateDir, PORTS,
                new SecureRandom());
    }

    @Test
    void makesATokenWhenNoneIsConfigured() throws Exception {
        try (AdminFixture admin = new AdminFixture(stateDir, List.of())) {
            String token = Files.readString(LocalToken.file(stateDir));
            assertThat(token).matches("[0-9a-f]{64}");
            HttpResponse<String> response = admin.send(admin.as(token, "/api/v1/routes/shop/split").DELETE());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(admin.routes.changes().getFirst().actor()).isEqualTo("local");
            assertThat(admin.send(admin.as("x", "/metrics")).statusCode()).isEqualTo(401);
        }
    }

    @Test
    void keepsTheTokenToTheOwner() throws Exception {
        try (AdminServer server = start("127.0.0.1", 0)) {
            assertThat(server.uri().getPort()).isPositive();
            assertThat(
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(LocalToken.file(stateDir))))
                    .isEqualTo("rw-------");
            try (var files = Files.list(stateDir)) {
                assertThat(files).as("no draft is left").containsExactly(LocalToken.file(stateDir));
            }
        }
    }

    @Test
    void makesAnotherTokenAtEachStart() throws Exception {
        start("127.0.0.1", 0).close();
        String first = Files.readString(LocalToken.file(stateDir));
        start("127.0.0.1", 0).close();
        assertThat(Files.readString(LocalToken.file(stateDir))).isNotEqualTo(first);
    }

    @Test
    void removesATokenThatOpensNothing() throws Exception {
        start("127.0.0.1", 0).close();
        try (AdminServer server = start("127.0.0.1", 0,
                new TokenConfig("ops", Role.OPERATOR, new Secret("x")))) {
            assertThat(server.uri().getPort()).isPositive();
            assertThat(LocalToken.file(stateDir)).doesNotExist();
        }
    }

    @Test
    void staysOnLoopbackWithoutTokens() throws Exception {
        try (AdminServer server = start("0.0.0.0", 0)) {
            assertThat(server.uri().getHost()).as("open to the network only with tokens")
                    .isEqualTo("127.0.0.1");
        }
        try (AdminServer server = start("::1", 0)) {
            assertThat(server.uri().getHost()).isEqualTo("[::1]");
        }
        try (AdminServer server = start("0.0.0.0", 0,
                new TokenConfig("ops", Role.OPERATOR, new Secret("x")))) {
            assertThat(server.uri().getHost()).isEqualTo("0.0.0.0");
        }
    }

    @Test
    void namesTheAddressThatIsTakenAndLeavesTheOthersToken() throws Exception {
        try (AdminServer first = start("127.0.0.1", 0)) {
            String token = Files.readString(LocalToken.file(stateDir));
            int port = first.uri().getPort();
            assertThatThrownBy(() -> start("127.0.0.1", port)).isInstanceOf(IOException.class)
                    .hasMessageContaining("admin.listen: 127.0.0.1:" + port)
                    .hasMessageContaining("in use");
            assertThat(Files.readString(LocalToken.file(stateDir))).isEqualTo(token);
        }
        await().untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "no-such-host.invalid"})
    void namesAnAddressThatIsNotOfThisMachine(String host) {
        assertThatThrownBy(() -> start(host, 9901, new TokenConfig("ops", Role.OPERATOR, new Secret("x"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("admin.listen: " + host + ":9901 cannot be listened on: ");
        await().untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @Test
    void answersADefectWithoutItsInsides() throws Exception {
        AdminPorts broken = FakePorts.of(new FakeRoutes("shop"), () -> {
            throw new AssertionError("inside");
        }, () -> "");
        try (AdminServer server = AdminServer.start(new AdminConfig(new Address("127.0.0.1", 0), List.of()),
                stateDir,
                broken, new SecureRandom()); HttpClient client = HttpClient.newHttpClient()) {
            var response = client.send(HttpRequest.newBuilder(server.uri().resolve("/readyz")).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(response.body()).contains("\"code\":\"internal\"").doesNotContain("inside");
        }
    }

    @Test
    void saysWhichFileCannotBeWritten() throws Exception {
        Path file = Files.createFile(stateDir.resolve("file"));
        AdminConfig config = new AdminConfig(new Address("127.0.0.1", 0), List.of());
        assertThatThrownBy(() -> AdminServer.start(config, file, PORTS, new SecureRandom()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.resolve("admin.token").toString());
        await().untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @Test
    void endsItsThreadsWhenItCloses() throws Exception {
        try (AdminFixture admin = new AdminFixture(stateDir)) {
            admin.send(admin.request("/healthz"));
            assertThat(threads()).as("one event loop of its own").hasSizeLessThanOrEqualTo(3);
            admin.server.close();
            admin.server.close();
        }
        await().untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @Test
    void letsAChangeFinishThatIsBeingMade() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch onDisk = new CountDownLatch(1);
        AdminPorts slow = FakePorts.of(new FakeRoutes("shop"), () -> {
            asked.countDown();
            try {
                onDisk.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return true;
        }, () -> "");
        AdminServer server = AdminServer.start(new AdminConfig(new Address("127.0.0.1", 0), List.of()),
                stateDir, slow,
                new SecureRandom());
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(server.uri().resolve("/readyz")).build();
            var answer = client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
            asked.await();
            CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);
            onDisk.countDown();
            assertThat(answer.get().statusCode()).isEqualTo(200);
            closed.get();
        }
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("vert"))
                .toList();
    }
}
