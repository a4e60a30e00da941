package dev.turnout.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.config.Share;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesApiTest {
    private static final String SPLIT = "/api/v1/routes/shop/split";

    private final ObjectMapper json = new ObjectMapper();
    private AdminFixture admin;

    @BeforeEach
    void start(@TempDir Path stateDir) throws Exception {
        admin = new AdminFixture(stateDir);
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    private Share green() {
        return admin.routes.route("shop", Duration.ofMinutes(1)).orElseThrow().split().green();
    }

    private String code(HttpResponse<String> response) throws Exception {
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        JsonNode problem = json.readTree(response.body());
        assertThat(problem.path("status").intValue()).isEqualTo(response.statusCode());
        return problem.path("code").textValue();
    }

    @Test
    void showsARouteWithItsLayersAndBothSides() throws Exception {
        var response = admin.send(admin.as(AdminFixture.VIEWER, "/api/v1/routes/shop"));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("ETag")).hasValue("\"1\"");
        assertThat(response.body())
                .isEqualTo("{\"name\":\"shop\",\"protocol\":\"http\",\"listen\":\"127.0.0.1:8080\","
                        + "\"version\":1,\"data\":null,\"split\":{\"green\":5.0,\"file\":5.0,\"runtime\":null,\"reason\":null,"
                        + "\"fileThen\":null,\"drained\":null,\"salt\":\"shop\",\"cohort\":\"cookie uid\",\"hidden\":null},\"targets\":{\"blue\":{\"endpoints\":["
                        + "{\"address\":\"10.0.0.1:8080\",\"state\":\"active\",\"healthy\":true,\"inFlight\":3,"
                        + "\"origin\":\"file\",\"reason\":null},"
                        + "{\"address\":\"10.0.0.2:8080\",\"state\":\"active\",\"healthy\":false,\"inFlight\":0,"
                        + "\"origin\":\"file\",\"reason\":null}],"
                        + "\"removed\":[{\"address\":\"10.0.0.9:8080\",\"reason\":\"gone\"}],"
                        + "\"inFlight\":3,\"requests\":1204,\"failures\":7,\"tunnels\":1,\"recent\":{\"seconds\":60.0,"
                        + "\"requests\":1190,\"errors\":7,\"errorPercent\":0.5882,\"sharePercent\":94.9,"
                        + "\"p50Millis\":12.0,\"p99Millis\":45.0},\"sessions\":null},\"green\":{\"endpoints\":["
                        + "{\"address\":\"10.0.1.1:8080\",\"state\":\"active\",\"healthy\":true,\"inFlight\":0,"
                        + "\"origin\":\"file\",\"reason\":null}],"
                        + "\"removed\":[{\"address\":\"10.0.1.9:8080\",\"reason\":null}],"
                        + "\"inFlight\":0,\"requests\":64,\"failures\":0,\"tunnels\":0,\"recent\":{\"seconds\":60.0,"
                        + "\"requests\":64,\"errors\":0,\"errorPercent\":0.0,\"sharePercent\":5.1,"
                        + "\"p50Millis\":11.0,\"p99Millis\":38.0},\"sessions\":null}}}");
    }

    @Test
    void listsRoutesUnderTheNewestVersion() throws Exception {
        admin.send(admin.put(SPLIT, "{\"green\":6}"));
        var response = admin.send(admin.as(AdminFixture.VIEWER, "/api/v1/routes"));
        assertThat(json.readTree(response.body()).findValuesAsText("name")).containsExactly("api", "shop");
        assertThat(response.headers().firstValue("ETag")).hasValue("\"2\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"12.5|12.5", "\"12.5%\"|12.5", "0|0", "100|100", "0.0001|0.0001",
        "\" 5 % \"|5", "5.0000000|5", "1e1|10", "100.0|100"})
    void takesAShareAsNumberOrText(String sent, String percent) throws Exception {
        var response = admin.send(admin.put(SPLIT, "{\"green\":" + sent + ",\"reason\":\"canary\"}"));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("ETag")).hasValue("\"2\"");
        assertThat(json.readTree(response.body()).at("/split/reason").textValue()).isEqualTo("canary");
        assertThat(green()).isEqualTo(Share.ofPercent(percent));
        assertThat(admin.routes.changes().getFirst().actor()).isEqualTo("ops");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"green\":101}", "{\"green\":-1}", "{\"green\":0.00001}",
        "{\"green\":null}",
        "{\"green\":true}", "{\"green\":[5]}", "{\"green\":\"five\"}", "{\"green\":\"\"}", "{\"green\":NaN}",
        "{\"green\":5,\"blue\":95}", "{\"green\":5,\"green\":6}", "{\"green\":5} x", "{\"green\":5", "[5]",
        "5", "",
        "{\"green\":1e999999999}", "{\"green\":1e-999999999}", "{\"green\":5,\"reason\":7}",
        "{\"green\":5,\"reason\":\"\"}", "{\"green\":5,\"reason\":\"a\\nb\"}", "\u0000", "{'green':5}"})
    void refusesABodyItDoesNotUnderstandAndChangesNothing(String body) throws Exception {
        var response = admin.send(admin.put(SPLIT, body));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(code(response)).isEqualTo("bad_request");
        assertThat(admin.routes.changes()).isEmpty();
    }

    @Test
    void saysWhatWasFoundAndWhatIsAllowed() throws Exception {
        assertThat(admin.send(admin.put(SPLIT, "{\"green\":12.34567}")).body()).contains("12.34567")
                .contains("at most four decimals");
        assertThat(admin.send(admin.put(SPLIT, "{\"gren\":1}")).body())
                .contains("gren: unknown field (expected: green, reason)");
        assertThat(admin.send(admin.put("/api/v1/routes/shp/split", "{\"green\":1}")).body())
                .contains("route: shp (expected: one of api, shop)");
    }

    @Test
    void dropsTheRuntimeLayer() throws Exception {
        admin.send(admin.put(SPLIT, "{\"green\":50}"));
        var response = admin
                .send(admin.as(AdminFixture.OPERATOR, SPLIT).header("If-Match", "\"2\"").DELETE());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("ETag")).hasValue("\"3\"");
        assertThat(json.readTree(response.body()).at("/split/runtime").isNull()).isTrue();
        assertThat(green()).isEqualTo(Share.ofPercent("5"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x"})
    void refusesAResetWithABody(String type) throws Exception {
        var response = admin.send(admin.as(AdminFixture.OPERATOR, SPLIT)
                .header("Content-Type", type)
                .method("DELETE", BodyPublishers.ofString("reason=why")));
        assertThat(code(response)).as("never silently ignored").isEqualTo("bad_request");
        assertThat(admin.routes.changes()).isEmpty();
    }

    @Test
    void tellsAClientThatAsksFirstToSendItsBody() throws Exception {
        assertThat(admin.send(admin.put(SPLIT, "{\"green\":50}").expectContinue(true)).statusCode())
                .isEqualTo(200);
        var stranger = admin.request(SPLIT).expectContinue(true)
                .PUT(BodyPublishers.ofString("{\"green\":50}"));
        assertThat(admin.send(stranger).statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '\'', value = {"'\"1\"',200", "*,200", "'\"2\"',412", "'\"0\"',412",
        "'\"x\"',412",
        "'W/\"1\"',412", "1,400", "'\"1\", \"2\"',400", "'\"1',400", "'\"99999999999999999999\"',412"})
    void appliesAChangeOnlyToTheVersionThatWasSeen(String ifMatch, int status) throws Exception {
        var response = admin.send(admin.put(SPLIT, "{\"green\":50}").header("If-Match", ifMatch));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(admin.routes.changes()).hasSize(status == 200 ? 1 : 0);
    }

    @Test
    void refusesSeveralConditions() throws Exception {
        var response = admin.send(
                admin.put(SPLIT, "{\"green\":50}").header("If-Match", "\"1\"").header("If-Match", "*"));
        assertThat(code(response)).isEqualTo("bad_request");
    }

    @Test
    void letsExactlyOneOfManyWritersWin() throws Exception {
        int writers = 16;
        CountDownLatch together = new CountDownLatch(writers);
        try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
            List<Future<Integer>> statuses = IntStream.range(0, writers)
                    .mapToObj(writer -> threads.submit(() -> {
                        together.countDown();
                        together.await();
                        return admin
                                .send(admin.put(SPLIT, "{\"green\":" + writer + "}").header("If-Match",
                                        "\"1\""))
                                .statusCode();
                    })).toList();
            int won = 0;
            for (Future<Integer> status : statuses) {
                assertThat(status.get()).isIn(200, 412);
                won += status.get() == 200 ? 1 : 0;
            }
            assertThat(won).isEqualTo(1);
        }
        assertThat(admin.routes.changes()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"If-None-Match", "If-Unmodified-Since"})
    void refusesAHeaderWhosePromiseItCannotKeep(String header) throws Exception {
        var put = admin.send(admin.put(SPLIT, "{\"green\":50}").header(header, "x"));
        assertThat(put.statusCode()).isEqualTo(501);
        assertThat(code(put)).isEqualTo("unsupported_header");
        assertThat(put.body()).contains(header);
        var delete = admin.send(admin.as(AdminFixture.OPERATOR, SPLIT).header(header, "x").DELETE());
        assertThat(delete.statusCode()).isEqualTo(501);
        assertThat(admin.routes.changes()).isEmpty();
    }

    @Test
    void saysSoWhenAChangeCannotBeMadeDurable() throws Exception {
        admin.routes.fillTheDisk();
        var response = admin.send(admin.put(SPLIT, "{\"green\":50}"));
        assertThat(code(response)).isEqualTo("not_durable");
        assertThat(response.body()).contains("no space left on device");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x", ""})
    void refusesABodyThatIsNotDeclaredAsJson(String contentType) throws Exception {
        var request = admin.as(AdminFixture.OPERATOR, SPLIT).PUT(BodyPublishers.ofString("{\"green\":5}"));
        var response = admin
                .send(contentType.isEmpty() ? request : request.header("Content-Type", contentType));
        assertThat(code(response)).isEqualTo("unsupported_media_type");
        assertThat(admin.routes.changes()).isEmpty();
    }

    @Test
    void takesJsonWithParametersInTheType() throws Exception {
        var request = admin.as(AdminFixture.OPERATOR, SPLIT).PUT(BodyPublishers.ofString("{\"green\":5}"));
        assertThat(admin.send(request.header("Content-Type", "Application/JSON; charset=utf-8")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void refusesABodyBeyondItsLimit() throws Exception {
        String body = "{\"green\":5,\"reason\":\"" + "x".repeat(AdminRouter.MAX_BODY_BYTES) + "\"}";
        assertThat(code(admin.send(admin.put(SPLIT, body)))).isEqualTo("body_too_large");
        assertThat(admin.routes.changes()).isEmpty();
    }

    @Test
    void refusesAChunkedBodyBeyondItsLimit() throws Exception {
        String chunk = "1000\r\n" + "x".repeat(0x1000) + "\r\n";
        String response = admin.raw("PUT " + SPLIT + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Authorization: Bearer " + AdminFixture.OPERATOR + "\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(17) + "0\r\n\r\n");
        assertThat(response).startsWith("HTTP/1.1 413 ").contains("body_too_large");
    }

    @Test
    void neverChangesAnythingOnGet() throws Exception {
        assertThat(admin.send(admin.as(AdminFixture.OPERATOR, SPLIT)).statusCode()).isEqualTo(405);
        admin.send(admin.as(AdminFixture.OPERATOR, SPLIT + "?green=50&_method=PUT"));
        admin.send(admin.as(AdminFixture.OPERATOR, SPLIT).header("X-HTTP-Method-Override", "DELETE"));
        assertThat(admin.routes.changes()).isEmpty();
    }

    @Test
    void keepsNoReasonThatWasNotGiven() throws Exception {
        admin.send(admin.put(SPLIT, "{\"green\":5,\"reason\":null}"));
        assertThat(admin.routes.changes().getFirst().reason()).isEqualTo(Optional.empty());
    }
}
