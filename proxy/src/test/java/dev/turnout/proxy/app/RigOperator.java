package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.turnout.proxy.testkit.Configs;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Somebody at the admin API of a proxy. */
final class RigOperator implements AutoCloseable {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final Rig rig;
    private final HttpClient http = HttpClient.newHttpClient();

    RigOperator(Rig rig) {
        this.rig = rig;
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return asks("GET", path, "");
    }

    /** Fails when the answer is not 200. */
    JsonNode asks(String method, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(rig.turnout().admin().resolve("/api/v1" + path))
                        .header("Authorization", "Bearer " + Configs.TOKEN)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    static JsonNode json(String text) throws IOException {
        return JSON.readTree(text);
    }

    static String inQuery(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        http.close();
    }
}
