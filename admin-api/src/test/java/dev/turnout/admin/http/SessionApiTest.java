package dev.turnout.admin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.admin.security.LocalToken;
import dev.turnout.config.Role;
import dev.turnout.config.Secret;
import dev.turnout.config.TokenConfig;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionApiTest {
    private static final String SESSION = "/api/v1/session";
    private static final String SPLIT = "/api/v1/routes/shop/split";
    private static final Instant START = Instant.parse("2026-11-20T12:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    @TempDir
    private Path stateDir;
    private AdminFixture admin;

    @BeforeEach
    void start() throws Exception {
        admin = new AdminFixture(stateDir,
                new AdminServer.Timing(now::get, Duration.ofSeconds(60), Duration.ofSeconds(15)));
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    private HttpResponse<String> login(String body) throws Exception {
        return admin.send(admin.request(SESSION).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    private String cookie(String token) throws Exception {
        return EventReaders.cookie(admin, token);
    }

    private HttpRequest.Builder with(String cookie, String path) {
        return admin.request(path).header("Cookie", cookie);
    }

    private int status(HttpRequest.Builder request) throws Exception {
        return admin.send(request).statusCode();
    }

    @Test
    void tradesATokenForACookie() throws Exception {
        var response = login("{\"token\":\"" + AdminFixture.OPERATOR + "\"}");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .isEqualTo("{\"name\":\"ops\",\"role\":\"operator\",\"expires\":\"2026-11-21T00:00:00Z\"}");
        assertThat(response.headers().firstValue("Set-Cookie").orElse("")).matches(
                "turnout_session=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200");
    }

    @Test
    void takesTheTokenOfTheHeaderToo() throws Exception {
        var response = admin.send(admin.as(AdminFixture.VIEWER, SESSION).POST(BodyPublishers.noBody()));
        assertThat(response.body()).contains("\"name\":\"looker\"");
        assertThat(response.headers().firstValue("Set-Cookie")).isPresent();
        var both = admin.as(AdminFixture.VIEWER, SESSION).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"token\":\"" + AdminFixture.OPERATOR + "\"}"));
        assertThat(status(both)).as("two tokens name two callers").isEqualTo(400);
    }

    @Test
    void showsWhoAsks() throws Exception {
        assertThat(admin.send(with(cookie(AdminFixture.VIEWER), SESSION)).body())
                .isEqualTo("{\"name\":\"looker\",\"role\":\"viewer\",\"expires\":\"2026-11-21T00:00:00Z\"}");
        assertThat(admin.send(admin.as(AdminFixture.OPERATOR, SESSION)).body())
                .isEqualTo("{\"name\":\"ops\",\"role\":\"operator\",\"expires\":null}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"token\":\"wrong\"}", "{\"token\":\"operator-toke\"}",
        "{\"token\":\"Bearer operator-token\"}"})
    void refusesAWrongToken(String body) throws Exception {
        var response = login(body);
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("WWW-Authenticate")).isPresent();
        assertThat(response.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(response.body()).doesNotContain("wrong", "operator-toke");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "{\"token\":\"\"}", "{\"token\":null}", "{\"token\":7}",
        "{\"token\":[\"s3cr3t\"]}", "{\"token\":\"a\",\"token\":\"operator-token\"}",
        "{\"token\":\"operator-token\",\"name\":\"x\"}", "{\"token\":\"s3cr3t"})
    void refusesABodyItDoesNotUnderstandAndDoesNotRepeatIt(String body) throws Exception {
        var response = login(body);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).doesNotContain("s3cr3t");
    }

    @Test
    void takesNoLoginFromAForm() throws Exception {
        var response = admin.send(admin.request(SESSION).header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{\"token\":\"" + AdminFixture.OPERATOR + "\"}")));
        assertThat(response.statusCode()).as("another site's page could send it").isEqualTo(415);
    }

    @ParameterizedTest
    @CsvSource({"POST,//api/v1/session", "POST,/api/v1/session/", "POST,/api/v1/./session",
        "POST,/api/v1/x/../session", "POST,/api/v1/%73ession", "POST,/api/v1/session;x=1",
        "PUT,/api/v1/session",
        "GET,/api/v1/session", "DELETE,/api/v1/session", "post,/api/v1/session", "POST,/api/v1/reload",
        "POST,/api/v1/session/../reload", "POST,http://localhost/api/v1/reload"})
    void letsNothingElsePastTheGatekeeper(String method, String path) throws Exception {
        String body = "{\"token\":\"" + AdminFixture.OPERATOR + "\"}";
        assertThat(admin.raw(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body))
                .as("only POST of exactly this path").startsWith("HTTP/1.1 401 ");
        assertThat(admin.reload.actor()).isEmpty();
    }

    @Test
    void isGoodWhereverATokenIs() throws Exception {
        String cookie = cookie(AdminFixture.VIEWER);
        for (String path : List.of("/metrics", "/api/v1/routes", "/api/v1/routes/shop", "/api/v1/audit",
                "/api/v1/routes/shop/explain")) {
            assertThat(status(with(cookie, path))).isEqualTo(200);
        }
        assertThat(status(with("a=b; " + cookie + "; c=d", "/metrics"))).isEqualTo(200);
        assertThat(status(with(cookie, SPLIT).header("X-Turnout-CSRF", "1").DELETE()))
                .as("its role is too low")
                .isEqualTo(403);
    }

    @Test
    void changesNothingWithoutTheHeaderThatOnlyOurPageSets() throws Exception {
        String cookie = cookie(AdminFixture.OPERATOR);
        for (HttpRequest.Builder change : List.of(with(cookie, SPLIT).DELETE(),
                with(cookie, "/api/v1/reload").POST(BodyPublishers.noBody()),
                with(cookie, "/api/v1/routes/shop/drain").header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"target\":\"blue\"}")),
                with(cookie, SESSION).DELETE())) {
            var response = admin.send(change);
            assertThat(response.statusCode()).isEqualTo(403);
            assertThat(response.body()).contains("\"csrf\"", "X-Turnout-CSRF");
        }
        assertThat(admin.routes.changes()).isEmpty();
        assertThat(admin.reload.actor()).isEmpty();
        assertThat(status(with(cookie, SPLIT).header("X-Turnout-CSRF", "").DELETE())).isEqualTo(200);
        assertThat(admin.routes.changes().getFirst().actor()).isEqualTo("ops");
    }

    @Test
    void givesWayToAToken() throws Exception {
        String cookie = cookie(AdminFixture.OPERATOR);
        assertThat(status(with(cookie, SPLIT).header("Authorization", "Bearer " + AdminFixture.VIEWER)
                .header("X-Turnout-CSRF", "1").DELETE())).isEqualTo(403);
        assertThat(status(with(cookie, "/metrics").header("Authorization", "Bearer wrong"))).isEqualTo(401);
        assertThat(status(
                with(cookie, SPLIT).header("Authorization", "Bearer " + AdminFixture.OPERATOR).DELETE()))
                .as("no page of another site has a token").isEqualTo(200);
    }

    @Test
    void endsWhenItsHolderSaysSo() throws Exception {
        String cookie = cookie(AdminFixture.VIEWER);
        var response = admin.send(with(cookie, SESSION).header("X-Turnout-CSRF", "1").DELETE());
        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.body()).isEmpty();
        assertThat(response.headers().firstValue("Set-Cookie"))
                .hasValue("turnout_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
        assertThat(status(with(cookie, "/metrics"))).isEqualTo(401);
    }

    @Test
    void endsAfterTwelveHours() throws Exception {
        String cookie = cookie(AdminFixture.VIEWER);
        now.set(START.plus(Duration.ofHours(12)).minusMillis(1));
        assertThat(status(with(cookie, "/metrics"))).isEqualTo(200);
        now.set(START.plus(Duration.ofHours(12)));
        assertThat(status(with(cookie, "/metrics"))).isEqualTo(401);
    }

    @Test
    void endsWithItsToken() throws Exception {
        String viewer = cookie(AdminFixture.VIEWER);
        String operator = cookie(AdminFixture.OPERATOR);
        String admins = cookie("admin-token");
        admin.server.replaceTokens(
                List.of(new TokenConfig("looker", Role.VIEWER, new Secret(AdminFixture.VIEWER)),
                        new TokenConfig("ops", Role.VIEWER, new Secret(AdminFixture.OPERATOR)),
                        new TokenConfig("root", Role.ADMIN, new Secret("another"))));
        assertThat(status(with(viewer, "/metrics"))).isEqualTo(200);
        assertThat(status(with(operator, "/metrics"))).as("its role changed").isEqualTo(401);
        assertThat(status(with(admins, "/metrics"))).as("its token is gone").isEqualTo(401);
        assertThat(status(admin.as("admin-token", "/metrics"))).isEqualTo(401);
        assertThat(status(admin.as("another", "/metrics"))).isEqualTo(200);
        assertThat(status(admin.as(AdminFixture.OPERATOR, SPLIT).DELETE())).isEqualTo(403);
    }

    @Test
    void keepsAtLeastOneToken() throws Exception {
        assertThatThrownBy(() -> admin.server.replaceTokens(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("admin.tokens: none (expected: at least one");
        assertThat(status(admin.as(AdminFixture.VIEWER, "/metrics"))).isEqualTo(200);
    }

    @Test
    void keepsTheTokenThatWasMadeUntilOneIsConfigured() throws Exception {
        Path other = Files.createDirectory(stateDir.resolve("other"));
        try (AdminFixture local = new AdminFixture(other, List.of())) {
            String made = Files.readString(LocalToken.file(other));
            local.server.replaceTokens(List.of());
            assertThat(local.send(local.as(made, "/metrics")).statusCode()).isEqualTo(200);
            local.server.replaceTokens(AdminFixture.USUAL);
            assertThat(local.send(local.as(made, "/metrics")).statusCode()).isEqualTo(401);
            assertThat(local.send(local.as(AdminFixture.VIEWER, "/metrics")).statusCode()).isEqualTo(200);
            assertThat(LocalToken.file(other)).as("it opens nothing any more").doesNotExist();
            assertThatThrownBy(() -> local.server.replaceTokens(List.of()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void takesNoSecondCookieNorAWrongOne() throws Exception {
        String cookie = cookie(AdminFixture.VIEWER);
        assertThat(status(with(cookie + "; " + cookie, "/metrics"))).isEqualTo(401);
        assertThat(status(with(cookie.substring(0, cookie.length() - 1), "/metrics"))).isEqualTo(401);
        assertThat(status(with(cookie + "0", "/metrics"))).isEqualTo(401);
        assertThat(status(with("turnout_session=" + "0".repeat(64), "/metrics"))).isEqualTo(401);
        assertThat(status(with("x" + cookie, "/metrics"))).isEqualTo(401);
    }
}
