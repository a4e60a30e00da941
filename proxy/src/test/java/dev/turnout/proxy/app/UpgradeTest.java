package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.turnout.proxy.testkit.Latches;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawUpstream;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that leave HTTP, and those that only say so. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
@ExtendWith(LeakCheck.class)
class UpgradeTest {
    private static final String WEBSOCKET = "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\n"
            + "Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    private static final String SWITCHING = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    private static final String INNOCENT = "GET /innocent HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @RegisterExtension
    private final Rig rig = new Rig();
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();

    /** Switches, then sends back what it hears in upper case until the client has ended, and then says goodbye. */
    private RawUpstream echoing() throws IOException {
        return rig.upstream((connection, number) -> {
            heard.add(connection.head());
            connection.send(SWITCHING + "hello");
            byte[] bytes = new byte[65_536];
            for (int read = connection.read(bytes); read >= 0; read = connection.read(bytes)) {
                byte[] back = new byte[read];
                for (int i = 0; i < read; i++) {
                    back[i] = (byte) Character.toUpperCase(bytes[i]);
                }
                connection.send(back);
            }
            connection.send("bye");
        });
    }

    @Test
    void passesTheHandshakeOnAndThenEveryByteBothWays() throws Exception {
        rig.start(echoing());
        RawConnection client = rig.client();
        client.send(WEBSOCKET);

        assertThat(client.head()).startsWith("HTTP/1.1 101 Switching Protocols\r\n")
                .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
                .endsWith("Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        assertThat(client.text(5)).isEqualTo("hello");
        client.send("a\r\n\r\nGET / HTTP/1.1\r\n\r\n");
        assertThat(client.text(23)).isEqualTo("A\r\n\r\nGET / HTTP/1.1\r\n\r\n");
        assertThat(heard).singleElement().asString()
                .contains("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")
                .endsWith("Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
                .doesNotContain("keep-alive");
        assertThat(rig.metric("turnout_tunnels{route=\"shop\",target=\"blue\"}")).isEqualTo(1);
        client.finish();
        assertThat(client.rest()).as("the other direction stays open until it ends").isEqualTo("bye");
        await().until(() -> rig.metric("turnout_tunnels{route=\"shop\",target=\"blue\"}") == 0
                && rig.metric("turnout_connections{route=\"shop\"}") == 0);
    }

    @Test
    void holdsWhatTheClientSaysTooEarlyUntilThe101() throws Exception {
        Queue<String> early = new ConcurrentLinkedQueue<>();
        CountDownLatch interimSeen = new CountDownLatch(1);
        rig.start(rig.upstream((connection, number) -> {
            connection.head();
            connection.send("HTTP/1.1 103 Early Hints\r\n\r\n");
            // By then the proxy has read what came with the request.
            Latches.await(interimSeen);
            early.add(connection.available());
            connection.send(SWITCHING);
            early.add(connection.text(5));
            connection.rest();
        }));
        RawConnection client = rig.client();
        client.send(WEBSOCKET + "early");
        client.head();
        interimSeen.countDown();
        client.head();
        await().until(() -> early.size() == 2);

        assertThat(early).containsExactly("", "early");
    }

    @Test
    void givesWhatCameTooEarlyAsARequestWhenTheEndpointStaysWithHttp() throws Exception {
        RawUpstream upstream = rig.upstream((connection, number) -> {
            while (true) {
                heard.add(connection.head());
                connection.send(OK);
            }
        });
        rig.start(upstream);
        RawConnection client = rig.client();
        client.send(WEBSOCKET + INNOCENT);

        assertThat(client.message()).isEqualTo(OK);
        assertThat(client.message()).isEqualTo(OK);
        assertThat(heard).hasSize(2).last().asString().startsWith("GET /innocent ");
        assertThat(upstream.connections()).as("what may leave HTTP has a connection of its own").isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upgrade: other\r\nConnection: Upgrade\r\n", "Connection: Upgrade\r\n",
        "Upgrade: websocket\r\n", "Upgrade: websocket\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n",
        "Upgrade: websocket, other\r\nConnection: Upgrade\r\n", "Upgrade: h2c\r\nConnection: Upgrade\r\n",
        ""})
    void refusesA101ThatIsNotTheOneThatWasAskedFor(String fields) throws Exception {
        rig.start(rig.upstream((connection, number) -> {
            connection.head();
            connection.send("HTTP/1.1 101 Switching Protocols\r\n" + fields + "\r\n" + "poison");
            heard.add(connection.rest());
        }));
        RawConnection client = rig.client();
        client.send(WEBSOCKET);

        assertThat(client.message()).startsWith("HTTP/1.1 502 ").contains("upstream_protocol");
        await().until(() -> heard.size() == 1);
        assertThat(heard).containsExactly("");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 1\r\n\r\nx",
        "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket, x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"})
    void doesNotPassOnAnUpgradeThatMayNotBe(String request) throws Exception {
        rig.start(rig.upstream((connection, number) -> {
            heard.add(connection.head());
            connection.send(SWITCHING + "poison");
            connection.rest();
        }));
        RawConnection client = rig.client();
        client.send(request);

        assertThat(client.message()).startsWith("HTTP/1.1 502 ").contains("upstream_protocol");
        assertThat(heard).singleElement().asString().doesNotContain("Upgrade").doesNotContain("HTTP2");
    }

    @Test
    void carriesManyMegabytesThroughASlowReader() throws Exception {
        int bytes = 8 * 1024 * 1024;
        rig.start(rig.upstream((connection, number) -> {
            connection.head();
            connection.send(SWITCHING);
            connection.send(new byte[bytes]);
        }));
        RawConnection client = rig.closing(RawConnection.narrowTo(rig.address()));
        client.send(WEBSOCKET);
        client.head();

        assertThat(client.rest()).hasSize(bytes);
    }

    @Test
    void closesATunnelInWhichNothingIsSaid() throws Exception {
        rig.route("timeouts.tunnel = 200ms").start(rig.upstream((connection, number) -> {
            connection.head();
            connection.send(SWITCHING);
            heard.add(connection.rest());
        }));
        RawConnection client = rig.client();
        client.send(WEBSOCKET);
        client.head();

        assertThat(client.rest()).isEmpty();
        await().until(() -> heard.size() == 1);
    }

    @Test
    void resetsTheOtherEndWhenOneIsReset() throws Exception {
        rig.start(echoing());
        RawConnection client = rig.client();
        client.send(WEBSOCKET);
        client.head();
        client.reset();

        await().until(() -> rig.metric("turnout_connections{route=\"shop\"}") == 0);
    }

    @Test
    void tellsTheEndpointThatTheClientHadEndedBeforeTheSwitch() throws Exception {
        rig.start(echoing());
        RawConnection client = rig.client();
        client.send(WEBSOCKET + "last words");
        client.finish();

        assertThat(client.rest()).endsWith("helloLAST WORDSbye");
    }

    @Test
    void doesNotWaitForEverForAClientThatTakesNothing() throws Exception {
        rig.route("timeouts { tunnel = 500ms, request = 200ms }").start(rig.upstream((connection, number) -> {
            connection.head();
            connection.send(SWITCHING);
            connection.send(new byte[64 * 1024 * 1024]);
        }));
        RawConnection client = rig.closing(RawConnection.narrowTo(rig.address()));
        client.send(WEBSOCKET);

        await().until(() -> rig.metric("turnout_requests_total{outcome=\"1xx\"") == 1);
        await().until(() -> rig.metric("turnout_connections{route=\"shop\"}") == 0);
    }
}
