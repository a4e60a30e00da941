package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.turnout.proxy.testkit.Latches;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawUpstream;
import dev.turnout.proxy.testkit.TurnoutProcess;
import dev.turnout.proxy.testkit.WebSocketClient;
import dev.turnout.proxy.testkit.WebSocketPeer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One side of a route is emptied while everything runs. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
@ExtendWith(LeakCheck.class)
class DrainOverTheApiTest {
    private static final String GET = TwoSides.GET;
    private static final int SERVICE_RESTART = 1012;
    private static final int TUNNELS = 6;

    @RegisterExtension
    private final Rig rig = new Rig();
    private final CountDownLatch asked = new CountDownLatch(2);
    private final CountDownLatch mayAnswer = new CountDownLatch(1);
    private TwoSides sides;
    @SuppressWarnings("NullAway.Init") // by start()
    private Operator operator;

    @BeforeEach
    void make() throws IOException {
        sides = new TwoSides(rig);
    }

    private void start(String lines) throws IOException {
        rig.startFile(sides.route("shop", lines));
        operator = rig.closing(new Operator(rig.turnout().admin()));
    }

    /** Waits with the answer to what is slow. */
    private RawUpstream slowBlue() throws IOException {
        return rig.upstream((connection, number) -> {
            while (true) {
                if (connection.head().startsWith("GET /slow")) {
                    asked.countDown();
                    Latches.await(mayAnswer);
                }
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nblue");
            }
        });
    }

    private static String blue(RawUpstream upstream) {
        return "blue.endpoints = [\"" + TwoSides.address(upstream) + "\"]\n";
    }

    /** Two requests that blue has, and does not answer yet. */
    private List<RawConnection> underWay() throws IOException {
        List<RawConnection> clients = List.of(rig.client("shop"), rig.client("shop"));
        for (RawConnection client : clients) {
            client.send(TwoSides.get("/slow"));
        }
        Latches.await(asked);
        return clients;
    }

    private CompletableFuture<HttpResponse<String>> drain(String timeout) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return operator.drain("shop", "blue", timeout);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void awaitDrained() {
        await().until(
                () -> operator.get("/routes/shop").path("split").path("drained").asText().equals("blue"));
    }

    private static HttpResponse<String> result(CompletableFuture<HttpResponse<String>> drain)
            throws Exception {
        return drain.get(20, TimeUnit.SECONDS);
    }

    @Test
    void endsWhenWhatIsUnderWayHasEndedAndNothingNewGoesThere() throws Exception {
        start(blue(slowBlue()));
        List<RawConnection> patient = underWay();
        RawConnection kept = rig.client("shop");
        assertThat(TwoSides.ask(kept, GET)).endsWith("blue");
        CompletableFuture<HttpResponse<String>> drain = drain("20s");
        awaitDrained();
        for (int i = 0; i < 50; i++) {
            assertThat(TwoSides.ask(kept, GET)).endsWith("green");
        }
        assertThat(drain.isDone()).as("two requests are under way").isFalse();
        mayAnswer.countDown();

        for (RawConnection client : patient) {
            assertThat(client.message()).endsWith("blue");
            assertThat(TwoSides.ask(client, GET)).endsWith("green");
        }
        assertThat(result(drain).statusCode()).isEqualTo(200);
        assertThat(Operator.json(result(drain)).path("route").path("targets").path("blue").path("inFlight")
                .asInt())
                .isZero();
    }

    @Test
    void saysWhatIsLeftWhenTimeIsUpAndStaysDrained() throws Exception {
        start(blue(slowBlue()));
        List<RawConnection> patient = underWay();
        HttpResponse<String> answer = operator.drain("shop", "blue", "100ms");

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(Operator.json(answer).path("requests").asInt()).isEqualTo(2);
        assertThat(operator.get("/routes/shop").path("split").path("drained").asText()).isEqualTo("blue");
        mayAnswer.countDown();
        for (RawConnection client : patient) {
            assertThat(client.message()).endsWith("blue");
        }
        assertThat(operator.drain("shop", "blue", "20s").statusCode()).isEqualTo(200);
    }

