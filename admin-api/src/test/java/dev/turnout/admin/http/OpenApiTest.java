package dev.turnout.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.admin.DrainResult;
import dev.turnout.admin.FakePorts;
import dev.turnout.admin.FakeRoutes;
import dev.turnout.admin.ReloadControl;
import dev.turnout.admin.http.Problem.Kind;
import dev.turnout.admin.security.Access;
import dev.turnout.config.Role;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The description and the server say the same: paths, methods, roles, statuses, codes. Fields and headers are compared
 * for every answer that any test of the API gets, by {@link Contract}.
 */
class OpenApiTest {
    private static final String V1 = "/api/v1";
    private static final String ROUTE = V1 + "/routes/shop";
    private static final String SPLIT = ROUTE + "/split";
    private static final String DRAIN = ROUTE + "/drain";
    private static final String SESSIONS = V1 + "/routes/shop-db/sessions";
    private static final String BLUE = ROUTE + "/targets/blue/endpoints/";
    private static final String GREEN = "{\"green\":50,\"reason\":\"why\"}";
    private static final String DRAINED = "{\"state\":\"drained\",\"reason\":\"why\"}";
    private static final String EMPTY_BLUE = "{\"target\":\"blue\"}";
    private static final String[] JSON = {"Content-Type", "application/json"};

    private AdminFixture admin;

