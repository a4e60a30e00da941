package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.config.Target;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawUpstream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The cookie that a user is given who has none: once, with an id and never the verdict. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
@ExtendWith(LeakCheck.class)
class MintedCookieTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String HALF = "split { green = 50%, cohort { cookie = uid } }";
    private static final String COOKIE = "uid=[0-9a-f]{32}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax";
    private static final String GIVEN = "turnout_cohort_cookies_total{route=\"shop\"}";

    @RegisterExtension
    private final Rig rig = new Rig();

    private Sides start(String... route) throws IOException {
        Sides sides = new Sides(rig);
        startOn(sides.endpoints(), route);
        return sides;
    }

    private void startOn(String endpoints, String... route) throws IOException {
        rig.startFile("turnout.access-log = access.log\nturnout.routes.shop {\nprotocol = http\n"
                + "listen = \"127.0.0.1:0\"\n" + endpoints + String.join("\n", route) + "\n}\n");
    }

    /** Both sides give this answer. */
    private void startWith(String answer) throws IOException {
        RawUpstream upstream = rig.upstream((connection, number) -> {
            connection.head();
            connection.send(answer);
            connection.rest();
        });
        String endpoints = ".endpoints = [\"127.0.0.1:" + upstream.port() + "\"]\n";
        startOn("blue" + endpoints + "green" + endpoints, HALF);
    }

    private static List<String> cookies(String answer) {
        return answer.lines().takeWhile(line -> !line.isEmpty())
                .filter(line -> line.startsWith("Set-Cookie: "))
                .map(line -> line.substring("Set-Cookie: ".length())).toList();
    }

    private static String id(String answer) {
        return cookies(answer).getFirst().substring("uid=".length(), "uid=".length() + 32);
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    private static String withCookie(String cookie) {
        return "GET / HTTP/1.1\r\nHost: a\r\nCookie: " + cookie + "\r\n\r\n";
    }

    private String answer(String request) throws IOException {
        try (RawConnection client = RawConnection.to(rig.turnout().address("shop"))) {
            client.send(request);
            return client.message();
        }
    }

    @Test
    void aUserWithoutTheCookieIsGivenExactlyOneAndTheVeryRequestIsDecidedByIt() throws Exception {
        Sides sides = start(HALF);
        for (int user = 1; user <= 20; user++) {
            String answer = answer(GET);

            assertThat(cookies(answer)).singleElement().asString().matches(COOKIE);
            JsonNode logged = Tried.logged(rig, user);
            try (RigOperator operator = new RigOperator(rig)) {
                JsonNode explained = operator.get("/routes/shop/explain?cookie=uid%3D" + id(answer));
                assertThat(explained.path("target").textValue()).isEqualTo(body(answer));
                assertThat(logged.path("bucket")).isEqualTo(explained.path("inputs").path("bucket"));
            }
            assertThat(logged.path("rung").textValue()).isEqualTo("cohort");
            assertThat(sides.heard(Target.BLUE).toString() + sides.heard(Target.GREEN))
                    .as("the endpoint hears of it with the next request")
                    .doesNotContainIgnoringCase("cookie");
        }
        assertThat(rig.metric(GIVEN)).isEqualTo(20);
        assertThat(sides.heard(Target.GREEN)).hasSizeBetween(2, 18);
    }

    /** By the id of their cookie the sides of users that have just come. */
    private Map<String, String> newUsers(int count) throws IOException {
        Map<String, String> sides = new LinkedHashMap<>();
        for (int user = 0; user < count; user++) {
            String answer = answer(GET);
            sides.put(id(answer), body(answer));
        }
        assertThat(sides).as("no id is given twice").hasSize(count);
        return sides;
    }

    private Map<String, String> sidesOf(Map<String, String> users) throws IOException {
        Map<String, String> sides = new LinkedHashMap<>();
        RawConnection client = rig.client("shop");
        for (String id : users.keySet()) {
            client.send(withCookie("uid=" + id));
            String answer = client.message();
            assertThat(cookies(answer)).as("it has one").isEmpty();
            sides.put(id, body(answer));
        }
        return sides;
    }

    @Test
    void whoHasItStaysOnItsSideOverManyRequestsAndAcrossARestart() throws Exception {
        Sides sides = start(HALF);
        Map<String, String> users = newUsers(50);
        for (int round = 0; round < 5; round++) {
            assertThat(sidesOf(users)).isEqualTo(users);
        }
        rig.turnout().close();
        startOn(sides.endpoints(), HALF);

        assertThat(sidesOf(users)).isEqualTo(users);
        assertThat(users.values()).contains("blue", "green");
    }

    @Test
    void aHigherWeightOnlyBringsUsersToGreen() throws Exception {
        start(HALF);
        Map<String, String> users = newUsers(50);
        try (RigOperator operator = new RigOperator(rig)) {
            operator.asks("PUT", "/routes/shop/split", "{\"green\":80}");
        }
        Map<String, String> after = sidesOf(users);

        users.forEach((id, side) -> assertThat(after.get(id)).isIn("green", side));
        assertThat(after).as("and it does bring some").isNotEqualTo(users);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '@', value = {
        "split.cohort { cookie = uid }@Cookie: uid=mine",
        "split.cohort { cookie = uid }@Cookie: a=b; uid=x; c=d",
        "split.cohort { cookie = uid, mint = false }@X-A: 1",
        "split.cohort { header = uid }@X-A: 1",
        "split { cohort { cookie = uid }, overrides = [ { header = x-a, value = \"1\", to = green } ] }@X-A: 1",
        "split { cohort { cookie = uid }, rules = [ { when { header { x-a = \"1\" } }, to = green } ] }@X-A: 1",
        "split.green = 50%@X-A: 1"})
    void isNotGivenWhereNoIdWasMade(String route, String field) throws Exception {
        start(route);

        assertThat(cookies(answer("GET / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n"))).isEmpty();
        assertThat(rig.metric(GIVEN)).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '@', value = {
        "split.cohort { cookie = uid }@Cookie: UID=mine",
        "split.cohort { cookie = uid }@Cookie: uid=",
        "split.cohort { cookie = uid }@Cookie: my-uid=1; uid; x=uid=2",
        "split { cohort { cookie = uid }, rules = [ { when { header { x-a = \"1\" } }, split = 50% } ] }@X-A: 1"})
    void isGivenWhereNoKeyCame(String route, String field) throws Exception {
        start(route);

        assertThat(cookies(answer("GET / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n"))).singleElement()
                .asString().matches(COOKIE);
        assertThat(rig.metric(GIVEN)).isEqualTo(1);
    }

    @Test
    void isNotGivenWhileASideIsDrained() throws Exception {
        start(HALF);
        try (RigOperator operator = new RigOperator(rig)) {
            operator.asks("POST", "/routes/shop/drain", "{\"target\":\"blue\",\"timeout\":\"5s\"}");
        }

        assertThat(cookies(answer(GET))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Set-Cookie: uid=theirs; Path=/", "Set-Cookie: a=1\r\nset-cookie:uid=theirs",
        "Set-Cookie: uid=", "Set-Cookie: uid =theirs"})
    void anEndpointThatSetsTheCookieItselfHasTheWord(String fields) throws Exception {
        startWith("HTTP/1.1 200 OK\r\n" + fields + "\r\nContent-Length: 2\r\n\r\nok");

        assertThat(answer(GET)).isEqualTo("HTTP/1.1 200 OK\r\n" + fields + "\r\nContent-Length: 2\r\n\r\nok");
        assertThat(rig.metric(GIVEN)).as("those that the proxy gave").isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Set-Cookie: UID=1", "Set-Cookie: a=uid=1", "Set-Cookie: uid2=1",
        "Set-Cookie: uid",
        "X-Set-Cookie: uid=1"})
    void anyOtherCookieOfTheEndpointStandsBesideIt(String field) throws Exception {
        startWith("HTTP/1.1 200 OK\r\n" + field + "\r\nContent-Length: 2\r\n\r\nok");
        String answer = answer(GET);

        assertThat(answer).contains("\r\n" + field + "\r\n");
        assertThat(cookies(answer)).last().asString().matches(COOKIE);
    }

    /** {@code ~} is a line end. */
    @ParameterizedTest
    @CsvSource(delimiter = '@', value = {
        "GET / HTTP/1.0~~@HTTP/1.1 200 OK~Content-Length: 2~~ok@ok",
        "GET / HTTP/1.0~Connection: keep-alive~~@HTTP/1.1 200 OK~Content-Length: 2~~ok@ok",
        "HEAD / HTTP/1.1~Host: a~~@HTTP/1.1 200 OK~Content-Length: 2~~@''",
        "GET / HTTP/1.1~Host: a~~@HTTP/1.1 204 No Content~~@''",
        "GET / HTTP/1.1~Host: a~~@HTTP/1.1 304 Not Modified~ETag: x~~@''",
        "GET / HTTP/1.1~Host: a~~@HTTP/1.1 500 Oh~Content-Length: 2~~no@no",
        "GET / HTTP/1.1~Host: a~~@HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2~ok~0~~@2~ok~0~~",
        "GET / HTTP/1.1~Host: a~~@HTTP/1.0 200 OK~Content-Length: 2~~ok@ok",
        "GET / HTTP/1.1~Host: a~Connection: close~~@HTTP/1.1 200 OK~Content-Length: 2~~ok@ok",
        "GET / HTTP/1.1~Host: a~~@HTTP/1.1 200 OK~Content-Length: 2~Keep-Alive: timeout=5~Connection: keep-alive~~ok@ok"})
    void standsInEveryKindOfAnswer(String request, String answer, String body) throws Exception {
        startWith(answer.replace("~", "\r\n"));
        RawConnection client = rig.client("shop");
        client.send(request.replace("~", "\r\n"));
        String head = client.head();

        assertThat(cookies(head)).singleElement().asString().matches(COOKIE);
        assertThat(client.text(body.replace("~", "\r\n").length())).isEqualTo(body.replace("~", "\r\n"));
        assertThat(rig.metric(GIVEN)).isEqualTo(1);
        client.finish();
        assertThat(client.rest()).isEmpty();
    }

    @Test
    void standsInTheAnswerAndInNoneBeforeIt() throws Exception {
        startWith("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        RawConnection client = rig.client("shop");
        client.send(GET);

        assertThat(client.head()).isEqualTo("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
        assertThat(cookies(client.message())).hasSize(1);
    }

    @Test
    void isGivenOnceWhenTheRequestIsSentTwice() throws Exception {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        RawUpstream upstream = rig.upstream((connection, number) -> {
            // The first request of each connection is answered, the second ends it.
            heard.add(connection.message());
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            heard.add(connection.message());
        });
        startOn("blue.endpoints = [\"127.0.0.1:" + upstream.port()
                + "\"], green.endpoints = [\"127.0.0.1:1\"]\n",
                "split.cohort { cookie = uid }");
        RawConnection client = rig.client("shop");
        client.send(GET);
        String first = client.message();
        client.send(GET);
        String second = client.message();

        assertThat(heard).as("one was sent twice").hasSize(3);
        assertThat(cookies(second)).hasSize(1).doesNotContainAnyElementsOf(cookies(first));
        assertThat(rig.metric(GIVEN)).isEqualTo(2);
    }

    @Test
    void eachRequestOfAPipelineIsDecidedByItself() throws Exception {
        start(HALF);
        RawConnection client = rig.client("shop");
        client.send(GET + withCookie("uid=user-1") + GET + withCookie("uid=user-1") + GET);
        List<String> answers = List.of(client.message(), client.message(), client.message(), client.message(),
                client.message());

        assertThat(answers).extracting(answer -> cookies(answer).size()).containsExactly(1, 0, 1, 0, 1);
        assertThat(answers.stream().filter(answer -> !cookies(answer).isEmpty()).map(MintedCookieTest::id))
                .doesNotHaveDuplicates();
        assertThat(body(answers.get(3))).isEqualTo(body(answers.get(1)));
        for (String answer : answers) {
            if (!cookies(answer).isEmpty()) {
                assertThat(body(answer(withCookie("uid=" + id(answer))))).isEqualTo(body(answer));
            }
        }
        assertThat(rig.metric(GIVEN)).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"HTTP/1.1 200 OK, 'HTTP/1.1 200 OK'", "GARBAGE, HTTP/1.1 502"})
    void isNotGivenWithWhatTheProxySaysItself(String endpoint, String status) throws Exception {
        startWith(endpoint + "\r\nContent-Length: 0\r\n\r\n");
        String answer = answer(GET);

        assertThat(answer).startsWith(status);
        assertThat(cookies(answer)).hasSize(status.endsWith("OK") ? 1 : 0);
        assertThat(rig.metric(GIVEN)).isEqualTo(status.endsWith("OK") ? 1 : 0);
        assertThat(cookies(answer("GET / HTTP/1.1\r\n\r\n"))).as("400").isEmpty();
    }

    @Test
    void keepsCachesThatOthersShareFromHandingItOut() throws Exception {
        startWith("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 0\r\n\r\n");

        assertThat(answer(GET)).containsOnlyOnce("Cache-Control: private\r\n")
                .contains("Cache-Control: max-age=60");
        assertThat(answer(GET.replace("\r\n\r\n", "\r\nCookie: uid=7\r\n\r\n"))).doesNotContain("private");
    }

    @Test
    void isGivenByA101Too() throws Exception {
        startWith("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        RawConnection client = rig.client("shop");
        client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");

        assertThat(client.head()).startsWith("HTTP/1.1 101 ").containsOnlyOnce("Set-Cookie: uid=");
        assertThat(rig.metric(GIVEN)).isOne();
    }
}
