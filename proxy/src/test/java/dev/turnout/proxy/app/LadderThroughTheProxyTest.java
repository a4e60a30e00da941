package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.config.Target;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where requests really go, step by step of the ladder; and that everything which says where they went agrees. */
@ExtendWith(LeakCheck.class)
class LadderThroughTheProxyTest {
    private static final String ROUTE = "shop";
    private static final String OVERRIDES = """
            split.overrides = [
              { header = x-canary, value = always, to = green }
              { cookie = side, value = green, to = green }
              { header = x-canary, value = never, to = blue } ]
            """;

    @RegisterExtension
    private final Rig rig = new Rig();
    private int sent;

    private Sides start(String... route) throws IOException {
        Sides sides = new Sides(rig);
        startOn(sides.endpoints(), route);
        return sides;
    }

    private void startOn(String endpoints, String... route) throws IOException {
        rig.startFile("turnout.access-log = access.log\nturnout.routes.shop {\nprotocol = http\n"
                + "listen = \"127.0.0.1:0\"\n" + endpoints + String.join("\n", route) + "\n}\n");
    }

    private String side(String line, String... fields) throws IOException {
        return Tried.of(line, fields).sentTo(rig, ROUTE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '@', value = {"X-Canary: always@green", "x-CANARY:always  @green",
        "X-Canary: Always@blue",
        "X-Canary: always, never@blue", "X-Canary: never@blue", "Cookie: side=green@green",
        "Cookie: a=side=blue; side=green; b@green", "Cookie: SIDE=green@blue", "Cookie: side=\"green\"@blue",
        "Cookie: aside=green@blue", "Cookie: side=green2@blue", "X-Other: always@blue"})
    void anOverrideTakesTheWholeValueOfItsHeaderOrCookie(String field, String side) throws Exception {
        start(OVERRIDES);

        assertThat(side("GET /", field)).isEqualTo(side);
    }

    @Test
    void ofSeveralOverridesTheFirstThatMatchesDecides() throws Exception {
        start(OVERRIDES, "split.green = 0%");

        assertThat(side("GET /", "Cookie: side=green", "X-Canary: never")).isEqualTo("green");
        assertThat(side("GET /", "X-Canary: never", "X-Canary: always")).isEqualTo("blue");
    }

    @Test
    void whatForcedTheSideReachesTheEndpointWhateverConnectionSaysOfIt() throws Exception {
        Sides sides = start("split.overrides = [ { header = canary, value = always, to = green } ]");

        assertThat(side("GET /", "Canary: always", "Connection: canary")).isEqualTo("green");
        assertThat(sides.heard(Target.GREEN)).singleElement().asString().contains("Canary: always\r\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '@', value = {"127.0.0.0/8@green", "127.0.0.1@green",
        "10.0.0.0/8, 127.0.0.1/32@green",
        "10.0.0.0/8@blue", "127.0.0.2, 2001:db8::/32@blue"})
    void anOverrideIsForThoseClientsThatItIsFrom(String from, String side) throws Exception {
        start("split.overrides = [ { header = x-canary, value = always, to = green, from = [\""
                + from.replace(", ", "\", \"") + "\"] } ]");

        assertThat(side("GET /", "X-Canary: always")).isEqualTo(side);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '@', value = {"10.1.2.3@green", "192.0.2.1, 10.1.2.3@green",
        "10.1.2.3, 127.0.0.9@green",
        "10.1.2.3, 192.0.2.1@blue", "192.0.2.1@blue"})
    void aTrustedPeerIsBelievedAboutTheClient(String forwardedFor, String side) throws Exception {
        start("split.overrides = [ { header = x-canary, value = always, to = green, from = \"10.0.0.0/8\" } ]");

        assertThat(side("GET /", "X-Canary: always", "X-Forwarded-For: " + forwardedFor)).isEqualTo(side);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Forwarded-For: 10.1.2.3", "X-Forwarded-For: 10.1.2.3, 127.0.0.1",
        "Forwarded: for=10.1.2.3", "X-Real-IP: 10.1.2.3"})
    void anyoneElseCannotClaimToBeAnotherClient(String claim) throws Exception {
        start("""
                headers.trust = []
                split.overrides = [ { header = x-canary, value = always, to = green, from = "10.0.0.0/8" } ]
                split.rules = [ { when { client = "10.0.0.0/8" }, to = green } ]
                """);

        assertThat(side("GET /", "X-Canary: always", claim)).as("an address decides about access")
                .isEqualTo("blue");
    }

