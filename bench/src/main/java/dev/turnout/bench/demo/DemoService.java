package dev.turnout.bench.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An HTTP service on a free loopback port that tells who answered: one side of the demo. */
final class DemoService implements Side {
    /** Carries the name of the service that answered. */
    static final String ANSWERED_BY = "X-Answered-By";
    /** The cookie that names the user. */
    static final String USER_COOKIE = "uid";

    /** Only what can stand in JSON as it is; a stranger's cookie is shown as no user. */
    private static final Pattern USER = Pattern
            .compile("(?:^|;\\s*)" + USER_COOKIE + "=([A-Za-z0-9._-]{1,64})(?:;|$)");
    private static final int BACKLOG = 1024;

    static {
        // Read once, when the server's classes are loaded; without it answers wait for the client's delayed ACK.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final String name;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicLong requests = new AtomicLong();

    private DemoService(String name, HttpServer server) {
        this.name = name;
        this.server = server;
    }

    /** Starts a service that answers with this name, {@code blue} for example. */
    static DemoService start(String name) throws IOException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        DemoService service = new DemoService(name, HttpServer.create(anyPort, BACKLOG));
        service.server.createContext("/", service::answer);
        service.server.setExecutor(service.threads);
        service.server.start();
        return service;
    }

    @Override
    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public long requests() {
        return requests.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.incrementAndGet();
            String user = user(exchange).orElse("");
            String json = "{\"answeredBy\":\"" + name + "\",\"user\":\"" + user + "\"}\n";
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders().set(ANSWERED_BY, name);
            boolean withoutBody = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(200, withoutBody ? -1 : body.length);
            if (!withoutBody) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private static Optional<String> user(HttpExchange exchange) {
        return exchange.getRequestHeaders()
                .getOrDefault("Cookie", List.of())
                .stream()
                .map(USER::matcher)
                .filter(Matcher::find)
                .map(match -> match.group(1))
                .findFirst();
    }

    /** Closes the port and all connections. */
    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
