package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.turnout.proxy.testkit.Latches;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawUpstream;
import dev.turnout.proxy.testkit.TurnoutProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How a proxy ends that is told to. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
@ExtendWith(LeakCheck.class)
class DrainTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final Duration LONG = Duration.ofSeconds(20);

    @RegisterExtension
    private final Rig rig = new Rig();

    private CompletableFuture<Boolean> drain(Duration limit) {
        return CompletableFuture.supplyAsync(() -> rig.turnout().drain(limit));
    }

    @Test
    void finishesWhatIsUnderWayAndTellsTheClientToGoElsewhere() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        rig.start(rig.upstream((connection, number) -> {
            connection.head();
            asked.countDown();
            Latches.await(mayAnswer);
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        }));
        RawConnection client = rig.client();
        client.send(GET);
        Latches.await(asked);
        CompletableFuture<Boolean> drained = drain(LONG);
        while (accepts()) {
            Thread.onSpinWait();
        }
        mayAnswer.countDown();

        assertThat(client.rest())
                .isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        assertThat(drained.get(20, TimeUnit.SECONDS)).as("everything ended in time").isTrue();
    }

    private boolean accepts() {
        return accepts(rig.address());
    }

    private static boolean accepts(InetSocketAddress address) {
        try {
            RawConnection.to(address).close();
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    void closesIdleConnectionsAndAcceptsNoMore() throws Exception {
        rig.start(RawUpstream.answering("ok"));
        RawConnection idle = rig.client();
        idle.send(GET);
        idle.message();
        RawConnection silent = rig.client();
        await().until(() -> rig.metric("turnout_connections{route=\"shop\"}") == 2);

        assertThat(rig.turnout().drain(LONG)).isTrue();
        assertThat(idle.rest()).isEmpty();
        assertThat(silent.rest()).isEmpty();
        assertThatThrownBy(() -> rig.client()).isInstanceOf(IOException.class);
    }

    @Test
    void servesARequestThatWasUnderWayToAnIdleConnection() throws Exception {
        rig.start(RawUpstream.answering("ok"));
        RawConnection client = rig.client();
        client.send(GET);
        client.message();
        CompletableFuture<Boolean> drained = drain(LONG);
        while (accepts()) {
            Thread.onSpinWait();
        }
        client.send(GET);

        assertThat(client.rest()).startsWith("HTTP/1.1 200 OK\r\n").contains("Connection: close\r\n");
        assertThat(drained.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aProcessThatIsToldToEndAnswersFirst() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        RawUpstream upstream = rig.upstream((connection, number) -> {
            connection.head();
            asked.countDown();
            Latches.await(mayAnswer);
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        TurnoutProcess process = rig.closing(TurnoutProcess.start(rig.stateDir(), upstream.port(), 1));
        RawConnection client = rig.closing(RawConnection.to(process.address()));
        client.send(GET);
        Latches.await(asked);
        process.tellToEnd();
        while (accepts(process.address())) {
            Thread.onSpinWait();
        }
        mayAnswer.countDown();

        assertThat(client.rest()).endsWith("Connection: close\r\n\r\nok");
        assertThat(process.terminate()).as("ended by SIGTERM, not by a failure").isEqualTo(128 + 15);
    }

    @Test
    void leavesNoConnectionOpenWhenItIsClosed() throws Exception {
        CountDownLatch ended = new CountDownLatch(2);
        CountDownLatch asked = new CountDownLatch(1);
        rig.start(rig.upstream((connection, number) -> {
            if (connection.head().startsWith("GET /hangs")) {
                asked.countDown();
            } else {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
            connection.rest();
            ended.countDown();
        }));
        RawConnection idle = rig.client();
        idle.send(GET);
        idle.message();
        RawConnection busy = rig.client();
        // What may leave HTTP gets an origin connection of its own; the idle one stays idle.
        busy.send("GET /hangs HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
        Latches.await(asked);
        rig.turnout().close();

        Latches.await(ended);
        assertThat(idle.endsInOrder()).isTrue();
    }

    @Test
    void endsInTheEndWhateverIsStillOpen() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        rig.start(rig.upstream((connection, number) -> {
            connection.head();
            asked.countDown();
            connection.rest();
        }));
        RawConnection client = rig.client();
        client.send(GET);
        Latches.await(asked);

        assertThat(rig.turnout().drain(Duration.ofMillis(100))).as("the limit passed first").isFalse();
    }
}
