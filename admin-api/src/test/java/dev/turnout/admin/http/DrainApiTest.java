package dev.turnout.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.admin.DrainResult;
import dev.turnout.admin.DrainResult.Drained;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DrainApiTest {
    private static final String DRAIN = "/api/v1/routes/shop/drain";
    /** Long past by the time that a drain of two seconds ends. */
    private static final Duration IDLE = Duration.ofMillis(200);

    private AdminFixture admin;

    @BeforeEach
    void start(@TempDir Path stateDir) throws Exception {
        admin = new AdminFixture(stateDir,
                new AdminServer.Timing(InstantSource.system(), IDLE, Duration.ofSeconds(15)));
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    private HttpResponse<String> drain(String body) throws Exception {
        return admin.send(admin.as(AdminFixture.OPERATOR, DRAIN).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        return new ObjectMapper().readTree(response.body());
    }

    @Test
    void answersWhenTheSideIsEmpty() throws Exception {
        var response = drain("{\"target\":\"blue\",\"timeout\":\"2m\",\"reason\":\"update\"}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("ETag")).hasValue("\"2\"");
        JsonNode answer = json(response);
        assertThat(answer.path("target").asText()).isEqualTo("blue");
        assertThat(answer.path("drained").asBoolean()).isTrue();
        assertThat(answer.path("tookMillis").asLong()).isEqualTo(1500);
        assertThat(answer.at("/route/split/drained").asText()).isEqualTo("blue");
        assertThat(admin.routes.timeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(admin.routes.changes().getFirst().reason()).hasValue("update");
    }

    @Test
    void saysWhatIsLeftWhenTimeIsUp() throws Exception {
        admin.routes.drainsEndAs(route -> new DrainResult.TimedOut(route, 3, 1, 0));
        var response = drain("{\"target\":\"blue\"}");
        assertThat(response.statusCode()).isEqualTo(504);
        JsonNode problem = json(response);
        assertThat(problem.path("code").asText()).isEqualTo("drain_timeout");
        assertThat(problem.path("requests").asLong()).isEqualTo(3);
        assertThat(problem.path("tunnels").asLong()).isEqualTo(1);
        assertThat(problem.path("detail").asText()).contains("3 requests and 1 upgraded connections",
                "blue stays drained", "set or reset the split to undo it");
        assertThat(admin.routes.timeout()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void saysHowManySessionsAreLeft() throws Exception {
        admin.routes.speaksPostgres("shop-db");
        var database = admin.routes.route("shop-db", Duration.ofMinutes(1)).orElseThrow();
        admin.routes.drainsEndAs(_ -> new DrainResult.TimedOut(database, 2, 0, 5));
        JsonNode problem = json(drain("{\"target\":\"blue\"}"));
        assertThat(problem.path("sessions").asLong()).isEqualTo(5);
        assertThat(problem.path("detail").asText()).startsWith("blue: 5 sessions still open after 30000 ms");
    }

    @Test
    void saysThatSomebodyUndidIt() throws Exception {
        admin.routes.drainsEndAs(DrainResult.Undone::new);
        var response = drain("{\"target\":\"green\"}");
        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(json(response).path("code").asText()).isEqualTo("drain_undone");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '\'', value = {"{},target: missing", "{\"target\":\"red\"},target: \"red\"",
        "{\"target\":null},target: null"})
    void namesTheSidesThatThereAre(String body, String found) throws Exception {
        assertThat(json(drain(body)).path("detail").asText()).startsWith(found)
                .contains("expected: \"blue\" or \"green\"");
        assertThat(admin.routes.changes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"30", "\"30\"", "\"\"", "\"-1s\"", "\"61m\"", "\"3601s\"", "\"1d\"", "\"1e9s\"",
        "null",
        "\"99999999999s\"", "[\"1s\"]", "\"1s 1s\""})
    void refusesATimeOutOfRange(String timeout) throws Exception {
        var response = drain("{\"target\":\"blue\",\"timeout\":" + timeout + "}");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("timeout: ", "0s to 1h");
        assertThat(admin.routes.changes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0s,0", "1h,3600000", "1.5s,1500", "250ms,250", "1 m,60000"})
    void readsATimeAsTheConfigurationDoes(String timeout, long millis) throws Exception {
        drain("{\"target\":\"blue\",\"timeout\":\"" + timeout + "\"}");
        assertThat(admin.routes.timeout()).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void waitsLongerThanAClientMayKeepTheServerWaiting() throws Exception {
        CountDownLatch cutOff = new CountDownLatch(1);
        admin.routes.drainsEndAs(route -> {
            awaitQuietly(cutOff);
            return new Drained(route, Duration.ofSeconds(1));
        });
        var answer = CompletableFuture.supplyAsync(() -> quietly("{\"target\":\"blue\"}"));
        // A connection that says nothing is closed meanwhile, several times over.
        for (int i = 0; i < 3; i++) {
            assertThat(admin.raw("")).isEmpty();
        }
        cutOff.countDown();
        assertThat(answer.get().statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /healthz HT", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-",
        "PUT /api/v1/routes/shop/split HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Authorization: Bearer operator-token\r\nContent-Length: 100\r\n\r\n{"})
    void closesAConnectionThatKeepsItWaiting(String begun) throws Exception {
        assertThat(admin.raw(begun)).as("read to the end, hence closed").isEmpty();
        assertThat(admin.routes.changes()).isEmpty();
    }

    @Test
    void closesAConnectionThatAsksNothingMore() throws Exception {
        assertThat(admin.raw("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")).startsWith("HTTP/1.1 200 ")
                .endsWith("ok\n");
    }

    @Test
    void closesAConnectionThatDoesNotReadItsAnswer() throws Exception {
        admin.metrics.set("x".repeat(20_000_000));
        try (Socket socket = new Socket(admin.uri().getHost(), admin.uri().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET /metrics HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                            + AdminFixture.VIEWER + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            // Connections that come later are closed later, each in the same time.
            for (int i = 0; i < 3; i++) {
                assertThat(admin.raw("")).isEmpty();
            }
            assertThat(readWhatIsLeft(socket)).isLessThan(20_000_000);
        }
    }

    private static long readWhatIsLeft(Socket socket) {
        long read = 0;
        byte[] buffer = new byte[64 * 1024];
        try {
            for (int some = 0; some >= 0; some = socket.getInputStream().read(buffer)) {
                read += some;
            }
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return read;
    }

    private HttpResponse<String> quietly(String body) {
        try {
            return drain(body);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
