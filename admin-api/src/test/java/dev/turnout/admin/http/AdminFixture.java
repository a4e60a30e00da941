package dev.turnout.admin.http;

import dev.turnout.admin.AdminPorts;
import dev.turnout.admin.FakeAudit;
import dev.turnout.admin.FakeEvents;
import dev.turnout.admin.FakeReload;
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
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A real server on a port of its own over routes in memory, and a real client of it. */
public final class AdminFixture implements AutoCloseable {
    public static final String VIEWER = "viewer-token";
    public static final String OPERATOR = "operator-token";

    static final List<TokenConfig> USUAL = List.of(new TokenConfig("looker", Role.VIEWER, new Secret(VIEWER)),
            new TokenConfig("ops", Role.OPERATOR, new Secret(OPERATOR)),
            new TokenConfig("root", Role.ADMIN, new Secret("admin-token")));
    private static final Pattern HEAD = Pattern
            .compile("(?s)HTTP/1\\.1 (\\d{3}) [^\r\n]*\r\n(.*?\r\n)\r\n(.*)");

    final Contract contract = new Contract();
    public final FakeRoutes routes = new FakeRoutes("api", "shop");
    public final FakeEvents events = new FakeEvents();
    public final FakeAudit audit = new FakeAudit();
    public final FakeReload reload = new FakeReload();
    public final AtomicBoolean ready = new AtomicBoolean(true);
    final AtomicReference<String> metrics = new AtomicReference<>("turnout_in_flight 3\n");
    public final AdminServer server;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    public AdminFixture(Path stateDir) throws IOException {
        this(stateDir, USUAL);
    }

    public AdminFixture(Path stateDir, List<TokenConfig> tokens) throws IOException {
        this(stateDir, tokens, AdminServer.Timing.USUAL);
    }

    AdminFixture(Path stateDir, AdminServer.Timing timing) throws IOException {
        this(stateDir, USUAL, timing);
    }

    private AdminFixture(Path stateDir, List<TokenConfig> tokens, AdminServer.Timing timing)
            throws IOException {
        server = AdminServer.start(new AdminConfig(new Address("127.0.0.1", 0), tokens), stateDir,
                new AdminPorts(routes, events, audit, reload, ready::get, metrics::get),
                new SecureRandom(), timing);
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
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        URI asked = response.request().uri();
        contract.check(response.request().method(), asked.getRawPath(),
                new Contract.Received(response.statusCode(), response.headers().map(), response.body()));
        return response;
    }

    /** Writes these bytes to a connection of its own and reads until the server ends it. */
    String raw(String request) throws IOException {
        try (Socket socket = new Socket(uri().getHost(), uri().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            check(request.split(" ", 3), answer);
            return answer;
        }
    }

    private void check(String[] requestLine, String answer) {
        Matcher parts = HEAD.matcher(answer);
        if (!parts.matches() || requestLine.length < 3) {
            return; // not HTTP, as tests mean it
        }
        Map<String, List<String>> headers = parts.group(2).lines()
                .map(line -> line.split(": ", 2))
                .collect(Collectors.toMap(line -> line[0], line -> List.of(line[1]), (one, _) -> one));
        contract.check(requestLine[0], requestLine[1],
                new Contract.Received(Integer.parseInt(parts.group(1)), headers, parts.group(3)));
    }

    @Override
    public void close() {
        client.shutdownNow();
        server.close();
    }
}
