package dev.turnout.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.admin.SessionView;
import dev.turnout.config.Target;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionListApiTest {
    private static final String SESSIONS = "/api/v1/routes/shop-db/sessions";
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private AdminFixture admin;

    @BeforeEach
    void start(@TempDir Path stateDir) throws Exception {
        admin = new AdminFixture(stateDir);
        admin.routes.speaksPostgres("shop-db",
                session(1, "app", "shop", "idle"),
                session(2, "app", "other", "active"),
                session(3, "report", "shop", "idle"),
                new SessionView(4, "10.1.2.3:4000", "", "", Optional.empty(), false, "starting", "stateless",
                        List.of(), Optional.empty(), Optional.empty(), 0, NOON, NOON));
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    private static SessionView session(long id, String user, String database, String state) {
        return new SessionView(id, "10.1.2.3:5000" + id, user, database, Optional.of("web"), true, state,
                "pinned",
                List.of("temporary table", "listen"), Optional.of(Target.BLUE), Optional.of("10.0.0.1:5432"),
                4711,
                NOON, NOON.plusMillis(1500));
    }

    private HttpResponse<String> ask(String path) throws Exception {
        return admin.send(admin.as(AdminFixture.VIEWER, path));
    }

    private JsonNode sessions(String query) throws Exception {
        HttpResponse<String> response = ask(SESSIONS + query);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new ObjectMapper().readTree(response.body());
    }

    @Test
    void showsWhoASessionIsAndWhatMovingItWouldTake() throws Exception {
        assertThat(sessions("?limit=1").toString()).isEqualTo("{\"total\":4,\"sessions\":[{\"id\":1,"
                + "\"client\":\"10.1.2.3:50001\",\"user\":\"app\",\"database\":\"shop\",\"application\":\"web\",\"tls\":true,"
                + "\"state\":\"idle\",\"class\":\"pinned\",\"reasons\":[\"temporary table\",\"listen\"],"
                + "\"reason\":\"temporary table\",\"target\":\"blue\",\"endpoint\":\"10.0.0.1:5432\",\"pid\":4711,"
                + "\"since\":\"2026-11-20T12:00:00Z\",\"stateSince\":\"2026-11-20T12:00:01.500Z\"}]}");
    }

    @Test
    void showsNothingOfWhatIsNotKnownYet() throws Exception {
        JsonNode starting = sessions("?state=starting").at("/sessions/0");
        for (String field : List.of("application", "reason", "target", "endpoint")) {
            assertThat(starting.path(field).isNull()).as(field).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"'',4,4", "?user=app,2,2", "?database=shop,2,2", "?user=app&database=shop,1,1",
        "?state=idle,2,2",
        "?user=nobody,0,0", "?state=idle&limit=1,2,1", "?user=APP,0,0"})
    void answersThoseThatFitEveryFilter(String query, int total, int shown) throws Exception {
        JsonNode answer = sessions(query);
        assertThat(answer.path("total").asInt()).isEqualTo(total);
        assertThat(answer.path("sessions")).hasSize(shown);
    }

    @Test
    void showsAThousandUnlessMoreAreAskedFor() throws Exception {
        admin.routes.speaksPostgres("shop-db", IntStream.range(0, 1200)
                .mapToObj(id -> session(id, "app", "shop", "idle")).toArray(SessionView[]::new));
        assertThat(sessions("").path("sessions")).hasSize(1000);
        assertThat(sessions("").path("total").asInt()).isEqualTo(1200);
        assertThat(sessions("?limit=2000").path("sessions")).hasSize(1200);
    }

    @Test
    void anHttpRouteHasNone() throws Exception {
        HttpResponse<String> response = ask("/api/v1/routes/shop/sessions");
        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.body()).contains("wrong_protocol", "route: shop speaks http");
    }

    @Test
    void anUnknownRouteHasNone() throws Exception {
        HttpResponse<String> response = ask("/api/v1/routes/nowhere/sessions");
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).contains("unknown_route");
    }

    @ParameterizedTest
    @CsvSource({"?limit=0,limit", "?limit=100001,limit", "?state=busy,one of starting",
        "?usr=app,unknown parameter",
        "?user=a&user=b,2 of them"})
    void saysWhatIsWrong(String query, String part) throws Exception {
        HttpResponse<String> response = ask(SESSIONS + query);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("bad_request", part);
    }

    @Test
    void aRouteShowsItsSessionsAndItsData() throws Exception {
        JsonNode route = new ObjectMapper().readTree(ask("/api/v1/routes/shop-db").body());
        assertThat(route.path("protocol").asText()).isEqualTo("postgresql");
        assertThat(route.path("data").asText()).isEqualTo("replicated");
        assertThat(route.at("/targets/blue/sessions").toString())
                .isEqualTo("{\"open\":7,\"pinned\":1,\"active\":2,"
                        + "\"inTransaction\":3,\"transactions\":800,\"errors\":4}");
    }

    @Test
    void aChangeThatWouldGiveTwoWritersIsRefused() throws Exception {
        HttpResponse<String> response = admin
                .send(admin.put("/api/v1/routes/shop-db/split", "{\"green\":50}").header("Idempotency-Key",
                        "k-1"));
        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.body()).contains("\"code\":\"one_writer\"", "nothing was changed");
        assertThat(admin.routes.changes()).isEmpty();
    }
}
