package dev.turnout.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What nobody sends who means well; with a good token, since that is what gets far. */
class HostileApiTest {
    private static final String DRAIN = "/api/v1/routes/shop/drain";

    private static AdminFixture admin;

    @BeforeAll
    static void start(@TempDir Path stateDir) throws Exception {
        admin = new AdminFixture(stateDir);
    }

    @AfterAll
    static void stop() {
        admin.close();
    }

    @AfterEach
    void changesNothing() {
        assertThat(admin.routes.changes()).isEmpty();
        assertThat(admin.reload.actor()).isEmpty();
        assertThat(admin.events.listeners()).isZero();
    }

    private static String raw(String method, String target, String... headers) throws Exception {
        return admin.raw(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Authorization: Bearer " + AdminFixture.OPERATOR + "\r\n" + String.join("", headers)
                + "\r\n");
    }

    private static HttpResponse<String> post(String path, String type, String body) throws Exception {
        return admin.send(admin.as(AdminFixture.OPERATOR, path).header("Content-Type", type)
                .POST(BodyPublishers.ofString(body)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/reload%00", "/api/v1/reload;x=1", "/api/v1%2freload",
        "/api/v1/reload%2f..",
        "/api/v1/reload/%2e", "/api/v1/RELOAD", "/api/v1/relo%61d%20", "/api/v1/routes/shop/drain;x=",
        "/api/v1/routes/shop%2fdrain", "/api/v1/routes/%00/drain", "/api/v1/routes/..%2fshop/drain",
        "/api/v1/routes/shop/../../reload", "/api/v2/reload", "/reload", "/api/v1/events/../reload?x",
        "//api/v1/reload",
        "/api/v1//reload", "*", "?x", "reload", "/x/%2E./api/v1/reload"})
    void takesNoOtherSpellingForAChange(String target) throws Exception {
        assertThat(raw("POST", target, "Content-Type: application/json\r\nContent-Length: 0\r\n"))
                .containsPattern("^HTTP/1.1 4\\d\\d ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/routes/%2e%2e/explain", "/api/v1/routes/%00/explain",
        "/api/v1/routes/shop%0d%0aX:y/explain", "/api/v1/routes/shop;a=b/explain",
        "/api/v1/routes/shop%2f/explain",
        "/api/v1/routes/%F0%9F%9A%82/explain"})
    void looksForARouteOfThatNameAtMost(String target) throws Exception {
        assertThat(raw("GET", target)).containsPattern("^HTTP/1.1 40[04] ").doesNotContain("X:y\r\n");
    }

    @ParameterizedTest
    @CsvSource({"GET,/api/v1/reload,POST", "PUT,/api/v1/reload,POST", "GET,/api/v1/routes/shop/drain,POST",
        "DELETE,/api/v1/routes/shop/drain,POST", "POST,/api/v1/routes/shop/explain,'GET, HEAD'",
        "POST,/api/v1/events,'GET, HEAD'", "DELETE,/api/v1/audit,'GET, HEAD'",
        "PUT,/api/v1/session,'DELETE, GET, HEAD, POST'", "TRACE,/api/v1/reload,POST",
        "get,/api/v1/audit,'GET, HEAD'"})
    void namesTheMethodsThatAreMeant(String method, String path, String allowed) throws Exception {
        assertThat(raw(method, path)).startsWith("HTTP/1.1 405 ").containsIgnoringCase("allow: " + allowed);
    }

    static Stream<String> bodies() {
        return Stream.of("", "{", "[]", "null", "\"blue\"", "{\"target\":\"blue\"}{}",
                "{\"target\":\"blue\"},",
                "{\"target\":\"blue\",\"target\":\"green\"}", "{\"target\":\"blue\",\"Timeout\":\"1s\"}",
                "{\"target\":\"blue\",\"\":1}", "{\"target\":{\"target\":\"blue\"}}", "{target:\"blue\"}",
                "{\"target\":\"blue\",}", "// x\n{\"target\":\"blue\"}", "\ufeff{\"target\":\"blue\"",
                "{\"target\":\"blue\",\"reason\":\"\\u0000\"}",
                "{\"target\":\"blue\",\"reason\":\"\\u001b[2J\"}",
                "{\"target\":\"blue\",\"reason\":{}}", "{\"target\":" + "9".repeat(2000) + "}",
                "[".repeat(60_000), "{\"a\":".repeat(10_000),
                "{\"target\":" + "[".repeat(900) + "]".repeat(900) + "}",
                "{\"target\":\"" + "x".repeat(60_000) + "\"}", "{\"" + "x".repeat(60_000) + "\":1}");
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void refusesABodyThatIsNotWhatItSays(String body) throws Exception {
        var response = post(DRAIN, "application/json", body);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("bad_request").hasSizeLessThan(1000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json-patch+json", "application/jsonx", "json", "application / json",
        "text/plain, application/json"})
    void refusesABodyThatIsNotJson(String type) throws Exception {
        assertThat(post(DRAIN, type, "{\"target\":\"blue\"}").statusCode()).isEqualTo(415);
    }

    @Test
    void boundsEveryPartOfARequest() throws Exception {
        assertThat(post(DRAIN, "application/json", " ".repeat(AdminRouter.MAX_BODY_BYTES + 1)).statusCode())
                .isEqualTo(413);
        assertThat(raw("POST", "/api/v1/reload", "X-Long: " + "x".repeat(20_000) + "\r\n"))
                .startsWith("HTTP/1.1 431 ");
        assertThat(raw("POST", "/api/v1/reload", ("X-Many: " + "x".repeat(80) + "\r\n").repeat(200)))
                .startsWith("HTTP/1.1 431 ");
        assertThat(raw("GET", "/api/v1/audit?route=" + "x".repeat(20_000))).contains(" 414 ");
    }

    @Test
    void refusesToReloadWithABody() throws Exception {
        for (String type : List.of("application/json", "text/plain", "application/x-www-form-urlencoded")) {
            assertThat(post("/api/v1/reload", type, "{}").statusCode()).as("never silently ignored")
                    .isEqualTo(400);
        }
        assertThat(raw("POST", "/api/v1/reload", "Transfer-Encoding: chunked\r\n", "\r\n0\r\n"))
                .startsWith("HTTP/1.1 400 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"If-Match: \"1\"", "Idempotency-Key: x", "If-None-Match: *",
        "If-Unmodified-Since: x"})
    void refusesAReloadOnACondition(String header) throws Exception {
        assertThat(raw("POST", "/api/v1/reload", header + "\r\n")).startsWith("HTTP/1.1 501 ")
                .contains("unsupported_header", "nothing was changed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/reload?force=1", "/api/v1/routes/shop/drain?target=blue"})
    void refusesAChangeWithParameters(String target) throws Exception {
        assertThat(post(target, "application/json", "").statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-HTTP-Method-Override: POST", "X-Method-Override: POST",
        "X-Original-URL: /api/v1/reload",
        "X-Rewrite-URL: /api/v1/reload", "X-Forwarded-Host: evil.example"})
    void takesNoOrdersFromHeadersOfOthers(String header) throws Exception {
        assertThat(raw("GET", "/api/v1/reload", header + "\r\n")).startsWith("HTTP/1.1 405 ");
    }
}
