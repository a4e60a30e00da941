package dev.turnout.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.proxy.testkit.Latches;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.WebSocketPeer;
import dev.turnout.proxy.testkit.WebSocketPeer.Frame;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How a WebSocket is ended that is to move: with the test at both ends, and in the test's own time. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
@ExtendWith(LeakCheck.class)
class RetiredWebSocketTest {
    private static final int TEXT = WebSocketPeer.FINAL | WebSocketPeer.TEXT;
    private static final int SERVICE_RESTART = 1012;
    private static final long MOST_FAREWELL_TICKS = TunnelRig.REQUEST_TICKS + 2;

    @RegisterExtension
    private final TunnelRig rig = new TunnelRig();
    private final CompletableFuture<WebSocketPeer> accepted = new CompletableFuture<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private WebSocketPeer client;
    private WebSocketPeer server;

    @BeforeEach
    void open() throws Exception {
        client = WebSocketPeer.client(rig.client(rig.start(true, this::accept)), "/");
        server = accepted.get(20, TimeUnit.SECONDS);
    }

    /** Leaves the connection to the test, which ends it by {@link #over}, or by closing it. */
    private void accept(RawConnection connection, int number) throws IOException {
        accepted.complete(WebSocketPeer.server(connection));
        Latches.await(over);
    }

    @AfterEach
    void letTheScriptEnd() {
        over.countDown();
    }

    static void assertMovedOn(Frame frame, boolean masked) {
        assertThat(frame.firstOctet()).isEqualTo(WebSocketPeer.FINAL | WebSocketPeer.CLOSE);
        assertThat(frame.closeCode()).isEqualTo(SERVICE_RESTART);
        assertThat(frame.payload()).as("the code alone").hasSize(2);
        assertThat(frame.masked()).isEqualTo(masked);
    }

    private void answerBoth() throws Exception {
        client.sendClose(SERVICE_RESTART, "");
        server.sendClose(SERVICE_RESTART, "");
        assertThat(client.connection().endsInOrder()).isTrue();
        assertThat(server.connection().endsInOrder()).isTrue();
        rig.awaitClosed();
    }

    @Test
    void tellsBothEndsOfAWebSocketToComeBackLater() throws Exception {
        rig.on(tunnel -> tunnel.retire(50));
        rig.pass(49);
        client.send(TEXT, "still");
        assertThat(server.read().payload()).isEqualTo("still");
        server.send(TEXT, "here");
        assertThat(client.read().payload()).isEqualTo("here");
        rig.pass(2);

        assertMovedOn(client.read(), false);
        assertMovedOn(server.read(), true);
        answerBoth();
    }

    @Test
    void masksEachCloseWithAKeyOfItsOwn() throws Exception {
        rig.retireNow();

        String octets = server.connection().text(8);
        assertThat(octets).startsWith("\u0088\u0082");
        assertThat(octets.substring(2, 6)).as("the masking key (RFC 6455 5.3)").isNotEqualTo("\0\0\0\0");
    }

    @Test
    void finishesTheFrameThatIsUnderWayToTheClientAndDropsTheNext() throws Exception {
        String frame = server.octets(TEXT, "x".repeat(70_000));
        server.connection().send(frame.substring(0, 40_000));
        String heard = client.connection().text(40_000);
        rig.retireNow();
        assertMovedOn(server.read(), true);
        assertThat(client.connection().hasMore()).as("a frame is under way").isFalse();
        server.connection().send(frame.substring(40_000) + server.octets(TEXT, "too late"));

        assertThat(heard + client.connection().text(frame.length() - 40_000)).isEqualTo(frame);
        assertMovedOn(client.read(), false);
        answerBoth();
    }

    @Test
    void finishesTheFrameThatIsUnderWayToTheServerAndDropsTheNext() throws Exception {
        String frame = client.octets(TEXT, "hello");
        for (int i = 0; i < frame.length(); i++) {
            client.connection().send(frame.substring(i, i + 1));
            if (i == 0) {
                assertThat(server.connection().text(1)).isEqualTo(frame.substring(0, 1));
                rig.retireNow();
                assertMovedOn(client.read(), false);
            } else {
                assertThat(server.connection().text(1)).isEqualTo(frame.substring(i, i + 1));
            }
        }
        assertMovedOn(server.read(), true);
        client.send(TEXT, "too late");
        answerBoth();
    }

    @Test
    void comesBetweenTwoFragmentsOfAMessage() throws Exception {
        server.send(WebSocketPeer.TEXT, "half a mess");
        assertThat(client.read().payload()).isEqualTo("half a mess");
        rig.retireNow();

        assertMovedOn(client.read(), false);
        assertMovedOn(server.read(), true);
        answerBoth();
    }

