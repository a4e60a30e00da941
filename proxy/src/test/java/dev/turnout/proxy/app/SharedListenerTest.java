package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several routes behind one address: which has a request, and what of each holds for it. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
@ExtendWith(LeakCheck.class)
class SharedListenerTest {
    private static final int CLIENTS = 8;
    private static final int ROUNDS = 20;
    private static final int PIPELINED = 10;

    @RegisterExtension
    private final Rig rig = new Rig();
    private final StringBuilder file = new StringBuilder("turnout.access-log = access.log\n");
    private final List<String> names = new ArrayList<>();
    private String address = "";

    @BeforeEach
    void chooseAnAddress() throws IOException {
        // Bound and not listening: nobody else gets the port, and the proxy still may.
        Socket held = rig.closing(new Socket());
        held.setReuseAddress(true);
        held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        address = "127.0.0.1:" + held.getLocalPort();
    }

    /** Adds a route whose endpoint answers with the route's name. */
    private SharedListenerTest route(String name, String... lines) throws IOException {
        return routeTo(rig.closing(RawUpstream.answering(name)), name, lines);
    }

    private SharedListenerTest routeTo(RawUpstream upstream, String name, String... lines) {
        names.add(name);
        file.append("turnout.routes.").append(name).append(" {\nprotocol = http\nlisten = \"").append(address)
                .append("\"\nblue.endpoints = [\"127.0.0.1:").append(upstream.port())
                .append("\"]\ngreen.endpoints = [\"127.0.0.1:1\"]\n").append(String.join("\n", lines))
                .append("\n}\n");
        return this;
    }

    private void start() throws IOException {
        rig.startFile(file.toString());
    }

    private RawConnection client() throws IOException {
        return rig.client(names.getFirst());
    }

    private static String request(String target, String host, String... fields) {
        return "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n"
                + String.join("", Stream.of(fields).map(field -> field + "\r\n").toList()) + "\r\n";
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    private String answeredBy(String request) throws IOException {
        try (RawConnection client = client()) {
            client.send(request);
            return body(client.message());
        }
    }

    private double connections(String route) throws Exception {
        return rig.metric("turnout_connections{route=\"" + route + "\"}");
    }

    private void startShopAndMore() throws IOException {
        route("any").route("api", "match.path-prefix = /api").route("api-v2", "match.path-prefix = /api/v2/")
                .route("gold", "match.headers { x-plan = gold }")
                .route("shop", "match.host = shop.example")
                .route("shop-api", "match { host = shop.example, path-prefix = /api }")
                .route("below", "match.host = \"*.shop.example\"")
                .route("deep", "match.host = \"*.deep.shop.example\"")
                .route("shop-gold", "match { host = shop.example, headers { x-plan = gold } }")
                .route("strict", "match { host = strict.example, path-prefix = /only }")
                .start();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"/|other.example|any", "/api|other.example|api",
        "/api/x?y|other.example|api",
        "/apis|other.example|any", "/api/v2|other.example|api-v2", "/api/v2/x|other.example|api-v2",
        "/api/v22|other.example|api", "/API|other.example|any", "/?/api|other.example|any",
        "/|shop.example|shop", "/|SHOP.Example:8080|shop", "/api/v2|shop.example|shop-api",
        "/|www.shop.example|below", "/api|a.b.shop.example|below", "/|deep.shop.example|below",
        "/|x.deep.shop.example:1|deep", "/|myshop.example|any", "/only/x|strict.example|strict",
        "/|strict.example|any", "/api/x|strict.example|api", "/onlyx|Strict.Example|any",
        "http://shop.example/api|shop.example|shop-api", "http://SHOP.example:80/|shop.example|shop",
        "HTTP://www.shop.example|www.shop.example|below", "http://other.example?/api|other.example|any"})
    void theMostSpecificRouteThatFitsHasTheRequest(String target, String host, String route)
            throws Exception {
        startShopAndMore();

        assertThat(answeredBy(request(target, host))).isEqualTo(route);
        assertThat(Tried.logged(rig, 1).path("route").textValue()).isEqualTo(route);
        assertThat(
                rig.metric("turnout_requests_total{outcome=\"2xx\",route=\"" + route + "\",target=\"blue\"}"))
                .isEqualTo(1);
        assertThat(rig.metric("turnout_requests_total")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"/|other.example|gold", "/api|other.example|api",
        "/|shop.example|shop-gold",
        "/api|shop.example|shop-api", "/|www.shop.example|below", "/|strict.example|gold"})
    void headersCountBehindHostAndPath(String target, String host, String route) throws Exception {
        startShopAndMore();

        assertThat(answeredBy(request(target, host, "X-Plan: gold"))).isEqualTo(route);
        assertThat(answeredBy(request(target, host, "X-Plan: Gold"))).isNotIn("gold", "shop-gold");
    }

