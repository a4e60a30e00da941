package dev.turnout.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatekeeperTest {
    private static final String SPLIT = "/api/v1/routes/shop/split";

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
    void neverLetsAChangeThrough() {
        assertThat(admin.routes.changes()).isEmpty();
    }

    private static String get(String target, String... headers) throws Exception {
        return admin.raw("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + String.join("", headers) + "\r\n");
    }

    @ParameterizedTest
    @CsvSource({"GET,/,'',200", "GET,/healthz,'',200", "GET,/readyz,'',200", "GET,/openapi.yaml,'',200",
        "GET,/assets/app.js,'',404", "POST,/healthz,'',405", "GET,/metrics,'',401",
        "GET,/api/v1/routes,'',401",
        "GET,/api/v1/routes/shop,'',401", "PUT,/api/v1/routes/shop/split,'',401",
        "DELETE,/api/v1/routes/shop/split,'',401", "GET,/nowhere,'',401", "OPTIONS,/api/v1/routes,'',401",
        "GET,/metrics,viewer-token,200", "GET,/api/v1/routes,viewer-token,200",
        "GET,/api/v1/routes/shop,viewer-token,200", "PUT,/api/v1/routes/shop/split,viewer-token,403",
        "DELETE,/api/v1/routes/shop/split,viewer-token,403", "GET,/nowhere,viewer-token,404",
        "GET,/api/v1/routes,operator-token,200", "PUT,/api/v1/routes/shop/split,operator-token,415",
        "PUT,/api/v1/routes/shop/split,admin-token,415", "POST,/api/v1/routes/shop/split,operator-token,405",
        "PATCH,/api/v1/routes/shop/split,operator-token,405", "PUT,/api/v1/routes,operator-token,405",
        "OPTIONS,/api/v1/routes,operator-token,405", "GET,/api/v1/routes/other,viewer-token,404",
        "PUT,/api/v1/routes/shop/targets/blue/endpoints/a:1,'',401",
        "PUT,/api/v1/routes/shop/targets/blue/endpoints/a:1,viewer-token,403",
        "DELETE,/api/v1/routes/shop/targets/blue/endpoints/a:1,viewer-token,403",
        "POST,/api/v1/routes/shop/targets/blue/endpoints/a:1,operator-token,405",
        "GET,/metrics,viewer-toke,401", "GET,/metrics,viewer-tokenx,401", "GET,/metrics,VIEWER-TOKEN,401"})
    void asksForATokenAndARole(String method, String path, String token, int status) throws Exception {
        var request = token.isEmpty() ? admin.request(path) : admin.as(token, path);
        var response = admin.send(request.method(method, BodyPublishers.noBody()));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("WWW-Authenticate").isPresent())
                .as("a 401 says how to authenticate (RFC 9110, 15.5.2)")
                .isEqualTo(status == 401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"//api/v1/routes", "/api//v1/routes", "/api/v1/routes/", "/x/../api/v1/routes",
        "/healthz/../api/v1/routes", "/healthz/%2e%2e/api/v1/routes", "/%61pi/v1/routes", "/api/v1/%72outes",
        "/api%2Fv1%2Froutes", "/healthz/..%2fapi/v1/routes", "/assets/../api/v1/routes",
        "/assets/%2e%2e/api/v1/routes", "/assets/..%2f..%2fapi/v1/routes", "/assets//../api/v1/routes",
        "/assets/./../api/v1/routes", "/openapi.yaml/../metrics", "/metrics?/healthz", "/metrics?x=/healthz",
        "/metrics;/healthz", "/healthz;/../metrics", "//metrics", "/./metrics", "/metrics/", "/metrics%00",
        "http://localhost/metrics", "http://localhost/api/v1/routes", "http://localhost//metrics",
        "http://healthz/metrics", "/healthz%2f..%2fmetrics", "/\\metrics", "/api/v1/routes#/healthz",
        "//healthz",
        "/healthz/", "/x/../healthz", "/%68ealthz"})
    void keepsEveryOtherSpellingOfAPathBehindTheToken(String target) throws Exception {
        assertThat(get(target)).as("no token, hence no data").startsWith("HTTP/1.1 4")
                .doesNotContain("HTTP/1.1 404")
                .doesNotContain("10.0.0.1", "turnout_in_flight");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%zz", "/%", "/%u0041", "/api/v1/routes/%ff", "/a b", "*", "metrics",
        "?/healthz",
        "/api/v1/routes/\u00e9"})
    void answersAMalformedTargetWithoutAToken(String target) throws Exception {
        assertThat(get(target)).containsPattern("^HTTP/1\\.[01] 4").doesNotContain("10.0.0.1",
                "turnout_in_flight");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization: Bearer viewer-token\r\n",
        "Authorization: bearer viewer-token\r\n",
        "authorization: BEARER   viewer-token\r\n"})
    void readsTheSchemeInAnyLetterCase(String header) throws Exception {
        assertThat(get("/metrics", header)).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization: Bearer \r\n", "Authorization: Bearer\r\n", "Authorization:\r\n",
        "Authorization: viewer-token\r\n", "Authorization: Basic viewer-token\r\n",
        "Authorization: Bearer viewer-token extra\r\n", "Authorization: Bearer \"viewer-token\"\r\n",
        "Authorization: Bearer token=viewer-token\r\n", "Authorization: Bearerviewer-token\r\n",
        "Authorization: Bearer x, Bearer viewer-token\r\n", "X-Authorization: Bearer viewer-token\r\n",
        "Cookie: token=viewer-token\r\n", "Proxy-Authorization: Bearer viewer-token\r\n"})
    void takesNothingElseForAToken(String header) throws Exception {
        assertThat(get("/metrics", header)).startsWith("HTTP/1.1 401 ");
        assertThat(get("/metrics?access_token=viewer-token")).startsWith("HTTP/1.1 401 ");
    }

    @Test
    void refusesTwoAuthorizationHeaders() throws Exception {
        String valid = "Authorization: Bearer viewer-token\r\n";
        for (String other : new String[]{valid, "Authorization: Bearer wrong\r\n", "Authorization:\r\n"}) {
            assertThat(get("/metrics", valid, other)).as("two callers are none").startsWith("HTTP/1.1 401 ");
            assertThat(get("/metrics", other, valid)).as("two callers are none").startsWith("HTTP/1.1 401 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:9901", "127.0.0.1.evil.example",
        "localhost.evil.example",
        "10.0.0.1", "evil.example:127.0.0.1", "[::2]", "", "localhost@evil.example", "0.0.0.0"})
    void refusesAForeignHostOnLoopback(String host) throws Exception {
        String head = " HTTP/1.1\r\nHost: " + host
                + "\r\nConnection: close\r\nAuthorization: Bearer operator-token\r\n";
        assertThat(admin.raw("GET /api/v1/routes" + head + "\r\n"))
                .as("a page whose name resolves to 127.0.0.1 must not read")
                .containsPattern("^HTTP/1.1 4(21|00) ");
        assertThat(admin.raw("GET /healthz" + head + "\r\n")).containsPattern("^HTTP/1.1 4(21|00) ");
        assertThat(admin
                .raw("PUT " + SPLIT + head + "Content-Type: application/json\r\nContent-Length: 11\r\n\r\n"
                        + "{\"green\":5}"))
                .containsPattern("^HTTP/1.1 4(21|00) ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:9901", "127.0.0.1", "127.0.0.1:1", "127.8.9.1",
        "[::1]:9901", "[::1]",
        "localhost:"})
    void servesEveryNameOfThisMachine(String host) throws Exception {
        assertThat(admin.raw("GET /healthz HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void wantsExactlyOneHost() throws Exception {
        assertThat(admin.raw("GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(get("/healthz", "Host: evil.example\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(admin.raw("GET /healthz HTTP/1.0\r\n\r\n")).as("a plain health check of HAProxy")
                .startsWith("HTTP/1.0 200 ");
    }

    @Test
    void tellsABrowserNothingThatLetsAnotherSiteIn() throws Exception {
        var response = admin.send(admin.request("/api/v1/routes")
                .header("Origin", "https://evil.example")
                .header("Access-Control-Request-Method", "PUT")
                .method("OPTIONS", BodyPublishers.noBody()));
        assertThat(response.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control"));
        assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
    }

    @Test
    void doesNotRepeatATokenInItsAnswers() throws Exception {
        assertThat(get("/metrics", "Authorization: Bearer s3cr3t-but-wrong\r\n")).doesNotContain("s3cr3t");
    }
}
