package dev.turnout.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.admin.ReloadControl;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The audit log, and reloading. */
class HistoryApiTest {
    private AdminFixture admin;

    @BeforeEach
    void start(@TempDir Path stateDir) throws Exception {
        admin = new AdminFixture(stateDir);
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    private HttpResponse<String> reload() throws Exception {
        return admin.send(admin.as(AdminFixture.OPERATOR, "/api/v1/reload").POST(BodyPublishers.noBody()));
    }

    private List<String> after(String query) throws Exception {
        var response = admin.send(admin.as(AdminFixture.VIEWER, "/api/v1/audit" + query));
        return new ObjectMapper().readTree(response.body()).findValuesAsText("after");
    }

    @Test
    void showsWhoChangedWhat() throws Exception {
        admin.audit.splits("shop", 12);
        assertThat(admin.send(admin.as(AdminFixture.VIEWER, "/api/v1/audit")).body())
                .isEqualTo(
                        "[{\"version\":2,\"at\":\"2026-11-20T12:00:02Z\",\"actor\":\"ops\",\"action\":\"split\","
                                + "\"route\":\"shop\",\"subject\":null,\"reason\":\"canary\",\"before\":\"5%\","
                                + "\"after\":\"12%\"}]");
    }

    @Test
    void showsTheNewestOfARoute() throws Exception {
        for (int percent = 0; percent < 5; percent++) {
            admin.audit.splits(percent % 2 == 0 ? "shop" : "api", percent);
        }
        assertThat(after("")).containsExactly("4%", "3%", "2%", "1%", "0%");
        assertThat(after("?limit=2")).containsExactly("4%", "3%");
        assertThat(after("?route=shop&limit=2")).containsExactly("4%", "2%");
        assertThat(after("?route=gone")).isEmpty();
    }

    @Test
    void saysWhyTheLogCannotBeRead() throws Exception {
        admin.audit.breakTheDisk();
        var response = admin.send(admin.as(AdminFixture.VIEWER, "/api/v1/audit"));
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).contains("audit_unreadable", "audit.log: input/output error");
    }

    @Test
    void reloadsInTheNameOfWhoeverAsks() throws Exception {
        var response = reload();
        assertThat(response.body()).isEqualTo("{\"changes\":[\"shop: green 5% -> 10%\"],"
                + "\"overridden\":[\"shop: green 10% of the file is hidden by 50%, which ops set\"],"
                + "\"restart\":[\"admin.listen: takes a restart\"],\"version\":7}");
        assertThat(admin.reload.actor()).isEqualTo("ops");
    }

    @Test
    void saysEveryProblemOfAFileAndThatNothingChanged() throws Exception {
        admin.reload.endsAs(new ReloadControl.Result.Invalid(List.of("a.conf:1: one", "a.conf:2: two")));
        var response = reload();
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.body()).contains("invalid_configuration", "nothing was changed", "2 problems",
                "\"problems\":[\"a.conf:1: one\",\"a.conf:2: two\"]");
    }

    @Test
    void saysWhyAFileCannotBeHad() throws Exception {
        admin.reload.endsAs(new ReloadControl.Result.Failed("0.0.0.0:80 is in use"));
        var response = reload();
        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.body()).contains("reload_failed", "nothing was changed", "0.0.0.0:80 is in use");
    }

    @Test
    void changesNothingForALookerNorOnGet() throws Exception {
        assertThat(admin.send(admin.as(AdminFixture.VIEWER, "/api/v1/reload").POST(BodyPublishers.noBody()))
                .statusCode()).isEqualTo(403);
        assertThat(admin.send(admin.as(AdminFixture.OPERATOR, "/api/v1/reload")).statusCode()).isEqualTo(405);
        assertThat(admin.reload.actor()).isEmpty();
    }
}
