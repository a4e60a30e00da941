package dev.turnout.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExplainApiTest {
    private static final String EXPLAIN = "/api/v1/routes/shop/explain";

    private static final String SESSION = "/api/v1/routes/shop-db/explain";

    private static AdminFixture admin;

    @BeforeAll
    static void start(@TempDir Path stateDir) throws Exception {
        admin = new AdminFixture(stateDir);
    }

    @AfterAll
    static void stop() {
        admin.close();
    }

    @Test
    void explainsARequestWithAllThatItHas() throws Exception {
        var response = admin.send(admin.as(AdminFixture.VIEWER, EXPLAIN
                + "?method=POST&path=/cart%3Fdebug%3D1&host=shop.example&client=1.2.3.4&header=X-Canary%3Da%3Db"
                + "&header=x-empty%3D&cookie=uid%3Du1&cookie=UID%3Du2"));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"route\":\"shop\",\"target\":\"green\",\"certain\":true,"
                + "\"rung\":\"cohort\",\"sentence\":\"green, by the cohort\",\"inputs\":{"
                + "\"asked\":\"POST /cart?debug=1\",\"host\":\"shop.example\",\"client\":\"1.2.3.4\","
                + "\"X-Canary\":\"a=b\",\"x-empty\":\"\",\"UID\":\"u2\",\"uid\":\"u1\",\"bucket\":41234,"
                + "\"keyed\":true}}");
    }

    @Test
    void explainsASessionWithAllThatItHas() throws Exception {
        assertThat(session("?user=app&database=shop&application=a%20report&client=1.2.3.4"
                + "&startup=Turnout.Target%3Dgreen&startup=tz%3Da%3Db"))
                .contains("\"client\":\"1.2.3.4\"", "\"application_name\":\"a report\"",
                        "\"database\":\"shop\"",
                        "\"turnout.target\":\"green\"", "\"tz\":\"a=b\"", "\"user\":\"app\"");
    }

    @Test
    void aSessionsDatabaseIsNamedAsItsUserUnlessItSaysOtherwise() throws Exception {
        assertThat(session("?user=app")).contains("\"database\":\"app\"", "\"user\":\"app\"");
        assertThat(session("?startup=user%3Dapp")).contains("\"database\":\"app\"");
        assertThat(session("")).doesNotContain("\"database\"", "\"user\"");
    }

    private static String session(String query) throws Exception {
        admin.routes.speaksPostgres("shop-db");
        var response = admin.send(admin.as(AdminFixture.VIEWER, SESSION + query));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    @ParameterizedTest
    @CsvSource({"?path=/,path: unknown parameter (expected: user",
        "?startup=x,startup: \\\"x\\\" (expected: name=value",
        "?startup=a%3D1&startup=A%3D2,each startup once",
        "?user=a&startup=USER%3Db,each startup parameter once",
        "?user=a%0ab,a text in one line", "?user=a&user=b,user: 2 of them"})
    void saysWhatIsWrongWithASession(String query, String part) throws Exception {
        admin.routes.speaksPostgres("shop-db");
        var response = admin.send(admin.as(AdminFixture.VIEWER, SESSION + query));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("bad_request", part);
    }

    @Test
    void explainsAPlainRequest() throws Exception {
        assertThat(admin.send(admin.as(AdminFixture.VIEWER, EXPLAIN)).body())
                .contains("\"asked\":\"GET /\"").doesNotContain("\"host\"", "\"client\"");
        assertThat(admin.send(admin.as(AdminFixture.VIEWER, EXPLAIN + "?client=%3A%3A1&host=%5B%3A%3A1%5D"))
                .body())
                .contains("\"client\":\"0:0:0:0:0:0:0:1\"", "\"host\":\"[::1]\"");
    }

    @ParameterizedTest
    @CsvSource({"?methd=GET,methd: unknown parameter", "?user=app,user: unknown parameter",
        "?method=,method: ", "?method=G%20T,a method like GET",
        "?method=GET&method=PUT,method: 2 of them", "?path=cart,path: \\\"cart\\\"", "?path=,path: ",
        "?path=/a%20b,visible ASCII", "?path=/%23x,visible ASCII", "?path=/%0d%0a,visible ASCII",
        "?path=/%C3%A9,visible ASCII", "?path=http://x/,from its / on", "?host=a:80,without a port",
        "?host=,host: ",
        "?host=a%20b,host: ", "?client=1.2.3,an IP address", "?client=localhost,an IP address",
        "?client=10.0.0.0/8,an IP address", "?client=,an IP address", "?client=1.2.3.4.5,an IP address",
        "?header=x,header: \\\"x\\\" (expected: name=value", "?header=%3Dv,name=value",
        "?header=a%20b%3Dv,name=value", "?header=a%3Dv%0d%0ab,name=value",
        "?header=a%3D1&header=A%3D2,each header once", "?cookie=uid,name=value",
        "?cookie=uid%3D1&cookie=uid%3D2,each cookie once"})
    void saysWhatIsWrong(String query, String part) throws Exception {
        var response = admin.send(admin.as(AdminFixture.VIEWER, EXPLAIN + query));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("bad_request", "(expected: ", part);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/routes?window=9s", "/api/v1/routes?window=601s",
        "/api/v1/routes/shop?window=60",
        "/api/v1/routes/shop?window=", "/api/v1/routes?window=10s&window=10s", "/api/v1/routes?windw=10s",
        "/api/v1/routes/shop?window=1e3s", "/api/v1/audit?limit=0", "/api/v1/audit?limit=1001",
        "/api/v1/audit?limit=-1", "/api/v1/audit?limit=x", "/api/v1/audit?limit=99999999999999999999",
        "/api/v1/audit?routes=shop", "/api/v1/audit?route=a&route=b", "/api/v1/events?after=x",
        "/api/v1/events?after=-1", "/api/v1/events?from=1", "/api/v1/session?x=1",
        "/api/v1/routes/shop/explain?%00=1"})
    void refusesParametersThatItDoesNotHave(String target) throws Exception {
        var response = admin.send(admin.as(AdminFixture.VIEWER, target));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("bad_request", "(expected: ");
    }

    @ParameterizedTest
    @CsvSource({"'',60", "?window=10s,10", "?window=10m,600", "?window=1.5m,90", "?window=60000ms,60"})
    void looksBackAsFarAsAsked(String query, long seconds) throws Exception {
        for (String path : new String[]{"/api/v1/routes", "/api/v1/routes/shop"}) {
            assertThat(admin.send(admin.as(AdminFixture.VIEWER, path + query)).statusCode()).isEqualTo(200);
            assertThat(admin.routes.window()).hasSeconds(seconds);
        }
    }
}