    @ParameterizedTest
    @CsvSource({"/,any", "/api,api", "http://shop.example/,shop"})
    void http10NeedsNoHost(String target, String route) throws Exception {
        startShopAndMore();

        assertThat(answeredBy("GET " + target + " HTTP/1.0\r\n\r\n")).isEqualTo(route);
    }

    @Test
    void eachRequestOfAConnectionGoesToItsOwnRoute() throws Exception {
        startShopAndMore();
        RawConnection client = client();
        for (int round = 0; round < 3; round++) {
            for (String host : List.of("shop.example", "www.shop.example", "x")) {
                client.send(request("/", host));
                String route = host.equals("x") ? "any" : host.startsWith("www") ? "below" : "shop";
                assertThat(body(client.message())).isEqualTo(route);
                assertThat(connections(route)).as("it counts for the route that it asked for last")
                        .isEqualTo(1);
                assertThat(rig.metric("turnout_connections{")).isEqualTo(1);
            }
        }
        client.close();
        await().until(() -> rig.metric("turnout_connections{") == 0);
        assertThat(rig.metrics().lines().filter(line -> line.startsWith("turnout_connections{")))
                .allMatch(line -> line.endsWith(" 0.0"));
        assertThat(rig.metric("turnout_connections_opened_total")).isEqualTo(1);
    }

    @Test
    void eachRequestOfAPipelineGoesToItsOwnRouteAndTheAnswersStayInOrder() throws Exception {
        startShopAndMore();
        RawConnection client = client();
        List<String> hosts = List.of("shop.example", "x", "www.shop.example", "shop.example",
                "x.deep.shop.example", "x");
        client.send(String.join("", hosts.stream().map(host -> "POST / HTTP/1.1\r\nHost: " + host
                + "\r\nContent-Length: 3\r\n\r\nabc").toList()).repeat(10));
        for (int round = 0; round < 10; round++) {
            for (String route : List.of("shop", "any", "below", "shop", "deep", "any")) {
                assertThat(body(client.message())).isEqualTo(route);
            }
        }
        client.finish();
        assertThat(client.rest()).isEmpty();
        await().until(() -> rig.metric("turnout_connections{") == 0);
    }

    private void startTwo(String... lines) throws IOException {
        route("a", Stream.concat(Stream.of("match.host = a"), Stream.of(lines)).toArray(String[]::new))
                .route("b", "match.host = b").start();
    }

    private void assertNoRoute(String answer, boolean withBody, int line) throws Exception {
        assertThat(answer).startsWith("HTTP/1.1 404 Not Found\r\n").contains("\r\nConnection: close\r\n");
        if (withBody) {
            assertThat(answer).contains("\"code\":\"no_route\"");
        }
        JsonNode logged = Tried.logged(rig, line);
        assertThat(logged.path("reason").textValue()).isEqualTo("no_route");
        assertThat(logged.path("status").intValue()).isEqualTo(404);
        assertThat(logged.path("target").textValue()).isEqualTo("none");
        assertThat(logged.has("rung")).as("nothing was decided").isFalse();
        assertThat(rig.metric("turnout_requests_total{outcome=\"no_route\"")).isEqualTo(1);
        await().until(() -> rig.metric("turnout_connections{") == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: c\r\n\r\n", "GET / HTTP/1.0\r\n\r\n",
        "GET http://c/ HTTP/1.1\r\nHost: c\r\n\r\n", "GET /secret?x HTTP/1.1\r\nHost: a.b\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: c\r\nContent-Length: 4\r\n\r\nbody",
        "POST / HTTP/1.1\r\nHost: c\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: c\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"})
    void whatNoRouteIsForIsAnswered404AndTheConnectionEndsInOrder(String request) throws Exception {
        startTwo();
        RawConnection client = client();
        client.send(request);
        String answer = client.message();

        assertThat(client.endsInOrder()).isTrue();
        client.close();
        assertNoRoute(answer, true, 1);
    }