    @BeforeEach
    void start(@TempDir Path stateDir) throws Exception {
        admin = new AdminFixture(stateDir);
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    private static List<Endpoint> endpoints() {
        return Endpoints.of(FakePorts.of(new FakeRoutes(), () -> true, () -> ""),
                new Access(List.of(), new SecureRandom(), InstantSource.system()),
                new EventStreams(Duration.ofSeconds(15)));
    }

    private static String name(Endpoint endpoint) {
        return endpoint.method().name().toLowerCase(Locale.ROOT) + " "
                + endpoint.path().replaceAll(":(\\w+)", "{$1}");
    }

    @Test
    void namesExactlyTheEndpointsOfTheServer() {
        assertThat(admin.contract.operations().keySet())
                .containsExactlyInAnyOrderElementsOf(endpoints().stream().map(OpenApiTest::name).toList());
    }

    @Test
    void saysWhoMayDoWhat() {
        for (Endpoint endpoint : endpoints()) {
            var operation = Objects.requireNonNull(admin.contract.operations().get(name(endpoint)),
                    name(endpoint));
            assertThat(operation.path("security").isArray()).as(name(endpoint))
                    .isEqualTo(endpoint.needs().isEmpty());
            assertThat(operation.path("responses").has("403"))
                    .as(name(endpoint) + ": a role above viewer, or a change that a cookie may authorise")
                    .isEqualTo(endpoint.needs()
                            .filter(role -> role != Role.VIEWER || endpoint.isChange())
                            .isPresent());
            endpoint.needs().ifPresent(
                    role -> assertThat(operation.path("summary").asText()).contains("role " + role.label()));
        }
    }

    @Test
    void namesEveryCodeOfTheServer() {
        String document = admin.contract.document().toString();
        assertThat(Arrays.stream(Kind.values()).map(Kind::code)).allSatisfy(
                code -> assertThat(document).containsAnyOf('"' + code + '"', '`' + code + '`'));
    }

    @Test
    void declaresExactlyTheStatusesAndCodesThatTheServerGives() throws Exception {
        reads();
        changes();
        Set<String> promised = new TreeSet<>(admin.contract.promised());
        assertThat(new TreeSet<>(admin.contract.seen())).containsExactlyElementsOf(promised);
    }

    private void reads() throws Exception {
        List<String> open = List.of("/", "/openapi.yaml", "/healthz", "/readyz");
        List<String> guarded = List.of("/metrics", V1 + "/routes", ROUTE, ROUTE + "/explain", SESSIONS,
                V1 + "/events?after=0",
                V1 + "/audit", V1 + "/session");
        admin.events.happens("split", "shop: green 5% -> 50%");
        admin.audit.splits("shop", 50);
        admin.routes.speaksPostgres("shop-db");
        for (String path : open) {
            ask("GET", path, "");
        }
        for (String path : guarded) {
            askJson(path, AdminFixture.VIEWER);
            ask("GET", path, "");
        }
        for (String path : join(open, guarded)) {
            raw("GET", path, "evil.example");
            raw("GET", path, "localhost\r\nHost: localhost");
        }
        askJson(V1 + "/routes/other", AdminFixture.VIEWER);
        askJson(V1 + "/routes/other/explain", AdminFixture.VIEWER);
        askJson(SESSIONS.replace("shop-db", "other"), AdminFixture.VIEWER);
        askJson(ROUTE + "/sessions", AdminFixture.VIEWER);
        admin.ready.set(false);
        ask("GET", "/readyz", "");
        admin.audit.breakTheDisk();
        askJson(V1 + "/audit", AdminFixture.VIEWER);
        try (EventReaders readers = EventReaders.open(admin, EventStreams.MAX)) {
            assertThat(readers.size()).isEqualTo(EventStreams.MAX);
            ask("GET", V1 + "/events", AdminFixture.VIEWER);
        }
    }

    private static List<String> join(List<String> one, List<String> other) {
        List<String> both = new ArrayList<>(one);
        both.addAll(other);
        return both;
    }

    private void changes() throws Exception {
        login();
        admin.routes.speaksPostgres("shop-db");
        change("PUT", SPLIT.replace("shop", "shop-db"), GREEN);
        change("POST", DRAIN.replace("shop", "shop-db"), EMPTY_BLUE);
        change("DELETE", SPLIT.replace("shop", "shop-db"), "");
        refusals("PUT", SPLIT, GREEN);
        refusals("DELETE", SPLIT, "");
        refusals("PUT", BLUE + "10.0.0.1:8080", DRAINED);
        refusals("DELETE", BLUE + "10.0.0.1:8080", "");
        refusals("POST", DRAIN, EMPTY_BLUE);
        conditions("PUT", SPLIT, GREEN);
        conditions("DELETE", SPLIT, "");
        conditions("PUT", BLUE + "10.0.0.1:8080", DRAINED);
        conditions("DELETE", BLUE + "10.0.0.1:8080", "");
        conditions("POST", DRAIN, EMPTY_BLUE);
        endpoints("PUT", DRAINED);
        endpoints("DELETE", "");
        admin.routes.drainsEndAs(route -> new DrainResult.TimedOut(route, 2, 1, 0));
        change("POST", DRAIN, EMPTY_BLUE);
        admin.routes.drainsEndAs(DrainResult.Undone::new);
        change("POST", DRAIN, EMPTY_BLUE);
        reload();
        admin.routes.fillTheDisk();
        change("PUT", SPLIT, GREEN);
        change("DELETE", SPLIT, "");
        change("PUT", BLUE + "10.0.0.2:8080", DRAINED);
        change("DELETE", BLUE + "10.0.0.2:8080", "");
        change("POST", DRAIN, EMPTY_BLUE);
    }

    private void endpoints(String method, String body) throws Exception {
        change(method, BLUE + "10.9.9.9:8080", body);
        change(method, BLUE.replace("blue", "red") + "10.0.0.1:8080", body);
        change(method, BLUE.replace("blue", "green") + "10.0.1.1:8080", body);
    }

    private void login() throws Exception {
        String session = V1 + "/session";
        String body = "{\"token\":\"" + AdminFixture.VIEWER + "\"}";
        ask("POST", session, "", body, JSON);
        ask("POST", session, "", "{\"token\":\"wrong\"}", JSON);
        ask("POST", session, "", "{}", JSON);
        ask("POST", session, "", body, "Content-Type", "text/plain");
        ask("POST", session, "", "x".repeat(AdminRouter.MAX_BODY_BYTES + 1), JSON);
        raw("POST", session, "evil.example");
        raw("POST", session, "localhost\r\nExpect: magic\r\nContent-Length: 0");
        common("DELETE", session, "");
        ask("DELETE", session, AdminFixture.VIEWER);
        ask("DELETE", session, AdminFixture.VIEWER, "{}", JSON);
    }

    private void reload() throws Exception {
        String reload = V1 + "/reload";
        common("POST", reload, "");
        ask("POST", reload, AdminFixture.VIEWER);
        ask("POST", reload, AdminFixture.OPERATOR);
        ask("POST", reload, AdminFixture.OPERATOR, "{}", JSON);
        ask("POST", reload, AdminFixture.OPERATOR, "", "If-Match", "\"1\"");
        admin.reload.endsAs(
                new ReloadControl.Result.Invalid(List.of("turnout.conf:3: routes.shop.listn: unknown key")));
        ask("POST", reload, AdminFixture.OPERATOR);
        admin.reload.endsAs(new ReloadControl.Result.Failed("127.0.0.1:80 is in use"));
        ask("POST", reload, AdminFixture.OPERATOR);
    }

    /** What all that is not GET has in common. */
    private void common(String method, String path, String body) throws Exception {
        ask(method, path, "", body, JSON);
        String cookie = EventReaders.cookie(admin, AdminFixture.OPERATOR);
        ask(method, path, "", body, "Cookie", cookie, "Content-Type", "application/json");
        ask(method, path, AdminFixture.OPERATOR, "x".repeat(AdminRouter.MAX_BODY_BYTES + 1), JSON);
        raw(method, path, "evil.example");
        raw(method, path, "localhost\r\nExpect: magic\r\nContent-Length: 0\r\nAuthorization: Bearer "
                + AdminFixture.OPERATOR);
    }

    /** What all changes of a route have in common. */
    private void refusals(String method, String path, String body) throws Exception {
        common(method, path, body);
        ask(method, path, AdminFixture.VIEWER, body, JSON);
        change(method, path.replace("shop", "nowhere"), body);
        change(method, path, body.isEmpty() ? "{}" : "{");
        ask(method, path, AdminFixture.OPERATOR, body, "Content-Type", "application/json", "If-None-Match",
                "*");
        if (!body.isEmpty()) {
            ask(method, path, AdminFixture.OPERATOR, body, "Content-Type", "text/plain");
        }
    }

    private void conditions(String method, String path, String body) throws Exception {
        String[] key = {"Content-Type", "application/json", "Idempotency-Key", method + path};
        ask(method, path, AdminFixture.OPERATOR, body, key);
        ask(method, path, AdminFixture.OPERATOR, body, key);
        ask(method, path, AdminFixture.OPERATOR, body, "Content-Type", "application/json", "Idempotency-Key",
                method + path, "If-Match", "\"1\"");
        ask(method, path, AdminFixture.OPERATOR, body, "Content-Type", "application/json", "If-Match",
                "\"999\"");
        if (path.startsWith(BLUE)) {
            change("PUT", path, "{\"state\":\"active\"}");
        }
    }

    private void change(String method, String path, String body) throws Exception {
        ask(method, path, AdminFixture.OPERATOR, body, JSON);
    }

    private void askJson(String path, String token) throws Exception {
        ask("GET", path, token, "", "Accept", "application/json");
    }

    private void ask(String method, String path, String token) throws Exception {
        ask(method, path, token, "");
    }

    private void ask(String method, String path, String token, String body, String... headers)
            throws Exception {
        HttpRequest.Builder request = token.isEmpty() ? admin.request(path) : admin.as(token, path);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        admin.send(request.method(method, BodyPublishers.ofString(body)));
    }

    private void raw(String method, String path, String host) throws Exception {
        admin.raw(method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    }
}
