package dev.turnout.bench.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.turnout.config.Share;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** The weight of one route by way of the admin API, as any operator's program reaches it. One thread. */
final class AdminWeight implements Weight, Closeable {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(TIMEOUT)
            .build();
    private final URI route;
    private final String token;

    /** @param admin the admin API, without a path */
    AdminWeight(URI admin, String route, String token) {
        this.route = URI.create(admin + "/api/v1/routes/" + route);
        this.token = token;
    }

    @Override
    public Share green() throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(route).GET());
    }

    @Override
    public void set(Share green) throws IOException, InterruptedException {
        String body = "{\"green\":" + green.percent().toPlainString() + ",\"reason\":\"demo\"}";
        Share said = send(HttpRequest.newBuilder(URI.create(route + "/split"))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body)));
        if (!said.equals(green)) {
            throw new IOException(
                    "the admin API answered green=" + said + " (expected: green=" + green + ")");
        }
    }

    private Share send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                request.header("Authorization", "Bearer " + token).timeout(TIMEOUT).build(),
                BodyHandlers.ofString());
        JsonNode green = JSON.readTree(response.body()).at("/split/green");
        if (response.statusCode() != 200 || !green.isNumber()) {
            throw new IOException("the admin API answered " + response.statusCode() + ": " + response.body());
        }
        return Share.ofPercent(green.decimalValue());
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