    @Test
    void a404ToHeadHasNoBody() throws Exception {
        startTwo();
        RawConnection client = client();
        client.send("HEAD / HTTP/1.1\r\nHost: c\r\n\r\n");
        String all = client.rest();
        client.close();

        assertThat(all).endsWith("\r\n\r\n").doesNotContain("no_route");
        assertNoRoute(all, false, 1);
    }

    @Test
    void a404ReachesAClientThatIsStillSendingItsBody() throws Exception {
        startTwo();
        RawConnection client = client();
        int mib = 1024 * 1024;
        client.send("POST / HTTP/1.1\r\nHost: c\r\nContent-Length: " + 4 * mib + "\r\n\r\n");
        for (int part = 0; part < 4; part++) {
            client.send(new byte[mib]);
        }
        String answer = client.message();

        assertThat(client.endsInOrder()).isTrue();
        client.close();
        assertNoRoute(answer, true, 1);
    }

    @Test
    void a404StandsBehindTheAnswersToEarlierRequestsAndBeforeNone() throws Exception {
        startTwo();
        RawConnection client = client();
        client.send(request("/", "a") + request("/", "b") + request("/", "c") + request("/", "a"));

        assertThat(body(client.message())).isEqualTo("a");
        assertThat(body(client.message())).isEqualTo("b");
        String answer = client.message();
        assertThat(client.rest()).as("the connection is over").isEmpty();
        client.close();
        assertNoRoute(answer, true, 3);
    }

    @Test
    void aConnectionThatMovesToAFullRouteIsRefusedAndCountedThere() throws Exception {
        startTwo("limits.connections = 1");
        RawConnection first = client();
        first.send(request("/", "a"));
        first.message();
        await().until(() -> connections("a") == 1);
        RawConnection second = client();
        second.send(request("/", "b"));
        assertThat(body(second.message())).isEqualTo("b");
        second.send(request("/", "a"));
        assertThat(second.message()).startsWith("HTTP/1.1 503 ").contains("\"code\":\"overload\"")
                .contains("\r\nConnection: close\r\n");
        assertThat(second.endsInOrder()).isTrue();
        second.close();

        JsonNode logged = Tried.logged(rig, 3);
        assertThat(logged.path("reason").textValue()).isEqualTo("overload");
        assertThat(logged.path("route").textValue()).as("the one that is full").isEqualTo("a");
        assertThat(rig.metric("turnout_requests_total{outcome=\"overload\",route=\"a\",target=\"none\"}"))
                .isEqualTo(1);
        await().until(() -> connections("b") == 0);
        assertThat(connections("a")).isEqualTo(1);
        first.send(request("/", "b"));
        first.message();
        assertThat(connections("a")).isZero();
        RawConnection third = client();
        third.send(request("/", "a"));
        assertThat(body(third.message())).as("there is room again").isEqualTo("a");
        first.close();
        third.close();
        await().until(() -> rig.metric("turnout_connections{") == 0);
    }

    @Test
    void roomOnARouteIsNeitherLostNorWonByMovingToAndFro() throws Exception {
        route("any", "limits.connections = 3").route("b", "match.host = b", "limits.connections = 2").start();
        for (int round = 0; round < 20; round++) {
            List<RawConnection> open = new ArrayList<>();
            for (int number = 0; number < 2; number++) {
                RawConnection client = client();
                client.send(request("/", "b") + request("/", "x") + request("/", "b"));
                for (String route : List.of("b", "any", "b")) {
                    assertThat(body(client.message())).isEqualTo(route);
                }
                open.add(client);
            }
            RawConnection refused = client();
            refused.send(request("/", "b"));
            assertThat(refused.message()).startsWith("HTTP/1.1 503 ");
            refused.reset();
            // Inside a request, for a route that it moves to with it.
            open.getFirst().send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf");
            open.getFirst().reset();
            open.getLast().close();
            await().until(() -> rig.metric("turnout_connections{") == 0);
        }
        assertThat(rig.metric("turnout_requests_total{outcome=\"overload\",route=\"b\",target=\"none\"}"))
                .isEqualTo(20);
        assertThat(rig.metric("turnout_in_flight")).isZero();
    }

