package dev.turnout.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminRouterTest {
    private AdminFixture admin;

    @BeforeEach
    void start(@TempDir Path stateDir) throws Exception {
        admin = new AdminFixture(stateDir);
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/healthz", "/readyz", "/openapi.yaml", "/metrics", "/api/v1/routes",
        "/api/v1/routes/shop", "/api/v1/routes/other"})
    void answersHeadLikeGetWithoutTheBody(String path) throws Exception {
        var get = admin.send(admin.as(AdminFixture.VIEWER, path));
        var head = admin.send(admin.as(AdminFixture.VIEWER, path).HEAD());
        assertThat(head.statusCode()).isEqualTo(get.statusCode());
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("Content-Length"))
                .isEqualTo(get.headers().firstValue("Content-Length"));
        assertThat(head.headers().firstValue("Content-Type"))
                .isEqualTo(get.headers().firstValue("Content-Type"));
        assertThat(head.headers().firstValue("ETag")).isEqualTo(get.headers().firstValue("ETag"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"POST|/api/v1/routes|GET, HEAD", "PUT|/api/v1/routes/shop|GET, HEAD",
        "GET|/api/v1/routes/shop/split|DELETE, PUT", "POST|/api/v1/routes/shop/split|DELETE, PUT",
        "GET|/api/v1/routes/shop/targets/blue/endpoints/10.0.0.1:8080|DELETE, PUT",
        "DELETE|/metrics|GET, HEAD", "BREW|/healthz|GET, HEAD"})
    void namesTheMethodsThatAreMeant(String method, String path, String allowed) throws Exception {
        var response = admin
                .send(admin.as(AdminFixture.OPERATOR, path).method(method, BodyPublishers.noBody()));
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).hasValue(allowed);
        assertThat(response.body()).contains("method_not_allowed");
    }

    @Test
    void isReadyOnlyWhenTheProxyIs() throws Exception {
        assertThat(admin.send(admin.request("/readyz")).statusCode()).isEqualTo(200);
        admin.ready.set(false);
        var response = admin.send(admin.request("/readyz"));
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("not_ready");
        assertThat(admin.send(admin.request("/healthz")).statusCode()).isEqualTo(200);
    }

    @Test
    void showsTheMetricsAsPrometheusReadsThem() throws Exception {
        var response = admin.send(admin.as(AdminFixture.VIEWER, "/metrics"));
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValue("text/plain; version=0.0.4; charset=utf-8");
        assertThat(response.body()).isEqualTo("turnout_in_flight 3\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GARBAGE\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /healthz\r\n\r\n",
        "\u0016\u0003\u0001\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost : localhost\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: localhost\r\nBad Name: x\r\n\r\n",
        "PUT /api/v1/routes/shop/split HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "PUT /api/v1/routes/shop/split HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5, 6\r\n\r\n"})
    void closesOnWhatIsNotHttp(String bytes) throws Exception {
        String response = admin.raw(bytes);
        if (!response.isEmpty()) {
            assertThat(response).containsPattern("^HTTP/\\S+ [45]\\d\\d ");
        }
        assertThat(admin.send(admin.request("/healthz")).statusCode()).as("others are still served")
                .isEqualTo(200);
    }

    @Test
    void boundsTheHead() throws Exception {
        String head = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Long: "
                + "x".repeat(20_000);
        assertThat(admin.raw(head + "\r\n\r\n")).startsWith("HTTP/1.1 431 ");
        assertThat(admin.raw("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.0 414 ");
    }

    @Test
    void speaksNothingButHttp1() throws Exception {
        var response = admin.send(admin.request("/healthz").version(HttpClient.Version.HTTP_2));
        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(response.statusCode()).isEqualTo(200);
    }
}
