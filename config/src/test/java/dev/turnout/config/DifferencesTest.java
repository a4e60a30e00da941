package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DifferencesTest {
    private static final String ROUTE = """
            turnout.routes.shop { protocol = http, listen = "a:1", blue.endpoints = ["b:1"], green.endpoints = ["g:1"] }
            """;

    @TempDir
    Path folder = Path.of("");

    private List<String> between(String before, String after) {
        return Differences.between(config(before).routes().getFirst(), config(after).routes().getFirst());
    }

    private TurnoutConfig config(String more) {
        return new Loading(folder).valid(ROUTE + more);
    }

    @Test
    void thereAreNoneBetweenEquals() {
        assertThat(between("", "")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "split.green = 10%|split.green: 0% -> 10%",
        "split.unhealthy = spill|split.unhealthy: fail -> spill",
        "split.cohort.cookie = uid|split.cohort: nothing -> cookie uid",
        "split.cohort { cookie = uid, mint = false }|split.cohort: nothing -> cookie uid, not minted",
        "split.rules = [ { when.method = GET, to = green } ]|split.rules: [] -> 1 entry",
        "timeouts.head = 3s|timeouts.head: 10s -> 3s",
        "timeouts.request = 1500ms|timeouts.request: 1m -> 1.5s",
        "limits.body = 1KiB|limits.body: nothing -> 1024",
        "health.check = http|health.check: none -> http",
        "health.eject.for = 1s|health.eject.for: 10s -> 1s",
        "headers.trust = []|headers.trust: [127.0.0.0/8, 0:0:0:0:0:0:0:1/128] -> []",
        "match.host = shop.test|match.host: nothing -> shop.test",
        "expose-target = true|expose-target: false -> true",
        "listen = \"a:2\"|listen: a:1 -> a:2",
        "blue.endpoints = [\"b:1\", \"c:1\"]|blue: [b:1] -> [b:1, c:1]"
    })
    void sayTheKeyAndBothValues(String line, String difference) {
        assertThat(between("", "turnout.routes.shop { " + line + " }")).containsExactly(difference);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "data = shared|split.writers: blue -> nothing;data: replicated -> shared",
        "timeouts.connect = 1s|timeouts.connect: 2s -> 1s",
        "timeouts.authenticate = 1s|timeouts.authenticate: 10s -> 1s",
        "limits.connections = 5|limits.connections: 20000 -> 5",
        "limits.unauthenticated = 5|limits.unauthenticated: 1000 -> 5",
        "slow-statement = 1s|slow-statement: nothing -> 1s",
        "auth.query.password = hunter2|auth: changed",
        "tls { certificate = a, private-key = b }|tls: changed",
        "green.tls.mode = require|blue.tls or green.tls: changed",
        "split.rules = [ { when.user = a, to = blue } ]|split.rules: [] -> 1 entry"})
    void sayTheKeysOfARouteForPostgres(String line, String differences) {
        RouteConfig before = new Loading(folder).valid(Shop.database("")).routes().getFirst();
        RouteConfig after = new Loading(folder).valid(Shop.database(line)).routes().getFirst();

        assertThat(Differences.between(before, after)).containsExactly(differences.split(";", -1));
    }

    @Test
    void whatIsTooLongOrLooksTheSameIsOnlyNamed() {
        String rule = "split.rules = [ { when.method = %s, to = green } ]";
        assertThat(between("turnout.routes.shop { " + rule.replace("%s", "GET") + " }",
                "turnout.routes.shop { " + rule.replace("%s", "PUT") + " }"))
                .containsExactly("split.rules: changed");
    }

    @Test
    void neverShowASecret() {
        String tokens = "turnout.admin.tokens = [ { name = ops, role = operator, token = \"";
        assertThat(Differences.between(config(""), config(tokens + "hunter2hunter2\" } ]")).toString())
                .contains("admin.tokens").doesNotContain("hunter2");
    }
}