    @Test
    void aSideWithNothingUnderWayIsEmptyAtOnce() throws Exception {
        start("");
        for (int i = 0; i < 20; i++) {
            assertThat(operator.drain("shop", i % 2 == 0 ? "blue" : "green", "0s").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void whoeverWaitsHearsThatAWeightHasUndoneIt() throws Exception {
        start(blue(slowBlue()));
        List<RawConnection> patient = underWay();
        CompletableFuture<HttpResponse<String>> drain = drain("20s");
        awaitDrained();
        operator.split("shop", 0);

        assertThat(result(drain).statusCode()).isEqualTo(409);
        assertThat(Operator.json(result(drain)).path("code").asText()).isEqualTo("drain_undone");
        assertThat(TwoSides.ask(rig.client("shop"), GET)).endsWith("blue");
        mayAnswer.countDown();
        assertThat(patient.getFirst().message()).endsWith("blue");
    }

    @Test
    void nothingThatAsksForTheSideGetsThere() throws Exception {
        start("""
                split { green = 50%, cohort.header = x-user, unhealthy = spill
                  overrides = [ { header = x-side, value = b, to = blue } ]
                  rules = [ { when.path-prefix = /b, to = blue } ] }
                """);
        operator.drain("shop", "blue", "20s");
        RawConnection client = rig.client("shop");

        assertThat(TwoSides.ask(client, TwoSides.get("/b"))).endsWith("green");
        assertThat(TwoSides.ask(client, "GET / HTTP/1.1\r\nHost: a\r\nx-side: b\r\n\r\n")).endsWith("green");
        for (int user = 0; user < 50; user++) {
            assertThat(TwoSides.ask(client, "GET / HTTP/1.1\r\nHost: a\r\nx-user: " + user + "\r\n\r\n"))
                    .endsWith("green");
        }
        assertThat(operator.get("/routes/shop/explain?path=/b").path("target").asText()).isEqualTo("green");
    }

    @Test
    void noRequestSpillsToADrainedSide() throws Exception {
        start("green.endpoints = [\"127.0.0.1:1\"], split.unhealthy = spill\n"
                + "health { check = connect, interval = 20ms, fall = 1 }");
        operator.split("shop", 100);
        RawConnection client = rig.client("shop");
        await().until(() -> TwoSides.ask(client, GET).endsWith("blue"));
        operator.drain("shop", "blue", "20s");

        assertThat(TwoSides.ask(client, GET)).startsWith("HTTP/1.1 503 ").contains("no_healthy_endpoint");
    }

    /** A service that greets, counting, until it is told to end. */
    private RawUpstream chat() throws IOException {
        return rig.upstream((connection, number) -> {
            WebSocketPeer peer = WebSocketPeer.server(connection);
            while (true) {
                WebSocketPeer.Frame frame = peer.read();
                peer.send(frame.firstOctet(), frame.payload());
                if (frame.opcode() == WebSocketPeer.CLOSE) {
                    return;
                }
            }
        });
    }

    private List<WebSocketClient> chatting() throws Exception {
        List<WebSocketClient> clients = new ArrayList<>();
        for (int i = 0; i < TUNNELS; i++) {
            WebSocketClient client = rig.closing(WebSocketClient.to(rig.turnout().address("shop"), "/chat"));
            client.say("hello");
            clients.add(client);
        }
        await().until(() -> clients.stream().allMatch(client -> client.messages().size() == 1));
        return clients;
    }

    @Test
    void webSocketsAreToldOneAfterTheOtherToComeAgain() throws Exception {
        start(blue(chat()));
        List<WebSocketClient> clients = chatting();
        long start = System.nanoTime();
        CompletableFuture<HttpResponse<String>> drain = drain("3s");
        List<Integer> left = new ArrayList<>();
        while (!drain.isDone()) {
            int now = (int) rig.metric("turnout_tunnels{route=\"shop\",target=\"blue\"}");
            if (left.isEmpty() || left.getLast() != now) {
                left.add(now);
            }
        }

        assertThat(result(drain).statusCode()).isEqualTo(200);
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start))
                .as("spread over most of the time")
                .isBetween(1500L, 3500L);
        assertThat(left).as("not all at once").hasSizeGreaterThan(2);
        for (WebSocketClient client : clients) {
            assertThat(client.closeCode()).isEqualTo(SERVICE_RESTART);
            assertThat(client.messages()).as("whole before the end").containsExactly("hello");
        }
    }

    @Test
    void aWeightKeepsTheWebSocketsThatAreNotClosedYet() throws Exception {
        start(blue(chat()));
        List<WebSocketClient> clients = chatting();
        CompletableFuture<HttpResponse<String>> drain = drain("1h");
        awaitDrained();
        operator.split("shop", 0);
        assertThat(result(drain).statusCode()).isEqualTo(409);

        for (WebSocketClient client : clients) {
            client.say("still here");
        }
        await().until(() -> clients.stream().allMatch(client -> client.messages().size() == 2));
        chatting();
    }

    @Test
    void aRepeatedDrainThatWasUndoneMeanwhileClosesNothing() throws Exception {
        start(blue(chat()));
        operator.drain("shop", "blue", "20s", "Idempotency-Key", "k");
        operator.split("shop", 0);
        List<WebSocketClient> clients = chatting();

        assertThat(operator.drain("shop", "blue", "20s", "Idempotency-Key", "k").statusCode()).isEqualTo(409);
        for (WebSocketClient client : clients) {
            client.say("still here");
        }
        await().until(() -> clients.stream().allMatch(client -> client.messages().size() == 2));
        chatting();
    }

    @Test
    void otherUpgradesAreClosed() throws Exception {
        start(blue(rig.upstream((connection, number) -> {
            connection.head();
            connection.send(
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nhello");
            connection.rest();
        })));
        RawConnection client = rig.client("shop");
        client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
        client.head();

        assertThat(operator.drain("shop", "blue", "500ms").statusCode()).isEqualTo(200);
        assertThat(client.rest()).isEqualTo("hello");
    }

    @Test
    void aProcessThatIsToldToEndTellsWebSockets() throws Exception {
        RawUpstream chat = chat();
        Files.writeString(rig.stateDir().resolve("turnout.conf"),
                Rig.ADMIN + "turnout.shutdown-timeout = 2s\n"
                        + sides.route("shop", blue(chat)));
        TurnoutProcess process = rig.closing(TurnoutProcess.run(rig.stateDir()));
        WebSocketClient client = rig.closing(WebSocketClient.to(process.address(), "/chat"));
        client.say("hello");
        await().until(() -> client.messages().size() == 1);
        process.tellToEnd();

        assertThat(client.closeCode()).isEqualTo(SERVICE_RESTART);
        assertThat(process.terminate()).isEqualTo(128 + 15);
    }
}
