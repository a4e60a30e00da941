package dev.turnout.bench.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** By way of the admin API, as any operator's program reaches it. One thread. */
final class ApiOperator implements Operator, Closeable {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int CONFLICT = 409;
    private static final String ONE_WRITER = "one_writer";
    private static final JsonMapper JSON = new JsonMapper();

    private record Answer(int status, JsonNode body) {
        JsonNode ok() throws IOException {
            if (status != 200) {
                throw new IOException("the admin API answered " + status + ": " + body);
            }
            return body;
        }
    }

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(TIMEOUT)
            .build();
    private final URI api;
    private final String route;
    private final String token;

    /** @param admin the admin API, without a path */
    ApiOperator(URI admin, String route, String token) {
        this.api = URI.create(admin + "/api/v1");
        this.route = "/routes/" + route;
        this.token = token;
    }

    @Override
    public String way() {
        return "the API";
    }

    @Override
    public RouteState state() throws IOException, InterruptedException {
        return RouteState.of(send(request(route).GET()).ok());
    }

    @Override
    public void set(Share green) throws IOException, InterruptedException {
        Share said = RouteState.of(split(green).ok()).green();
        if (!said.equals(green)) {
            throw new IOException(
                    "the admin API answered green=" + said + " (expected: green=" + green + ")");
        }
    }

    private Answer split(Share green) throws IOException, InterruptedException {
        return send(json(route + "/split",
                "{\"green\":" + green.percent().toPlainString() + ",\"reason\":\"demo\"}", "PUT"));
    }

    @Override
    public void reset() throws IOException, InterruptedException {
        send(request(route + "/split").DELETE()).ok();
    }

    @Override
    public Explained explain(Sample sample) throws IOException, InterruptedException {
        String query = "?cookie=" + encoded(sample.cookie())
                + (sample.canary()
                        ? "&header=" + encoded(StageConfig.CANARY + "=" + StageConfig.ALWAYS)
                        : "");
        return Explained.of(send(request(route + "/explain" + query).GET()).ok());
    }

    @Override
    public void drain(Target side, Duration atMost) throws IOException, InterruptedException {
        String body = "{\"target\":\"" + side.label() + "\",\"timeout\":\"" + atMost.toMillis() + "ms\"}";
        send(json(route + "/drain", body, "POST").timeout(TIMEOUT.plus(atMost))).ok();
    }

    @Override
    public SessionCounts sessions() throws IOException, InterruptedException {
        return SessionCounts.of(send(request(route + "/sessions").GET()).ok());
    }

    @Override
    public String refusal(Share green) throws IOException, InterruptedException {
        Answer answer = split(green);
        String code = answer.body.path("code").asText();
        if (answer.status != CONFLICT || !code.equals(ONE_WRITER)) {
            throw new IOException("the admin API answered " + answer.status + " to green=" + green + ": "
                    + answer.body + " (expected: " + CONFLICT + ", " + ONE_WRITER + ")");
        }
        return "refused with " + answer.status + " " + code;
    }

    @Override
    public Reloaded reload() throws IOException, InterruptedException {
        Answer answer = send(request("/reload").POST(BodyPublishers.noBody()));
        return answer.body.path("code").asText().equals("invalid_configuration")
                ? new Reloaded.Refused(Reloaded.texts(answer.body.path("problems")))
                : new Reloaded.Applied(Reloaded.texts(answer.ok().path("changes")));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(api + path))
                .header("Authorization", "Bearer " + token)
                .timeout(TIMEOUT);
    }

    private HttpRequest.Builder json(String path, String body, String method) {
        return request(path).header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body));
    }

    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
        return new Answer(response.statusCode(), JSON.readTree(response.body()));
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
