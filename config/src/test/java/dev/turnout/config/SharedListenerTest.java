package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several routes on one address, told apart by what they match. */
class SharedListenerTest {
    @TempDir
    Path folder;

    private Loading loading() {
        return new Loading(folder);
    }

    private static String route(String name, String match) {
        return Shop.route(name, "a:80", match);
    }

    @Test
    void aRouteMatchesWhatItSays() {
        assertThat(loading().valid(route("shop",
                "match { host = \"*.Shop.Example\", path-prefix = \"/api/\", headers { X-Tenant = a } }"))
                .routes()
                .getFirst().match())
                .isEqualTo(new MatchConfig(Optional.of(new HostPattern("shop.example", true)),
                        Optional.of("/api"), Map.of("x-tenant", "a")));
        assertThat(loading().valid(route("shop", "match {}")).routes().getFirst().match())
                .isEqualTo(MatchConfig.ANY);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "match {}|match.host = a",
        "match.host = a|match.host = b",
        "match.host = a|match.host = \"*.a\"",
        "match.host = \"*.a.com\"|match.host = \"*.b.a.com\"",
        "match {}|match.path-prefix = \"/\"",
        "match.path-prefix = \"/api\"|match.path-prefix = \"/api/v2\"",
        "match.path-prefix = \"/a\"|match.path-prefix = \"/b\"",
        "match.host = a|match { host = a, path-prefix = \"/a\" }",
        "match {}|match.headers.x = 1",
        "match.headers.x = 1|match.headers { x = 1, y = 2 }",
        "match.headers.x = 1|match.headers.x = 2",
        "match.headers { x = 1, y = 2 }|match.headers { y = 3, z = 1 }"})
    void routesThatCanBeToldApartShareAnAddress(String one, String other) {
        assertThat(loading().valid(route("zoo", one) + route("bar", other)).routes()).hasSize(2);
        assertThat(loading().valid(route("zoo", other) + route("bar", one)).routes()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "match.host = a|match.host = A",
        "match.host = \"*.a\"|match.host = \"*.A\"",
        "match.path-prefix = \"/api\"|match.path-prefix = \"/api/\"",
        "match.headers.x = 1|match.headers.X = 1",
        "match.headers.x = 1|match.headers.y = 1",
        "match.headers { x = 1, y = 2 }|match.headers { x = 1, z = 3 }",
        "match { host = a, path-prefix = \"/\", headers.x = 1 }|match { host = a, path-prefix = \"/\", headers.y = 1 }"})
    void aTieIsAProblemThatNamesBoth(String one, String other) {
        Problem problem = loading()
                .problem(route("zoo", one) + route("free", "match.host = z") + route("bar", other));

        assertThat(problem.line()).isEqualTo(3);
        assertThat(problem.key()).isEqualTo("turnout.routes.bar.match");
        assertThat(problem.found()).matches("as specific as turnout.routes.zoo.match in .*" + Loading.FILE
                + ":1, and a request may fit both");
        assertThat(problem.allowed()).isEqualTo("a host, a path prefix or headers that tell the two apart");
    }

    @Test
    void twoThatMatchEverythingAreSentApart() {
        Problem problem = loading().problem(route("zoo", "match {}") + route("bar", ""));

        assertThat(problem.key()).isEqualTo("turnout.routes.bar.listen");
        assertThat(problem.found()).matches("\"a:80\", where turnout.routes.zoo.listen in .*" + Loading.FILE
                + ":1 listens with \"a:80\", and each would take every request");
        assertThat(problem.allowed()).isEqualTo("an address of its own, or a match that tells the two apart");
    }

    @Test
    void eachTieIsReportedOnceAtTheLaterRoute() {
        assertThat(loading().places(route("c", "match.host = a") + route("b", "match.host = a")
                + route("a", "match.host = a")))
                .containsExactly("2 turnout.routes.b.match", "3 turnout.routes.a.match");
    }

    @ParameterizedTest
    @CsvSource({"shop:80,SHOP:80", "[::1]:80,[0:0:0:0:0:0:0:1]:80", "[::]:80,[0::0]:80"})
    void anAddressMayBeWrittenInAnotherWay(String one, String other) {
        List<RouteConfig> routes = loading().valid(
                Shop.route("a", one, "match.host = a") + Shop.route("b", other, "match.host = b")).routes();

        assertThat(routes.getFirst().listen().canonical()).isEqualTo(routes.getLast().listen().canonical());
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0:80,127.0.0.1:80", "127.0.0.1:80,0.0.0.0:80", "[::]:80,10.0.0.1:80"})
    void addressesThatOnlyOverlapAreNotShared(String one, String other) {
        Problem problem = loading().problem(
                Shop.route("a", one, "match.host = a") + Shop.route("b", other, "match.host = b"));

        assertThat(problem.key()).isEqualTo("turnout.routes.b.listen");
        assertThat(problem.allowed()).isEqualTo("an address of its own");
    }

    @Test
    void theAdminApiSharesItsAddressWithNobody() {
        Problem problem = loading()
                .problem("turnout.admin.listen = \"a:80\"\n" + route("shop", "match.host = a"));

        assertThat(problem.key()).isEqualTo("turnout.routes.shop.listen");
        assertThat(problem.found()).contains("turnout.admin.listen");
    }

    @Test
    void withPortZeroEachRouteHasAListenerOfItsOwn() {
        assertThat(loading()
                .valid(Shop.route("a", "h:0", "match.host = x") + Shop.route("b", "h:0", "match.host = x"))
                .routes()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"match.hots = a|match.hots", "match.host = \"a:80\"|match.host",
        "match = 5|match", "match.headers = 5|match.headers", "match.headers.te = a|match.headers.te"})
    void aMatchThatIsWrongIsNotTakenForOneThatTies(String broken, String key) {
        Problem problem = loading().problem(route("zoo", "match {}") + route("bar", broken));

        assertThat(problem.key()).isEqualTo("turnout.routes.bar." + key);
    }

    @Test
    void aHostWithAPortSaysWhereThatBelongs() {
        assertThat(loading().problem(route("zoo", "match.host = \"shop.example:80\"")).allowed())
                .contains("a port belongs to listen");
    }

    @Test
    void thousandsOfRoutesMayShareOneAddress() {
        String routes = IntStream.range(0, 3_000)
                .mapToObj(i -> route("r" + i, "match.headers.tenant = t" + i).replace("turnout.routes.", ""))
                .collect(Collectors.joining("", "turnout.routes {\n", "}\n"));

        assertThat(loading().valid(routes).routes()).hasSize(3_000);
    }
}
