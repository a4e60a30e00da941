package dev.turnout.proxy.http;

import static dev.turnout.proxy.http.RetiredWebSocketTest.assertMovedOn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.testkit.Latches;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.WebSocketClient;
import dev.turnout.proxy.testkit.WebSocketPeer;
import dev.turnout.proxy.testkit.WebSocketPeer.Frame;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a tunnel passes on until it ends: through real sockets, in the test's own time. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
@ExtendWith(LeakCheck.class)
class TunnelTest {
    private static final int SERVICE_RESTART = 1012;

    @RegisterExtension
    private final TunnelRig rig = new TunnelRig();
    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void letTheScriptEnd() {
        over.countDown();
    }

    @Test
    void followsWhatCameTogetherWithTheHandshake() throws Exception {
        CompletableFuture<RawConnection> connected = new CompletableFuture<>();
        RawConnection raw = rig.client(rig.start(true, (connection, number) -> {
            connection.head();
            connection.send(WebSocketPeer.answer("key") + "\u0081\u0004he");
            connected.complete(connection);
            Latches.await(over);
        }));
        raw.send(WebSocketPeer.request("/") + "\u0081\u0084\0\0\0\0");
        raw.head();
        RawConnection origin = connected.get(20, TimeUnit.SECONDS);
        assertThat(raw.text(4)).isEqualTo("\u0081\u0004he");
        assertThat(origin.text(6)).isEqualTo("\u0081\u0084\0\0\0\0");
        rig.retireNow();
        origin.send("re");
        raw.send("back");

        assertThat(raw.text(6)).isEqualTo("re\u0088\u0002\u0003\u00f4");
        assertThat(origin.text(6)).isEqualTo("back\u0088\u0082");
    }

    @Test
    void aClientInTheMiddleOfAStreamHearsWholeMessagesAndThenToComeBackLater() throws Exception {
        CompletableFuture<Frame> heardByServer = new CompletableFuture<>();
        WebSocketClient java = rig.closing(WebSocketClient.to(streaming(heardByServer), "/"));
        while (java.messages().size() < 200) {
            Thread.onSpinWait();
        }
        rig.retireNow();

        assertThat(java.closeCode()).isEqualTo(SERVICE_RESTART);
        for (int i = 0; i < java.messages().size(); i++) {
            assertThat(java.messages().get(i)).isEqualTo(message(i));
        }
        assertMovedOn(heardByServer.get(20, TimeUnit.SECONDS), true);
        rig.awaitClosed();
    }

    private static String message(int number) {
        return (number + " ").repeat(number * 37 % 5_000);
    }

    /** Sends messages in two fragments each, with a ping between them, until it hears a Close; answers that one. */
    private InetSocketAddress streaming(CompletableFuture<Frame> heard) throws Exception {
        return rig.start(true, (connection, number) -> {
            WebSocketPeer peer = WebSocketPeer.server(connection);
            Frame last = new Frame(0, true, "");
            for (int i = 0; last.opcode() != WebSocketPeer.CLOSE; i++) {
                String message = message(i);
                peer.send(WebSocketPeer.TEXT, message.substring(0, message.length() / 3));
                peer.send(WebSocketPeer.FINAL | WebSocketPeer.PING, "");
                peer.send(WebSocketPeer.FINAL | WebSocketPeer.CONTINUATION,
                        message.substring(message.length() / 3));
                while (connection.hasMore() && last.opcode() != WebSocketPeer.CLOSE) {
                    last = peer.read();
                }
            }
            peer.send(last.firstOctet(), last.payload());
            heard.complete(last);
            connection.rest();
        });
    }

    @Test
    void aClientThatReadsSlowlyHearsWholeFramesAndThenToComeBackLater() throws Exception {
        CompletableFuture<Frame> heardByServer = new CompletableFuture<>();
        RawConnection narrow = rig.closing(RawConnection.narrowTo(streaming(heardByServer)));
        WebSocketPeer client = WebSocketPeer.client(narrow, "/");
        rig.awaitBackPressure();
        rig.retireNow();

        Frame frame = client.read();
        while (frame.opcode() != WebSocketPeer.CLOSE) {
            frame = client.read();
        }
        assertMovedOn(frame, false);
        client.sendClose(SERVICE_RESTART, "");
        assertMovedOn(heardByServer.get(20, TimeUnit.SECONDS), true);
        assertThat(narrow.endsInOrder()).isTrue();
        rig.awaitClosed();
    }

    @Test
    void closesWhatIsNoWebSocketInOrder() throws Exception {
        CountDownLatch mayHear = new CountDownLatch(1);
        CompletableFuture<String> heard = new CompletableFuture<>();
        RawConnection raw = rig.client(rig.start(false, (connection, number) -> {
            connection.head();
            connection.send("HTTP/1.1 101 Switching Protocols\r\n\r\n\u0088is no Close here");
            Latches.await(mayHear);
            heard.complete(connection.rest());
        }));
        raw.send("GET / HTTP/1.1\r\n\r\nhello");
        raw.head();
        assertThat(raw.text(17)).isEqualTo("\u0088is no Close here");
        rig.retireNow();
        mayHear.countDown();

        assertThat(raw.rest()).isEmpty();
        assertThat(heard.get(20, TimeUnit.SECONDS)).isEqualTo("hello");
        rig.awaitClosed();
    }
}