    @Test
    void theBodyMayBeAsLongAsTheMatchedRouteSays() throws Exception {
        startTwo("limits.body = 3B");
        RawConnection client = client();
        client.send("POST / HTTP/1.1\r\nHost: b\r\nContent-Length: 4\r\n\r\nbody");
        assertThat(body(client.message())).isEqualTo("b");
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nbod");
        assertThat(body(client.message())).isEqualTo("a");
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody");

        assertThat(client.message()).startsWith("HTTP/1.1 413 ");
        assertThat(
                rig.metric("turnout_requests_total{outcome=\"body_too_large\",route=\"a\",target=\"none\"}"))
                .isEqualTo(1);
    }

    @Test
    void theEndpointMayTakeAsLongAsTheMatchedRouteSays() throws Exception {
        routeTo(rig.upstream((connection, number) -> connection.rest()), "a", "match.host = a",
                "timeouts.request = 200ms").route("b", "match.host = b").start();
        RawConnection client = client();
        client.send(request("/", "b"));
        assertThat(body(client.message())).isEqualTo("b");
        client.send(request("/", "a"));

        assertThat(client.message()).startsWith("HTTP/1.1 504 ");
        client.send(request("/", "b"));
        assertThat(body(client.message())).as("the connection stays").isEqualTo("b");
        assertThat(rig
                .metric("turnout_requests_total{outcome=\"upstream_timeout\",route=\"a\",target=\"blue\"}"))
                .isEqualTo(1);
    }