    @Test
    void leavesAClosingHandshakeThatHasBegunToBothEnds() throws Exception {
        client.sendClose(1000, "bye");
        assertThat(server.read().closeCode()).isEqualTo(1000);
        rig.retireNow();
        server.send(TEXT, "last words");
        server.sendClose(1000, "bye");

        assertThat(client.read().payload()).isEqualTo("last words");
        assertThat(client.read().closeCode()).isEqualTo(1000);
        server.connection().finish();
        assertThat(client.connection().endsInOrder()).isTrue();
        client.connection().finish();
        assertThat(server.connection().endsInOrder()).isTrue();
        rig.awaitClosed();
    }

    @Test
    void leavesACloseThatIsUnderWayToTheEndThatSendsIt() throws Exception {
        String close = server.octets(WebSocketPeer.FINAL | WebSocketPeer.CLOSE, "\u0003\u00e9");
        server.connection().send(close.substring(0, 1));
        assertThat(client.connection().text(1)).isEqualTo(close.substring(0, 1));
        rig.retireNow();
        server.connection().send(close.substring(1));
        assertThat(client.connection().text(3)).isEqualTo(close.substring(1));
        client.sendClose(1001, "");

        assertThat(server.read().closeCode()).as("the client's own").isEqualTo(1001);
        server.connection().finish();
        client.connection().finish();
        rig.awaitClosed();
    }

    @Test
    void doesNotWaitForEverForAFrameThatNeverEnds() throws Exception {
        server.connection().send("\u0082\u007f\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff");
        assertThat(client.connection().text(10)).hasSize(10);
        rig.retireNow();
        assertMovedOn(server.read(), true);
        rig.pass(MOST_FAREWELL_TICKS);

        assertThatThrownBy(client::read).isInstanceOf(EOFException.class);
        rig.awaitClosed();
    }

    @Test
    void doesNotWaitForEverForAnAnswer() throws Exception {
        rig.retireNow();
        assertMovedOn(client.read(), false);
        assertMovedOn(server.read(), true);
        client.send(TEXT, "what else?");
        assertThat(rig.isClosed()).isFalse();
        rig.pass(MOST_FAREWELL_TICKS);

        rig.awaitClosed();
        assertThat(server.connection().rest()).isEmpty();
    }

    @Test
    void takesTheEndOfAConnectionForAnAnswer() throws Exception {
        rig.retireNow();
        assertMovedOn(server.read(), true);
        assertMovedOn(client.read(), false);
        client.connection().finish();
        server.sendClose(SERVICE_RESTART, "");

        assertThat(server.connection().endsInOrder()).isTrue();
        rig.awaitClosed();
    }

    @Test
    void endsAtOnceWhenAnEndGoesAwayInsideItsLastFrame() throws Exception {
        client.connection().send("\u0081");
        assertThat(server.connection().text(1)).isEqualTo("\u0081");
        rig.retireNow();
        assertMovedOn(client.read(), false);
        client.connection().finish();

        assertThat(server.connection().rest()).as("no Close inside a frame").isEmpty();
        rig.awaitClosed();
    }

    @Test
    void anEndThatIsResetInsteadOfAnsweringResetsNobodyElse() throws Exception {
        rig.retireNow();
        assertMovedOn(client.read(), false);
        client.connection().reset();

        assertMovedOn(server.read(), true);
        assertThat(server.connection().endsInOrder()).isTrue();
        rig.awaitClosed();
    }

    @Test
    void closesAWebSocketThatIsOpenInOneDirectionOnly() throws Exception {
        client.connection().finish();
        assertThat(server.connection().rest()).isEmpty();
        rig.retireNow();

        assertThat(client.connection().rest()).isEmpty();
        rig.awaitClosed();
    }

    @Test
    void theSoonerTimeCounts() throws Exception {
        rig.on(tunnel -> tunnel.retire(100));
        rig.on(tunnel -> tunnel.retire(10));
        rig.on(tunnel -> tunnel.retire(1000));
        rig.pass(9);
        client.send(TEXT, "still here");
        assertThat(server.read().payload()).isEqualTo("still here");
        rig.pass(3);

        assertMovedOn(server.read(), true);
        rig.on(tunnel -> tunnel.retire(0));
        rig.pass(2);
        assertMovedOn(client.read(), false);
        answerBoth();
    }

    @Test
    void staysWhenItNeedNotMoveAfterAll() throws Exception {
        rig.on(tunnel -> tunnel.retire(10));
        rig.pass(9);
        rig.on(Tunnel::cancelRetire);
        rig.pass(1000);
        client.send(TEXT, "still here");
        assertThat(server.read().payload()).isEqualTo("still here");
        rig.retireNow();

        assertMovedOn(client.read(), false);
        assertMovedOn(server.read(), true);
        rig.on(Tunnel::cancelRetire);
        answerBoth();
    }
}
