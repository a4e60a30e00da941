package dev.turnout.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.admin.ChangeContext.IdempotencyKey;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyApiTest {
    private static final String SPLIT = "/api/v1/routes/shop/split";
    private static final String ENDPOINT = "/api/v1/routes/shop/targets/blue/endpoints/10.0.0.1:8080";

    private AdminFixture admin;

    @BeforeEach
    void start(@TempDir Path stateDir) throws Exception {
        admin = new AdminFixture(stateDir);
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    private HttpResponse<String> send(HttpRequest.Builder change) throws Exception {
        return admin.send(change.header("Idempotency-Key", "k-1"));
    }

    private String request() {
        return admin.routes.changes().getLast().key().map(IdempotencyKey::request).orElseThrow();
    }

    @Test
    void actsOnceAndSaysSo() throws Exception {
        var first = send(admin.put(SPLIT, "{\"green\":50,\"reason\":\"why\"}"));
        var again = send(admin.put(SPLIT, " { \"reason\":\"why\", \"green\":50 }"));
        assertThat(first.headers().firstValue("Idempotency-Replayed")).isEmpty();
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.headers().firstValue("Idempotency-Replayed")).hasValue("true");
        assertThat(again.headers().firstValue("ETag")).isEqualTo(first.headers().firstValue("ETag"));
        assertThat(admin.routes.changes()).hasSize(1);
    }

    @Test
    void hasAShortTextForARequest() throws Exception {
        send(admin.put(SPLIT, "{\"green\":50,\"reason\":\"" + "x".repeat(500) + "\"}"));
        assertThat(request()).matches("[0-9a-f]{64}");
    }

    @Test
    void tellsOneRequestFromAnother() throws Exception {
        send(admin.put(SPLIT, "{\"green\":50}"));
        for (HttpRequest.Builder other : new HttpRequest.Builder[]{admin.put(SPLIT, "{\"green\":51}"),
            admin.put(SPLIT, "{\"green\":50,\"reason\":\"x\"}"),
            admin.put(SPLIT, "{\"green\":50}").header("If-Match", "\"1\""),
            admin.as(AdminFixture.OPERATOR, SPLIT).DELETE(),
            admin.put(ENDPOINT, "{\"state\":\"drained\"}"),
            admin.as(AdminFixture.OPERATOR, ENDPOINT + "?reason=x").DELETE()}) {
            var response = send(other);
            assertThat(response.statusCode()).isEqualTo(422);
            assertThat(response.body()).contains("idempotency_key_reused", "k-1", "nothing was changed");
        }
        assertThat(admin.routes.changes()).hasSize(1);
    }

    @Test
    void countsTheReasonInAQuery() throws Exception {
        send(admin.as(AdminFixture.OPERATOR, ENDPOINT + "?reason=x").DELETE());
        assertThat(send(admin.as(AdminFixture.OPERATOR, ENDPOINT + "?reason=y").DELETE()).statusCode())
                .isEqualTo(422);
        assertThat(send(admin.as(AdminFixture.OPERATOR, ENDPOINT + "?reason=%78").DELETE()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void keepsTheKeysOfOperatorsApart() throws Exception {
        send(admin.put(SPLIT, "{\"green\":50}"));
        var other = admin.as("admin-token", SPLIT).DELETE();
        assertThat(send(other).headers().firstValue("Idempotency-Replayed")).isEmpty();
        assertThat(admin.routes.changes()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "\u00e9", "a\tb"})
    void refusesAKeyThatIsNone(String key) throws Exception {
        refuses("Idempotency-Key: " + key + "\r\n");
    }

    @Test
    void refusesAKeyBeyondItsLengthAndSeveral() throws Exception {
        refuses("Idempotency-Key: " + "x".repeat(256) + "\r\n");
        refuses("Idempotency-Key: a\r\nIdempotency-Key: a\r\n");
    }

    private void refuses(String header) throws Exception {
        assertThat(admin.raw("DELETE " + SPLIT + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Authorization: Bearer " + AdminFixture.OPERATOR + "\r\n" + header + "\r\n"))
                .startsWith("HTTP/1.1 400 ").contains("Idempotency-Key: ", "1 to 255 visible ASCII");
        assertThat(admin.routes.changes()).isEmpty();
    }

    @Test
    void takesAKeyOfFullLength() throws Exception {
        var response = admin
                .send(admin.put(SPLIT, "{\"green\":50}").header("Idempotency-Key", "~".repeat(255)));
        assertThat(response.statusCode()).isEqualTo(200);
    }
}
