package dev.turnout.admin.http;

import dev.turnout.admin.AdminPorts;
import dev.turnout.admin.FakeRoutes;
import dev.turnout.config.Address;
import dev.turnout.config.AdminConfig;
import dev.turnout.config.Role;
import dev.turnout.config.Secret;
import dev.turnout.config.TokenConfig;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A real server on a port of its own over routes in memory, and a real client of it. */
public final class AdminFixture implements AutoCloseable {
    public static final String VIEWER = "viewer-token";
    public static final String OPERATOR = "operator-token";

    public final FakeRoutes routes = new FakeRoutes("api", "shop");
    public final AtomicBoolean ready = new AtomicBoolean(true);
    public final AdminServer server;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    public AdminFixture(Path stateDir) throws IOException {
        this(stateDir, List.of(new TokenConfig("looker", Role.VIEWER, new Secret(VIEWER)),
                new TokenConfig("ops", Role.OPERATOR, new Secret(OPERATOR)),
                new TokenConfig("root", Role.ADMIN, new Secret("admin-token"))));
    }

    public AdminFixture(Path stateDir, List<TokenConfig> tokens) throws IOException {
        server = AdminServer.start(new AdminConfig(new Address("127.0.0.1", 0), tokens), stateDir,
                new AdminPorts(routes, ready::get, () -> "turnout_in_flight 3\n"), new SecureRandom());
    }

    public URI uri() {
        return server.uri();
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri().resolve(path)).timeout(Duration.ofSeconds(20));
    }

    HttpRequest.Builder as(String token, String path) {
        return request(path).header("Authorization", "Bearer " + token);
    }

    HttpRequest.Builder put(String path, String body) {
        return as(OPERATOR, path).header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body));
    }

    public HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    /** Writes these bytes to a connection of its own and reads until the server ends it. */
    String raw(String request) throws IOException {
        try (Socket socket = new Socket(uri().getHost(), uri().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        server.close();
    }
}
