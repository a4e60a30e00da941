package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.admin.ReloadControl.Result;
import dev.turnout.proxy.testkit.Configs;
import dev.turnout.proxy.testkit.Latches;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawUpstream;
import dev.turnout.proxy.testkit.WebSocketPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Another file takes effect while everything runs. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
@ExtendWith(LeakCheck.class)
class ReloadTest {
    private static final String GET = TwoSides.GET;

    @RegisterExtension
    private final Rig rig = new Rig();
    private TwoSides sides;

    @BeforeEach
    void make() throws IOException {
        sides = new TwoSides(rig);
    }

    private String shop(String lines) {
        return sides.route("shop", lines);
    }

    private Result.Applied reload(String text) {
        Result result = rig.reload(text);
        assertThat(result).isInstanceOf(Result.Applied.class);
        return (Result.Applied) result;
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            split.green = 0% | split.green = 100% | GET / | blue | green
            expose-target = false | rules = [ { when { path-prefix = "/x" }, to = green } ] | GET /x | blue | green
            expose-target = false | split.overrides = [ { header = x-side, value = g, to = green } ] | GET / | blue | green
            split.cohort { cookie = uid, mint = false } | split.cohort { cookie = uid } | GET / | 200 OK | Set-Cookie: uid=
            expose-target = false | expose-target = true | GET / | 200 OK | X-Turnout-Target: blue
            limits.body = 1MiB | limits.body = 3B | POST / | blue | 413
            headers.trust = [] | green.endpoints = ["127.0.0.1:1"], split.green = 100% | GET / | blue | upstream_connect
            """)
    void aKeptConnectionObeysTheNewFileWithItsNextRequest(String before, String after, String request,
            String answerBefore, String answerAfter) throws Exception {
        String asked = request + " HTTP/1.1\r\nHost: a\r\nx-side: g\r\n"
                + (request.startsWith("POST") ? "Content-Length: 4\r\n\r\nbody" : "\r\n");
        rig.startFile(shop(before));
        RawConnection client = rig.client("shop");
        String first = TwoSides.ask(client, asked);
        Result.Applied result = reload(shop(after));

        assertThat(first).contains(answerBefore).doesNotContain(answerAfter);
        assertThat(TwoSides.ask(client, asked)).contains(answerAfter);
        assertThat(result.changes()).isNotEmpty();
        assertThat(result.restart()).isEmpty();
        assertThat(result.version()).isEqualTo(1);
    }

    @Test
    void aConnectionAboveTheNewLimitIsRefused() throws Exception {
        rig.startFile(shop(""));
        RawConnection first = rig.client("shop");
        TwoSides.ask(first, GET);
        reload(shop("limits.connections = 1"));

        assertThat(rig.client("shop").rest()).startsWith("HTTP/1.1 503 ").contains("overload");
        assertThat(TwoSides.ask(first, GET)).as("it was there before").endsWith("blue");
    }

    @Test
    void aRequestWaitsAsLongAsTheFileSaysThatItBeganWith() throws Exception {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        RawUpstream slow = rig.upstream((connection, number) -> {
            connection.head();
            asked.countDown();
            Latches.await(mayAnswer);
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow");
        });
        String endpoint = "blue.endpoints = [\"" + TwoSides.address(slow) + "\"]\n";
        rig.startFile(shop(endpoint));
        RawConnection patient = rig.client("shop");
        patient.send(GET);
        Latches.await(asked);
        reload(shop(endpoint + "timeouts.request = 100ms"));
        RawConnection impatient = rig.client("shop");

        assertThat(TwoSides.ask(impatient, GET)).startsWith("HTTP/1.1 504 ");
        mayAnswer.countDown();
        assertThat(patient.message()).endsWith("slow");
    }

    @Test
    void anUploadUnderWayEndsWhereItBegan() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        RawUpstream old = rig.upstream((connection, number) -> {
            connection.head();
            asked.countDown();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n" + connection.text(6));
        });
        String endpoint = "blue.endpoints = [\"" + TwoSides.address(old) + "\"]\n";
        rig.startFile(shop(endpoint));
        RawConnection client = rig.client("shop");
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc");
        Latches.await(asked);
        reload(shop("split.green = 100%, limits.body = 3B"));
        client.send("def");

        assertThat(client.message()).endsWith("abcdef");
        assertThat(TwoSides.ask(client, GET)).endsWith("green");
    }

    @Test
    void anUnhealthySideSpillsFromNowOn() throws Exception {
        String dead = "blue.endpoints = [\"127.0.0.1:1\"], health { check = connect, interval = 20ms, fall = 1 }\n";
        rig.startFile(shop(dead));
        RawConnection client = rig.client("shop");
        await().until(() -> TwoSides.ask(client, GET).contains("no_healthy_endpoint"));
        reload(shop(dead + "split.unhealthy = spill"));

        assertThat(TwoSides.ask(client, GET)).endsWith("green");
    }

    @Test
    void endpointsAreCheckedFromNowOnAndThenNoMore() throws Exception {
        rig.startFile(shop(""));
        reload(shop("health { check = connect, interval = 10ms }"));
        await().until(() -> rig.metric("turnout_health_checks_total") > 4);
        reload(shop(""));
        double then = rig.metric("turnout_health_checks_total");

        assertThat(TwoSides.ask(rig.client("shop"), GET)).endsWith("blue");
        assertThat(rig.metric("turnout_health_checks_total")).isLessThanOrEqualTo(then + 2);
    }

    @Test
    void otherEndpointsServeBeforeTheirFirstCheckHasEnded() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        String health = "health { check = http, path = /health, interval = 1h, timeout = 30s }\n";
        RawUpstream slowToProve = rig.upstream((connection, number) -> {
            while (true) {
                if (connection.head().startsWith("GET /health")) {
                    Latches.await(over);
                }
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext");
            }
        });
        rig.startFile(shop(health));
        RawConnection client = rig.client("shop");
        assertThat(TwoSides.ask(client, GET)).endsWith("blue");
        reload(shop(health + "blue.endpoints = [\"" + TwoSides.address(slowToProve) + "\"]"));

        assertThat(TwoSides.ask(client, GET)).as("there is no other to serve meanwhile").endsWith("next");
        over.countDown();
    }

    @Test
    void idleConnectionsToAnEndpointThatIsGoneAreClosed() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        RawUpstream old = rig.upstream((connection, number) -> {
            connection.head();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            connection.rest();
            closed.countDown();
        });
        rig.startFile(shop("blue.endpoints = [\"" + TwoSides.address(old) + "\"]"));
        TwoSides.ask(rig.client("shop"), GET);
        reload(shop(""));

        Latches.await(closed);
    }

    @Test
    void aRouteIsAddedAndRemovedWithoutAnyoneElseNoticing() throws Exception {
        rig.startFile(shop(""));
        RawConnection client = rig.client("shop");
        TwoSides.ask(client, GET);
        assertThat(reload(shop("") + sides.route("cart", "split.green = 100%")).changes())
                .containsExactly("route cart: added");
        RawConnection added = rig.client("cart");
        assertThat(TwoSides.ask(added, GET)).endsWith("green");
        InetSocketAddress address = rig.turnout().address("cart");
        assertThat(reload(shop("")).changes()).containsExactly("route cart: removed");

        assertThat(added.rest()).as("it ends in order").isEmpty();
        assertThatThrownBy(() -> RawConnection.to(address)).isInstanceOf(IOException.class);
        assertThat(TwoSides.ask(client, GET)).endsWith("blue");
        assertThat(rig.metrics()).doesNotContain("route=\"cart\"");
    }

    @Test
    void aRouteJoinsAListenerThatIsThereAndLeavesItAgain() throws Exception {
        String listen = TwoSides.text(TwoSides.free());
        String shop = sides.route("shop", listen, "");
        rig.startFile(shop);
        RawConnection client = rig.client("shop");
        assertThat(TwoSides.ask(client, TwoSides.get("/api"))).endsWith("blue");
        reload(shop + sides.route("api", listen, "match.path-prefix = /api, split.green = 100%"));
        assertThat(TwoSides.ask(client, TwoSides.get("/api"))).endsWith("green");
        assertThat(TwoSides.ask(client, GET)).endsWith("blue");
        reload(shop);
        assertThat(TwoSides.ask(client, TwoSides.get("/api"))).endsWith("blue");
        await().untilAsserted(
                () -> assertThat(rig.metric("turnout_connections{route=\"shop\"}")).isEqualTo(1));
    }

    @Test
    void aConnectionWhoseRouteIsGoneFromItsListenerIsToldSo() throws Exception {
        String listen = TwoSides.text(TwoSides.free());
        String api = sides.route("api", listen, "match.path-prefix = /api");
        rig.startFile(api + sides.route("shop", listen, ""));
        RawConnection client = rig.client("api");
        assertThat(TwoSides.ask(client, GET)).endsWith("blue");
        reload(api);

        assertThat(TwoSides.ask(client, GET)).startsWith("HTTP/1.1 404 ").contains("no_route");
        assertThat(TwoSides.ask(rig.client("api"), TwoSides.get("/api"))).endsWith("blue");
    }

    @Test
    void aListenerMovesAndItsConnectionsEndAfterTheirRequest() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        RawUpstream slow = rig.upstream((connection, number) -> {
            connection.head();
            asked.countDown();
            Latches.await(mayAnswer);
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow");
        });
        String endpoint = "blue.endpoints = [\"" + TwoSides.address(slow) + "\"], split.overrides = [ "
                + "{ header = x-side, value = g, to = green } ]\n";
        String other = TwoSides.text(TwoSides.free());
        rig.startFile(sides.route("shop", endpoint));
        InetSocketAddress before = rig.turnout().address("shop");
        RawConnection busy = rig.client("shop");
        busy.send(GET);
        Latches.await(asked);
        RawConnection idle = rig.client("shop");
        TwoSides.ask(idle, "GET / HTTP/1.1\r\nHost: a\r\nx-side: g\r\n\r\n");
        reload(sides.route("shop", other, endpoint));

        assertThatThrownBy(() -> RawConnection.to(before)).isInstanceOf(IOException.class);
        assertThat(TwoSides.text(rig.turnout().address("shop"))).isEqualTo(other);
        assertThat(idle.rest()).isEmpty();
        mayAnswer.countDown();
        assertThat(busy.rest()).contains("Connection: close\r\n").endsWith("slow");
        assertThat(TwoSides.ask(rig.client("shop"), "GET / HTTP/1.1\r\nHost: a\r\nx-side: g\r\n\r\n"))
                .endsWith("green");
    }

    @Test
    void twoRoutesMayChangePlaces() throws Exception {
        String here = TwoSides.text(TwoSides.free());
        String there = TwoSides.text(TwoSides.free());
        rig.startFile(sides.route("shop", here, "") + sides.route("cart", there, "split.green = 100%"));
        RawConnection client = rig.client("shop");
        assertThat(TwoSides.ask(client, GET)).endsWith("blue");
        reload(sides.route("shop", there, "") + sides.route("cart", here, "split.green = 100%"));

        assertThat(TwoSides.ask(client, GET)).as("the address counts, not who was there").endsWith("green");
    }

    @Test
    void upgradedConnectionsOfARouteThatIsGoneAreToldToComeAgain() throws Exception {
        RawUpstream chat = rig.upstream((connection, number) -> {
            WebSocketPeer peer = WebSocketPeer.server(connection);
            WebSocketPeer.Frame close = peer.read();
            peer.send(close.firstOctet(), close.payload());
        });
        rig.startFile("turnout.shutdown-timeout = 1s\n" + shop("")
                + sides.route("chat", "blue.endpoints = [\"" + TwoSides.address(chat) + "\"]"));
        WebSocketPeer client = WebSocketPeer.client(rig.client("chat"), "/");
        reload("turnout.shutdown-timeout = 1s\n" + shop(""));

        WebSocketPeer.Frame close = client.read();
        assertThat(close.opcode()).isEqualTo(WebSocketPeer.CLOSE);
        assertThat(close.closeCode()).isEqualTo(1012);
    }

    @Test
    void whatAnOperatorSetHoldsAndEverybodyHearsOfIt() throws Exception {
        rig.startFile(shop("split.green = 0%"));
        try (Operator operator = new Operator(rig.turnout().admin())) {
            operator.split("shop", 100);
            Result.Applied result = reload(shop("split.green = 5%"));
            String sentence = "route shop: split.green 0% -> 5% in the file, but ops set 100% at run time (version 1),"
                    + " which holds until it is reset";

            assertThat(result.overridden()).containsExactly(sentence);
            assertThat(result.version()).isEqualTo(2);
            JsonNode split = operator.get("/routes/shop").path("split");
            assertThat(List.of(split.path("green").asDouble(), split.path("file").asDouble(),
                    split.path("runtime").asDouble(), split.path("fileThen").asDouble()))
                    .containsExactly(100.0, 5.0, 100.0, 0.0);
            assertThat(events()).contains("overridden at run time: " + sentence);
            assertThat(TwoSides.ask(rig.client("shop"), GET)).endsWith("green");
            operator.ask("DELETE", "/routes/shop/split", "");
            assertThat(operator.get("/routes/shop").path("split").path("green").asDouble()).isEqualTo(5);
        }
    }

    private RawConnection toAdmin() throws IOException {
        return rig.closing(RawConnection.to(new InetSocketAddress(InetAddress.getLoopbackAddress(),
                rig.turnout().admin().getPort())));
    }

    /** What has happened so far. */
    private String events() throws IOException {
        RawConnection feed = toAdmin();
        feed.send("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
                + "Last-Event-ID: 0\r\nAuthorization: Bearer " + Configs.TOKEN + "\r\n\r\n");
        feed.head();
        StringBuilder heard = new StringBuilder();
        await().until(() -> heard.append(feed.available()).indexOf("overridden") >= 0);
        return heard.toString();
    }

    @Test
    void whatTakesARestartIsListedEachTimeAndNotApplied() throws Exception {
        rig.startFile(shop(""));
        String next = "turnout { event-loops = 3, dns.timeout = 1s, admin.tokens = [] }\n" + shop("");
        for (int i = 0; i < 2; i++) {
            Result.Applied result = reload(next);
            assertThat(result.changes()).isEmpty();
            assertThat(result.restart()).hasSize(3)
                    .anyMatch(line -> line.startsWith("event-loops: 2 -> 3"))
                    .anyMatch(line -> line.startsWith("dns.timeout: 2s -> 1s"))
                    .anyMatch(line -> line.startsWith("admin.tokens: "));
        }
        assertThat(rig.turnout().config().eventLoops()).isEqualTo(2);
        assertThat(rig.metric("turnout_reloads_total{result=\"applied\"}")).isEqualTo(2);
    }

    @Test
    void otherTokensHoldFromNowOnAndEndTheSessionsOfTheOthers() throws Exception {
        rig.startFile(shop(""));
        try (Operator before = new Operator(rig.turnout().admin());
                Operator after = new Operator(rig.turnout().admin(), "another-token")) {
            String cookie = before.ask("POST", "/session", "").headers()
                    .firstValue("Set-Cookie").orElseThrow().replaceAll(";.*", "");
            assertThat(rig.closing(new Operator(rig.turnout().admin(), "wrong")).ask("GET", "/routes", "",
                    "Cookie", cookie).statusCode()).as("a wrong token is not helped by a cookie")
                    .isEqualTo(401);
            reload("turnout.admin.tokens = [ { name = ops, role = operator, token = another-token } ]\n"
                    + shop(""));

            assertThat(before.ask("GET", "/routes", "").statusCode()).isEqualTo(401);
            assertThat(after.ask("GET", "/routes", "").statusCode()).isEqualTo(200);
            RawConnection session = toAdmin();
            session.send("GET /api/v1/routes HTTP/1.1\r\nHost: localhost\r\nCookie: " + cookie + "\r\n\r\n");
            assertThat(session.head()).startsWith("HTTP/1.1 401 ");
        }
    }

    @Test
    void theSameFileChangesNothing() throws Exception {
        rig.startFile(shop(""));
        assertThat(reload(shop(""))).isEqualTo(new Result.Applied(List.of(), List.of(), List.of(), 0));
    }
}
