package dev.turnout.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.turnout.admin.AdminPorts;
import dev.turnout.admin.FakeRoutes;
import dev.turnout.config.Role;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The description and the server say the same: paths, methods, roles, statuses, fields. */
class OpenApiTest {
    private static final String ROUTE = "/api/v1/routes/{route}";
    private static final String SPLIT = ROUTE + "/split";
    private static final String ENDPOINT = ROUTE + "/targets/{target}/endpoints/{address}";
    private static final String DRAINED = "{\"state\":\"drained\",\"reason\":\"why\"}";
    private static final String GREEN = "{\"green\":50,\"reason\":\"why\"}";

    private AdminFixture admin;
    private JsonNode openApi;
    private final Set<String> seen = new TreeSet<>();
    private String address = "10.0.0.1:8080";

    @BeforeEach
    void start(@TempDir Path stateDir) throws Exception {
        admin = new AdminFixture(stateDir);
        openApi = new YAMLMapper().readTree(admin.send(admin.request("/openapi.yaml")).body());
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    @Test
    void namesExactlyTheEndpointsOfTheServer() {
        AdminPorts ports = new AdminPorts(new FakeRoutes(), () -> true, () -> "");
        Set<String> served = Endpoints.of(ports)
                .stream()
                .map(endpoint -> endpoint.method().name().toLowerCase(Locale.ROOT) + " "
                        + endpoint.path().replaceAll(":(\\w+)", "{$1}"))
                .collect(Collectors.toSet());
        assertThat(operations().map(Operation::name)).containsExactlyInAnyOrderElementsOf(served);
    }

    @Test
    void saysWhoMayDoWhat() {
        AdminPorts ports = new AdminPorts(new FakeRoutes(), () -> true, () -> "");
        List<Endpoint> endpoints = Endpoints.of(ports);
        operations().forEach(operation -> {
            Endpoint endpoint = endpoints.stream()
                    .filter(served -> operation.serves(served))
                    .findFirst()
                    .orElseThrow();
            assertThat(operation.json().path("security").isArray()).as(operation.name())
                    .isEqualTo(endpoint.needs().isEmpty());
            assertThat(operation.json().path("responses").has("403"))
                    .as(operation.name() + ": role above viewer")
                    .isEqualTo(endpoint.needs().filter(role -> role != Role.VIEWER).isPresent());
            endpoint.needs().ifPresent(
                    role -> assertThat(operation.json().path("summary").asText())
                            .contains("role " + role.label()));
        });
    }

    @Test
    void declaresExactlyTheStatusesThatTheServerGives() throws Exception {
        for (String path : List.of("/", "/openapi.yaml", "/healthz", "/readyz")) {
            ask("get", path, "", "");
            badHost(path);
        }
        admin.ready.set(false);
        ask("get", "/readyz", "", "");
        for (String path : List.of("/metrics", "/api/v1/routes", ROUTE)) {
            ask("get", path, AdminFixture.VIEWER, "");
            ask("get", path, "", "");
            badHost(path);
        }
        askOf("nowhere", "get", ROUTE, AdminFixture.VIEWER, "");
        changes("put", SPLIT, GREEN);
        ask("put", SPLIT, AdminFixture.OPERATOR, "{}", "Content-Type", "application/json");
        ask("put", SPLIT, AdminFixture.OPERATOR, GREEN, "Content-Type", "text/plain");
        changes("delete", SPLIT, "");
        ask("delete", SPLIT, AdminFixture.OPERATOR, "{}");
        changes("put", ENDPOINT, DRAINED);
        ask("put", ENDPOINT, AdminFixture.OPERATOR, "{}", "Content-Type", "application/json");
        ask("put", ENDPOINT, AdminFixture.OPERATOR, DRAINED, "Content-Type", "text/plain");
        changes("delete", ENDPOINT, "");
        ask("delete", ENDPOINT, AdminFixture.OPERATOR, "{}");
        address = "10.0.0.2:8080"; // the last one
        ask("put", ENDPOINT, AdminFixture.OPERATOR, DRAINED, "Content-Type", "application/json");
        ask("delete", ENDPOINT, AdminFixture.OPERATOR, "");
        admin.routes.fillTheDisk();
        ask("put", SPLIT, AdminFixture.OPERATOR, GREEN, "Content-Type", "application/json");
        ask("delete", SPLIT, AdminFixture.OPERATOR, "");
        ask("put", ENDPOINT, AdminFixture.OPERATOR, DRAINED, "Content-Type", "application/json");
        ask("delete", ENDPOINT, AdminFixture.OPERATOR, "");

        Set<String> declared = operations()
                .flatMap(operation -> operation.json()
                        .path("responses")
                        .propertyStream()
                        .map(response -> operation.name() + " " + response.getKey()))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(seen).containsExactlyElementsOf(declared);
    }

    /** What all changes have in common. */
    private void changes(String method, String path, String body) throws Exception {
        String type = "application/json";
        ask(method, path, AdminFixture.OPERATOR, body, "Content-Type", type);
        ask(method, path, "", body, "Content-Type", type);
        ask(method, path, AdminFixture.VIEWER, body, "Content-Type", type);
        askOf("nowhere", method, path, AdminFixture.OPERATOR, body, "Content-Type", type);
        ask(method, path, AdminFixture.OPERATOR, body, "Content-Type", type, "If-Match", "\"999\"");
        ask(method, path, AdminFixture.OPERATOR, body, "Content-Type", type, "Idempotency-Key", "x");
        ask(method, path, AdminFixture.OPERATOR, "x".repeat(AdminRouter.MAX_BODY_BYTES + 1), "Content-Type",
                type);
        seen(method, path, raw(method, path, "evil.example"));
        seen(method, path,
                raw(method, path, "localhost\r\nExpect: magic\r\nContent-Length: 0\r\nAuthorization: Bearer "
                        + AdminFixture.OPERATOR));
    }

    private void badHost(String path) throws IOException {
        seen("get", path, raw("get", path, "evil.example"));
        seen("get", path, raw("get", path, "localhost\r\nHost: localhost"));
    }

    private int raw(String method, String path, String host) throws IOException {
        String answer = admin.raw(method.toUpperCase(Locale.ROOT) + " " + at(path, "shop")
                + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
        return Integer.parseInt(answer.substring(9, 12));
    }

    private void ask(String method, String path, String token, String body, String... headers)
            throws Exception {
        askOf("shop", method, path, token, body, headers);
    }

    private void askOf(String route, String method, String path, String token, String body, String... headers)
            throws Exception {
        String target = at(path, route);
        var request = token.isEmpty() ? admin.request(target) : admin.as(token, target);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        HttpResponse<String> response = admin.send(
                request.method(method.toUpperCase(Locale.ROOT), BodyPublishers.ofString(body)));
        seen(method, path, response.statusCode());
        hasTheDeclaredForm(path, method, response);
    }

    private String at(String path, String route) {
        return path.replace("{route}", route).replace("{target}", "blue").replace("{address}", address);
    }

    private void seen(String method, String path, int status) {
        seen.add(method + " " + path + " " + status);
    }

    private void hasTheDeclaredForm(String path, String method, HttpResponse<String> response)
            throws IOException {
        JsonNode declared = resolve(openApi.path("paths").path(path).path(method).path("responses")
                .path(Integer.toString(response.statusCode())));
        String type = response.headers().firstValue("Content-Type").orElse("").split(";", 2)[0];
        assertThat(declared.path("content").has(type))
                .as(method + " " + path + " " + response.statusCode() + " " + type)
                .isTrue();
        declared.path("headers").fieldNames().forEachRemaining(
                header -> assertThat(response.headers().firstValue(header)).as(header).isPresent());
        if (type.endsWith("json")) {
            matches("", resolve(declared.path("content").path(type).path("schema")),
                    new ObjectMapper().readTree(response.body()));
        }
    }

    /** Every field of the answer is declared, every declared one is there, and its type is one of the declared. */
    private void matches(String at, JsonNode schema, JsonNode value) {
        List<String> types = schema.path("type").isArray()
                ? schema.path("type").valueStream().map(JsonNode::asText).toList()
                : Arrays.asList(schema.path("type").asText());
        assertThat(types).as(at).containsAnyElementsOf(typesOf(value));
        if (value.isObject()) {
            List<String> fields = schema.path("properties").propertyStream().map(Map.Entry::getKey).toList();
            assertThat(value.fieldNames()).toIterable().as(at).containsExactlyInAnyOrderElementsOf(fields);
            assertThat(schema.path("required").valueStream().map(JsonNode::asText)).as(at)
                    .containsExactlyInAnyOrderElementsOf(fields);
            fields.forEach(field -> matches(at + "/" + field, resolve(schema.path("properties").path(field)),
                    value.path(field)));
        }
        if (value.isArray()) {
            assertThat(value).as(at + " has an example").isNotEmpty();
            value.forEach(element -> matches(at + "[]", resolve(schema.path("items")), element));
        }
    }

    private static List<String> typesOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case NUMBER -> value.isIntegralNumber() ? List.of("integer") : List.of("number");
            case NULL -> List.of("null");
            case BOOLEAN -> List.of("boolean");
            case STRING -> List.of("string");
            case ARRAY -> List.of("array");
            case OBJECT -> List.of("object");
            case BINARY, MISSING, POJO -> List.of();
        };
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? resolve(openApi.at(node.path("$ref").asText().substring(1))) : node;
    }

    private Stream<Operation> operations() {
        return openApi.path("paths").propertyStream().flatMap(path -> path.getValue()
                .propertyStream()
                .filter(field -> !field.getKey().equals("parameters"))
                .map(operation -> new Operation(operation.getKey() + " " + path.getKey(),
                        operation.getValue())));
    }

    private record Operation(String name, JsonNode json) {
        boolean serves(Endpoint endpoint) {
            return name.equalsIgnoreCase(
                    endpoint.method() + " " + endpoint.path().replaceAll(":(\\w+)", "{$1}"));
        }
    }
}