    /** What a rule asks, and requests that it does or does not have. */
    record Asked(String when, List<String> fitting, List<String> others) {
        @Override
        public String toString() {
            return when;
        }
    }

    static List<Asked> conditions() {
        return List.of(
                new Asked("method = POST", List.of("POST /", "POST /x?y"),
                        List.of("GET /", "post /", "POSTS /")),
                new Asked("method = [PUT, purge]", List.of("PUT /", "purge /"),
                        List.of("PATCH /", "PURGE /")),
                new Asked("path-prefix = /api",
                        List.of("GET /api", "GET /api/", "GET /api/x", "GET /api?x=1", "GET /api//",
                                "GET http://shop.example/api/x"),
                        List.of("GET /apis", "GET /API", "GET /", "GET /x/api", "GET /api%2Fx", "GET /ap",
                                "GET //api", "GET /?/api", "GET http://shop.example?/api", "OPTIONS *")),
                new Asked("path-prefix = \"/a/b/\"", List.of("GET /a/b", "GET /a/b/c"),
                        List.of("GET /a", "GET /a/", "GET /a/bc")),
                new Asked("host = shop.example",
                        List.of("GET /", "GET / | Host: SHOP.Example:8080", "GET / | Host: shop.example:"),
                        List.of("GET / | Host: www.shop.example", "GET / | Host: shop.example.org",
                                "GET / | Host: shop")),
                new Asked("host = [\"*.shop.example\", \"[::1]\"]",
                        List.of("GET / | Host: www.shop.example", "GET / | Host: A.B.SHOP.EXAMPLE:1",
                                "GET / | Host: [::1]:80"),
                        List.of("GET /", "GET / | Host: ashop.example",
                                "GET / | Host: www.shop.example.org")),
                new Asked("header { x-plan = gold, x-old = \"a b\" }",
                        List.of("GET / | X-Plan: gold | x-old:  a b ",
                                "GET / | X-Plan: gold | X-Plan: no | X-Old: a b"),
                        List.of("GET / | X-Plan: gold", "GET / | X-Plan: Gold | X-Old: a b",
                                "GET / | X-Plan: no | X-Plan: gold | X-Old: a b")),
                new Asked("query { \"a b\" = \"c&ä\", d = \"\" }",
                        List.of("GET /?a+b=c%26%C3%A4&d", "GET /x?d=&x=1&a%20b=c%26%c3%a4&a+b=2"),
                        List.of("GET /?a+b=c%26%C3%A4", "GET /?d&a+b=2&a+b=c%26%C3%A4",
                                "GET /?A+b=c%26%C3%A4&d",
                                "GET /a+b=c%26%C3%A4&d")),
                new Asked("client = [\"198.51.100.0/24\", \"2001:db8::/32\"]",
                        List.of("GET / | X-Forwarded-For: 198.51.100.7",
                                "GET / | X-Forwarded-For: 2001:db8::1",
                                "GET / | X-Forwarded-For: ::ffff:198.51.100.7"),
                        List.of("GET /", "GET / | X-Forwarded-For: 198.51.101.7")),
                new Asked(
                        "method = GET, path-prefix = /api, host = shop.example, query { v = 2 }, header { x-a = \"1\" }"
                                + ", client = \"127.0.0.1\"",
                        List.of("GET /api?v=2 | X-A: 1"),
                        List.of("PUT /api?v=2 | X-A: 1", "GET /?v=2 | X-A: 1",
                                "GET /api?v=2 | X-A: 1 | Host: b",
                                "GET /api | X-A: 1", "GET /api?v=2",
                                "GET /api?v=2 | X-A: 1 | X-Forwarded-For: 1.2.3.4")));
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void aRuleWithASideHasWhatFitsAllOfItsConditions(Asked rule) throws Exception {
        start("split.rules = [ { when { " + rule.when + " }, to = green } ]");

        assertDividedBy(rule);
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void aRuleWithAWeightHasWhatFitsAllOfItsConditions(Asked rule) throws Exception {
        start("split.cohort { header = x-user }",
                "split.rules = [ { when { " + rule.when + " }, split = 100% } ]");

        assertDividedBy(rule);
    }

    private void assertDividedBy(Asked rule) throws IOException {
        for (String request : rule.fitting) {
            assertThat(Tried.written(request).sentTo(rig, ROUTE)).as(request).isEqualTo("green");
        }
        for (String request : rule.others) {
            assertThat(Tried.written(request).sentTo(rig, ROUTE)).as(request).isEqualTo("blue");
        }
    }

    @Test
    void ofSeveralRulesTheFirstThatMatchesDecides() throws Exception {
        start("""
                split.green = 0%
                split.rules = [
                  { when { path-prefix = /a/b }, to = blue }
                  { when { path-prefix = /a }, to = green }
                  { when { method = GET }, split = 0% }
                  { to = green } ]
                """);

        assertThat(side("GET /a/b/c")).isEqualTo("blue");
        assertThat(side("GET /a/c")).isEqualTo("green");
        assertThat(side("GET /b")).isEqualTo("blue");
        assertThat(side("POST /b")).isEqualTo("green");
    }

    /** Each step of the ladder wants the other side than the one below it. */
    @ParameterizedTest
    @CsvSource(delimiter = '@', value = {"GET /@green@unkeyed", "GET / | X-User: u@green@cohort",
        "GET / | X-Rule: weight@blue@rule", "GET / | X-User: u | X-Rule: weight@blue@rule",
        "GET / | X-User: u | X-Rule: side@blue@rule",
        "GET / | X-Side: green | X-User: u | X-Rule: side@green@override",
        "GET / | X-Side: blue@blue@override", "GET / | Cookie: side=blue | X-Rule: none@blue@override"})
    void theHigherStepDecides(String request, String side, String rung) throws Exception {
        start("""
                split {
                  green = 100%, cohort { header = x-user }
                  overrides = [ { header = x-side, value = green, to = green }
                                { header = x-side, value = blue, to = blue }, { cookie = side, value = blue, to = blue } ]
                  rules = [ { when { header { x-rule = side } }, to = blue }
                            { when { header { x-rule = weight } }, split = 0% } ]
                }
                """);

        assertEverythingAgrees(Tried.written(request), side, rung);
        for (String drained : List.of("blue", "green")) {
            String other = drained.equals("blue") ? "green" : "blue";
            try (RigOperator operator = new RigOperator(rig)) {
                operator.asks("POST", "/routes/shop/drain",
                        "{\"target\":\"" + drained + "\",\"timeout\":\"5s\"}");
            }
            assertEverythingAgrees(Tried.written(request), other, "drained");
        }
    }

    /** What is answered, explained, logged and counted. */
    private void assertEverythingAgrees(Tried tried, String side, String rung) throws Exception {
        String counted = String.format(Locale.ROOT,
                "turnout_decisions_total{route=\"shop\",rung=\"%s\",target=\"%s\"}", rung, side);
        double before = rig.metric(counted);
        double all = rig.metric("turnout_decisions_total");
        JsonNode explained;
        try (RigOperator operator = new RigOperator(rig)) {
            explained = operator.get("/routes/shop/explain?" + tried.query());
        }
        assertThat(explained.path("certain").booleanValue()).as(explained.toString()).isTrue();
        assertThat(tried.sentTo(rig, ROUTE)).as(explained.toString()).isEqualTo(side);
        sent++;
        JsonNode logged = Tried.logged(rig, sent);
        assertThat(List.of(explained.path("target").textValue(), explained.path("rung").textValue()))
                .isEqualTo(List.of(side, rung));
        assertThat(List.of(logged.path("target").textValue(), logged.path("rung").textValue()))
                .isEqualTo(List.of(side, rung));
        for (String input : List.of("bucket", "epoch", "version")) {
            assertThat(logged.path(input)).as(input + " in " + logged)
                    .isEqualTo(explained.path("inputs").path(input));
        }
        assertThat(rig.metric(counted)).isEqualTo(before + 1);
        assertThat(rig.metric("turnout_decisions_total")).as("counted once").isEqualTo(all + 1);
    }

    static Stream<Asked> cohorts() {
        return Stream.of(new Asked("cohort { header = x-user }", List.of("GET / | X-User: %s"),
                List.of("zoë", "a b", "\"quoted\"", "x".repeat(5000), "a,b", "0", "null")),
                new Asked("cohort { cookie = uid }", List.of("GET / | Cookie: a=1; uid=%s; b=2"),
                        List.of("zoë", "a b", "\"quoted\"", "a=b", "x".repeat(4000))),
                new Asked("cohort { query = u }", List.of("GET /?a=1&u=%s&u=2"),
                        List.of("zo%C3%AB", "a+b", "%41", "%4", "a%00b", "%FF", "x".repeat(5000), "a=b")),
                new Asked("cohort { client-ip = true }", List.of("GET / | X-Forwarded-For: %s"),
                        List.of("192.0.2.1", "2001:DB8::1", "2001:db8:0:1:1:1:1:1")));
    }

    @ParameterizedTest
    @MethodSource("cohorts")
    void aUserGoesWhereExplainSays(Asked cohort) throws Exception {
        start("split { green = 50%, " + cohort.when + " }");
        String request = cohort.fitting.getFirst();
        Stream<String> users = request.contains("X-Forwarded-For")
                ? IntStream.range(0, 20).mapToObj(number -> "198.51.100." + number)
                : IntStream.range(0, 20).mapToObj(number -> "user-" + number);
        Stream<String> all = Stream.concat(users, cohort.others.stream());
        int green = 0;

        for (String user : all.toList()) {
            Tried tried = Tried.written(request.replace("%s", user));
            String side;
            try (RigOperator operator = new RigOperator(rig)) {
                side = operator.get("/routes/shop/explain?" + tried.query()).path("target").textValue();
            }
            assertEverythingAgrees(tried, side, "cohort");
            green += side.equals("green") ? 1 : 0;
        }
        assertThat(green).as("both sides").isBetween(4, 24);
    }

    @Test
    void aRuleWithAWeightOfItsOwnTellsUsersApartAsTheRouteDoes() throws Exception {
        start("split { green = 0%, cohort { header = x-user }",
                "rules = [ { when { path-prefix = /new }, split = 50% } ] }");
        for (int user = 0; user < 20; user++) {
            Tried tried = Tried.written("GET /new | X-User: user-" + user);
            String side = tried.sentTo(rig, ROUTE);
            sent++;
            int bucket = Tried.logged(rig, sent).path("bucket").intValue();

            assertThat(side).isEqualTo(bucket < 500_000 ? "green" : "blue");
            assertEverythingAgrees(tried, side, "rule");
        }
    }

    /** A port that is taken, so that nobody else gets it, but that nobody listens on. */
    private String nobody() throws IOException {
        Socket bound = rig.closing(new Socket());
        bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return "blue.endpoints = [\"127.0.0.1:" + bound.getLocalPort()
                + "\"]\nhealth { check = connect, interval = 50ms, fall = 1 }\n";
    }

    private void blueFalls() {
        await().until(() -> rig.metric("turnout_endpoints_healthy{route=\"shop\",target=\"blue\"}") == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / | X-User: u", "GET /", "GET / | X-Side: blue", "GET /rule",
        "GET /weight | X-User: u"})
    void aSideWithoutAHealthyEndpointLeavesItsRequestsToTheOtherWhenItMay(String request) throws Exception {
        startOn(new Sides(rig).endpoints() + nobody(),
                """
                        split { unhealthy = spill, cohort { header = x-user }
                          overrides = [ { header = x-side, value = blue, to = blue } ]
                          rules = [ { when { path-prefix = /rule }, to = blue }, { when { path-prefix = /weight }, split = 0% } ] }
                        """);
        blueFalls();

        assertEverythingAgrees(Tried.written(request), "green", "spill");
        assertThat(rig.metric("turnout_spilled_total{route=\"shop\",target=\"green\"}")).isEqualTo(1);
        assertThat(rig.metric("turnout_requests_total{outcome=\"2xx\",route=\"shop\",target=\"green\"}"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '@', value = {"fail@GET / | X-User: u@cohort",
        "fail@GET / | X-Side: blue@override",
        "spill@GET /@drained"})
    void elseItIsAnsweredWith503OnTheStepThatDecided(String unhealthy, String request, String rung)
            throws Exception {
        startOn(new Sides(rig).endpoints() + nobody(),
                "split { unhealthy = " + unhealthy + ", cohort { header = x-user }",
                "overrides = [ { header = x-side, value = blue, to = blue } ] }");
        blueFalls();
        if (rung.equals("drained")) {
            try (RigOperator operator = new RigOperator(rig)) {
                operator.asks("POST", "/routes/shop/drain", "{\"target\":\"green\",\"timeout\":\"5s\"}");
            }
        }
        RawConnection client = rig.client(ROUTE);
        client.send(Tried.written(request).bytes());

        assertThat(client.message()).startsWith("HTTP/1.1 503 ").contains("\"code\":\"no_healthy_endpoint\"");
        JsonNode logged = Tried.logged(rig, 1);
        assertThat(logged.path("rung").textValue()).isEqualTo(rung);
        assertThat(logged.path("target").textValue()).isEqualTo("blue");
        assertThat(
                rig.metric("turnout_decisions_total{route=\"shop\",rung=\"" + rung + "\",target=\"blue\"}"))
                .isEqualTo(1);
        assertThat(rig.metric("turnout_decisions_total")).isEqualTo(1);
    }
}