    @Test
    void anUpgradedConnectionBelongsToItsRouteUntilItEnds() throws Exception {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        routeTo(rig.upstream((connection, number) -> {
            heard.add(connection.head());
            connection.send(
                    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nhello");
            connection.send(connection.rest());
        }), "a", "match.host = a").route("b", "match.host = b").start();
        RawConnection client = client();
        client.send(request("/", "b"));
        client.message();
        client.send(request("/chat", "a", "Connection: Upgrade", "Upgrade: echo"));

        assertThat(client.head()).startsWith("HTTP/1.1 101 ");
        assertThat(client.text(5)).isEqualTo("hello");
        client.send(request("/", "b"));
        assertThat(connections("a")).isEqualTo(1);
        assertThat(connections("b")).isZero();
        assertThat(rig.metric("turnout_tunnels{route=\"a\",target=\"blue\"}")).isEqualTo(1);
        client.finish();
        assertThat(client.rest()).as("no request any more").isEqualTo(request("/", "b"));
        assertThat(heard).hasSize(1);
        await().until(() -> rig.metric("turnout_connections{") == 0 && rig.metric("turnout_tunnels{") == 0);
    }

    @Test
    void whatTheClientIsKnownByFollowsTheHeaderPolicyOfTheMatchedRoute() throws Exception {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        RawUpstream upstream = rig.upstream((connection, number) -> {
            while (true) {
                heard.add(connection.message());
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        });
        routeTo(upstream, "a", "match.host = a", "headers.trust = []")
                .routeTo(upstream, "b", "match.host = b").start();
        RawConnection client = client();
        for (String host : List.of("a", "b", "a")) {
            client.send(request("/", host, "X-Forwarded-For: 192.0.2.1"));
            client.message();
        }

        assertThat(heard).extracting(head -> head.contains("192.0.2.1")).containsExactly(false, true, false);
    }

    @Test
    void aRouteThatComesOrGoesWithAReloadTakesEffectOnOpenConnections() throws Exception {
        route("a", "match.host = a").start();
        String before = file.toString();
        RawConnection client = client();
        client.send(request("/", "a"));
        assertThat(body(client.message())).isEqualTo("a");
        route("b", "match.host = b");
        rig.reload(file.toString());
        client.send(request("/", "b"));
        assertThat(body(client.message())).isEqualTo("b");
        assertThat(connections("b")).isEqualTo(1);
        rig.reload(before);
        client.send(request("/", "b"));

        assertThat(client.message()).startsWith("HTTP/1.1 404 ").contains("no_route");
        assertThat(client.endsInOrder()).isTrue();
        client.close();
        RawConnection next = client();
        next.send(request("/", "a"));
        assertThat(body(next.message())).isEqualTo("a");
        next.close();
        await().until(() -> rig.metric("turnout_connections{") == 0);
    }

    @Test
    void aConnectionMayBeIdleForAsLongAsTheRouteSaysThatItAskedForLast() throws Exception {
        startTwo("timeouts.idle = 200ms");
        RawConnection patient = client();
        patient.send(request("/", "a"));
        patient.message();
        patient.send(request("/", "b"));
        patient.message();
        RawConnection hurried = client();
        hurried.send(request("/", "b"));
        hurried.message();
        hurried.send(request("/", "a"));
        hurried.message();

        assertThat(hurried.rest()).as("closed, in order").isEmpty();
        patient.send(request("/", "b"));
        assertThat(body(patient.message())).isEqualTo("b");
    }

    @Test
    void eachRouteGivesACookieOfItsOwn() throws Exception {
        route("a", "match.host = a", "split.cohort { cookie = one }")
                .route("b", "match.host = b", "split.cohort { cookie = two }").route("c", "match.host = c")
                .start();
        RawConnection client = client();
        client.send(request("/", "a") + request("/", "c") + request("/", "b", "Cookie: one=1")
                + request("/", "c"));

        assertThat(client.message()).containsOnlyOnce("Set-Cookie: ").contains("Set-Cookie: one=");
        assertThat(client.message()).doesNotContain("Set-Cookie");
        assertThat(client.message()).containsOnlyOnce("Set-Cookie: ").contains("Set-Cookie: two=");
        assertThat(client.message()).doesNotContain("Set-Cookie");
    }

    @Test
    void everyAnswerReachesTheOneWhoAskedWhateverTheOrder() throws Exception {
        for (String name : List.of("a", "b", "c")) {
            routeTo(rig.upstream((connection, number) -> {
                while (true) {
                    String message = connection.message();
                    String said = name + message.split(" ", 3)[1] + body(message);
                    connection
                            .send("HTTP/1.1 200 OK\r\nContent-Length: " + said.length() + "\r\n\r\n" + said);
                }
            }), name, "match.host = " + name);
        }
        start();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> done = new ArrayList<>();
            for (int seed = 0; seed < CLIENTS; seed++) {
                Random random = new Random(seed);
                done.add(clients.submit(() -> askAtRandom(random)));
            }
            for (Future<?> one : done) {
                one.get();
            }
        }
        await().until(() -> rig.metric("turnout_connections{") == 0);
        assertThat(rig.metric("turnout_requests_total")).isEqualTo(CLIENTS * ROUNDS * PIPELINED);
        assertThat(rig.metric("turnout_in_flight")).isZero();
    }

    /** Several requests at once, each for a route that is drawn, with a body or without. */
    private void askAtRandom(Random random) {
        try (RawConnection client = RawConnection.to(rig.turnout().address("a"))) {
            for (int round = 0; round < ROUNDS; round++) {
                StringBuilder requests = new StringBuilder();
                List<String> expected = new ArrayList<>();
                for (int number = 0; number < PIPELINED; number++) {
                    String host = "abc".substring(random.nextInt(3)).substring(0, 1);
                    String target = "/" + random.nextInt(1_000_000);
                    String content = "x".repeat(random.nextInt(3) * random.nextInt(3000));
                    requests.append("POST ").append(target).append(" HTTP/1.1\r\nHost: ").append(host)
                            .append("\r\nContent-Length: ").append(content.length()).append("\r\n\r\n")
                            .append(content);
                    expected.add(host + target + content);
                }
                client.send(requests.toString());
                for (String answer : expected) {
                    assertThat(body(client.message())).isEqualTo(answer);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
