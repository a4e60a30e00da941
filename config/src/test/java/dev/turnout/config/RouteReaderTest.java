package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteReaderTest {
    private static final String ENDPOINTS = "blue.endpoints = [\"b:1\"], green.endpoints = [\"g:1\"]";

    @TempDir
    Path folder;

    private Loading loading() {
        return new Loading(folder);
    }

    private static String routes(String... routes) {
        return "turnout.routes {\n" + String.join("\n", routes) + "\n}\n";
    }

    private static String route(String name, String listen) {
        return name + " { protocol = http, listen = \"" + listen + "\", " + ENDPOINTS + " }";
    }

    private static String shop(String more) {
        return routes("shop { protocol = http, listen = \"a:1\", " + ENDPOINTS, more, "}");
    }

    private RouteConfig valid(String more) {
        return loading().valid(shop(more)).routes().getFirst();
    }

    @ParameterizedTest
    @CsvSource({"5%,50000", "5,50000", "\"5%\",50000", "\"5\",50000", "5 %,50000", "0,0", "100%,1000000",
        "0.0001,1", "12.5%,125000", "33.3333,333333", "99.9999%,999999"})
    void percentIsPercentHoweverItIsWritten(String written, int ppm) {
        assertThat(valid("split.green = " + written).split().green()).isEqualTo(new Share(ppm));
    }

    @ParameterizedTest
    @CsvSource({"1ms,1", "2s,2000", "1.5s,1500", "60s,60000", "1m,60000", "\"250 ms\",250"})
    void aDurationHasItsUnit(String written, long millis) {
        assertThat(valid("timeouts.connect = " + written).http().timeouts().connect())
                .isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({"0B,0", "1B,1", "512 B,512", "64KiB,65536", "\"10 MiB\",10485760", "1024GiB,1099511627776",
        "1099511627776B,1099511627776"})
    void aSizeHasItsUnit(String written, long bytes) {
        assertThat(valid("limits.body = " + written).http().limits().body()).hasValue(bytes);
    }

    @Test
    void aBodyMayHaveAnySizeUnlessTheRouteSaysOtherwise() {
        assertThat(valid("").http().limits().body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"fail,FAIL", "spill,SPILL"})
    void aSideWithoutAHealthyEndpointHasAPolicy(String written, UnhealthyPolicy policy) {
        assertThat(valid("split.unhealthy = " + written).split().unhealthy()).isEqualTo(policy);
    }

    @ParameterizedTest
    @CsvSource({"none,NONE", "connect,CONNECT", "http,HTTP"})
    void anEndpointIsAskedInOneOfThreeWays(String written, HealthConfig.Check check) {
        assertThat(valid("health.check = " + written).health().check()).isEqualTo(check);
    }

    @Test
    void aCheckMayHaveAQuery() {
        assertThat(valid("health.path = \"/health?deep=1&for=turnout\"").health().path())
                .isEqualTo("/health?deep=1&for=turnout");
    }

    @Test
    void noEndpointMayBeEjectedWhenTheShareIsNothing() {
        assertThat(valid("health.eject.at-most = 0%").health().eject().atMost()).isEqualTo(Share.NONE);
    }

    @Test
    void trustIsWhatIsWrittenAndAnEmptyListTrustsNobody() {
        assertThat(valid("headers.trust = [\"192.0.2.7\", \"10.1.2.3/8\"]").http().headers().trust())
                .containsExactly(AddressRange.parse("192.0.2.7/32"), AddressRange.parse("10.0.0.0/8"));
        assertThat(valid("headers.trust = []").http().headers().trust()).isEmpty();
    }

    @Test
    void routesStandInTheOrderOfTheirNames() {
        assertThat(
                loading().valid(routes(route("b", "h:2"), route("a", "h:1"), route("c-1", "h:3"))).routes())
                .extracting(RouteConfig::name).containsExactly("a", "b", "c-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Shop", "-shop", "\"a b\"", "shop_db", "\"\"", "\"a.b\"", "é", "\"a\\u0000\"",
        "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz01"})
    void aRouteNameThatDoesNotFitIsOneProblem(String name) {
        Problem problem = loading().problem(routes(route("fine", "h:1"), route(name, "h:2")));

        assertThat(problem.line()).isEqualTo(3);
        assertThat(problem.allowed()).isEqualTo(Kinds.ROUTE_NAME.allowed());
    }

    @Test
    void everythingARouteLacksIsReportedWhereTheRouteStands() {
        assertThat(loading().places(routes("shop {", "}"))).containsExactly(
                "2 turnout.routes.shop.blue.endpoints", "2 turnout.routes.shop.green.endpoints",
                "2 turnout.routes.shop.listen", "2 turnout.routes.shop.protocol");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "turnout {}", "turnout.routes {}", "turnout.admin.listen = \"a:1\"",
        "turnout = null", "# nothing"})
    void withoutARouteThereIsNothingToRun(String text) {
        Problem problem = loading().problem(text);

        assertThat(problem.key()).isEqualTo("turnout.routes");
        assertThat(problem.found()).isEqualTo("no routes");
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:8080,127.0.0.1:8080", "0.0.0.0:8080,127.0.0.1:8080", "127.0.0.1:8080,0.0.0.0:8080",
        "shop:80,SHOP:80", "0.0.0.0:80,localhost:80", "[::]:80,10.0.0.1:80", "[::]:80,0.0.0.0:80",
        "[::]:80,[::1]:80", "[::1]:80,[0:0:0:0:0:0:0:1]:80", "[::0]:80,shop:80"})
    void twoRoutesOnOneAddressAreAProblemThatNamesBoth(String one, String other) {
        Problem problem = loading().problem(routes(route("zoo", one), route("bar", other)));

        assertThat(problem.line()).isEqualTo(3);
        assertThat(problem.key()).isEqualTo("turnout.routes.bar.listen");
        assertThat(problem.found()).contains("turnout.routes.zoo.listen", ":2", one, other);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:8080,127.0.0.1:8081", "127.0.0.1:8080,127.0.0.2:8080", "a:0,a:0",
        "0.0.0.0:80,[::1]:80", "shop:80,10.0.0.1:80"})
    void otherAddressesGoTogether(String one, String other) {
        assertThat(loading().valid(routes(route("zoo", one), route("bar", other))).routes()).hasSize(2);
    }

    @Test
    void aRouteMayNotListenWhereTheAdminApiDoes() {
        Problem problem = loading().problem(routes(route("shop", "0.0.0.0:9901")));

        assertThat(problem.line()).isEqualTo(2);
        assertThat(problem.found()).contains("turnout.admin.listen", "127.0.0.1:9901", "the default");
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:8080,127.0.0.1:8080", "10.0.0.1:80,10.0.0.1:80", "shop.example:80,SHOP.example:80",
        "0.0.0.0:80,127.0.0.1:80", "0.0.0.0:80,127.1.2.3:80", "0.0.0.0:80,0.0.0.0:80",
        "0.0.0.0:80,localhost:80",
        "[::]:80,[::1]:80", "[::]:80,127.0.0.1:80", "[::]:80,0.0.0.0:80", "[0::0]:80,localhost:80",
        "[::1]:80,[0:0:0:0:0:0:0:1]:80"})
    void anEndpointWhereARouteListensIsAProblemThatNamesBoth(String listen, String endpoint) {
        for (String side : List.of("blue", "green")) {
            Problem problem = loading().problem(routes(route("a", "h:1"), route("zoo", listen), "bar {",
                    route("x", "h:2").substring("x {".length(), route("x", "h:2").length() - 1),
                    side + ".endpoints = [\"e:80\", \"" + endpoint + "\"]", "}"));

            assertThat(problem.line()).isEqualTo(6);
            assertThat(problem.key()).isEqualTo("turnout.routes.bar." + side + ".endpoints[1]");
            assertThat(problem.found()).contains("turnout.routes.zoo.listen", ":3", listen, endpoint,
                    "circle");
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:8080,127.0.0.1:8081", "127.0.0.1:80,127.0.0.2:80", "0.0.0.0:80,10.0.0.1:80",
        "0.0.0.0:80,shop.example:80", "0.0.0.0:80,[::1]:80", "[::]:80,[2001:db8::1]:80",
        "127.0.0.1:80,[::1]:80",
        "127.0.0.1:0,127.0.0.1:80"})
    void anEndpointElsewhereIsNoCircle(String listen, String endpoint) {
        assertThat(loading().valid(routes("shop { protocol = http, listen = \"" + listen + "\"",
                "blue.endpoints = [\"" + endpoint + "\"], green.endpoints = [\"g:1\"] }")).routes())
                .hasSize(1);
    }

    @Test
    void theAdminApiIsNoRouteThatAnEndpointCouldMeet() {
        assertThat(valid("blue.endpoints = [\"127.0.0.1:9901\"]").blue()).hasSize(1);
    }

    @Test
    void aConflictIsReportedBesideOtherProblemsOfTheRoute() {
        assertThat(loading()
                .places(routes(route("a", "h:1"), "b { protocol = ftp, listen = \"h:1\", ", ENDPOINTS, "}")))
                .containsExactly("3 turnout.routes.b.listen", "3 turnout.routes.b.protocol");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "shadow { to = green, percent = 10% }|shadow",
        "shadow = 5|shadow",
        "reads = true|reads",
        "jwt { jwks-file = a }|jwt",
        "split.cohort = { jwt-claim = sub }|split.cohort.jwt-claim"})
    void whatThisVersionDoesNotHaveSaysSoOnce(String section, String key) {
        Problem problem = loading().problem(shop(section));

        assertThat(problem.line()).isEqualTo(3);
        assertThat(problem.key()).isEqualTo("turnout.routes.shop." + key);
        assertThat(problem.found()).isEqualTo(NotYet.FOUND);
    }

    @Test
    void aMisspeltSectionOfALaterVersionIsSuggestedToo() {
        assertThat(loading().problem(shop("shadw { to = green }")).suggestion())
                .isEqualTo(Optional.of("shadow"));
    }

    @ParameterizedTest
    @CsvSource({"transport = epol,epoll", "transport = io-uring,io_uring", "transport = NIO,nio"})
    void aMisspeltValueIsSuggestedToo(String line, String meant) {
        assertThat(loading().problem("turnout." + line + "\n" + shop("")).suggestion())
                .isEqualTo(Optional.of(meant));
    }

    @ParameterizedTest
    @CsvSource({"exposeTarget,expose-target", "expose_target,expose-target", "EXPOSE-TARGET,expose-target"})
    void anotherWayOfJoiningWordsIsSuggestedToo(String key, String meant) {
        assertThat(loading().problem(shop(key + " = true")).suggestion()).isEqualTo(Optional.of(meant));
    }

    @Test
    void aWordLikeNoneOfTheKeysSuggestsNothing() {
        Problem problem = loading().problem(shop("zzzzzz = 5"));

        assertThat(problem.suggestion()).isEmpty();
        assertThat(problem.allowed()).contains("protocol", "listen", "split");
    }

    @Test
    void valuesMayBeWrittenWithoutQuotes() {
        SplitConfig split = valid(
                "split { salt = 42, overrides = [ { header = x, value = true, to = blue } ] }")
                .split();

        assertThat(split.salt()).isEqualTo("42");
        assertThat(split.overrides()).isEqualTo(
                List.of(new ForcedSide(new RequestKey.Header("x"), "true", Target.BLUE, List.of(), false)));
    }

    @Test
    void nullLeavesAKeyOut() {
        assertThat(valid("split = null, timeouts.connect = null").split().salt()).isEqualTo("shop");
    }
}
