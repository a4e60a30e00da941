package dev.turnout.proxy.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.proxy.testkit.Configs;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** Somebody with a token at the admin API. Any thread. */
final class Operator implements AutoCloseable {
    /** Of a route's view: what changes by itself. */
    private static final List<String> FIGURES = List.of("recent", "requests", "failures", "inFlight",
            "tunnels");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI admin;
    private final String token;
    private final HttpClient http = HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).build();

    Operator(URI admin) {
        this(admin, Configs.TOKEN);
    }

    Operator(URI admin, String token) {
        this.admin = admin;
        this.token = token;
    }

    /** Asks below {@code /api/v1}; an empty body is none. {@code headers}: names and values in turn. */
    HttpResponse<String> ask(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(admin.resolve("/api/v1" + path))
                .header("Authorization", "Bearer " + token)
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return json(ask("GET", path, ""));
    }

    static JsonNode json(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    /** All routes, without what changes by itself. */
    JsonNode routes() throws IOException, InterruptedException {
        JsonNode routes = get("/routes");
        for (String figure : FIGURES) {
            routes.findParents(figure).forEach(parent -> ((ObjectNode) parent).remove(figure));
        }
        return routes;
    }

    HttpResponse<String> split(String route, double green, String... headers)
            throws IOException, InterruptedException {
        return ask("PUT", "/routes/" + route + "/split", "{\"green\":" + green + "}", headers);
    }

    /** Returns when it is over. */
    HttpResponse<String> drain(String route, String target, String timeout, String... headers)
            throws IOException, InterruptedException {
        return ask("POST", "/routes/" + route + "/drain",
                "{\"target\":\"" + target + "\",\"timeout\":\"" + timeout + "\"}", headers);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
