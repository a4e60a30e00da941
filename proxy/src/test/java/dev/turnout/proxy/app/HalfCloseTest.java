package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.turnout.config.Transport;
import dev.turnout.proxy.testkit.Latches;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawConnection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that have said everything, and wait for their answers. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
@ExtendWith(LeakCheck.class)
class HalfCloseTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @RegisterExtension
    private final Rig rig = new Rig();

    @ParameterizedTest
    @EnumSource(Transport.class)
    void answersEverythingThatWasAskedBeforeTheEnd(Transport transport) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        rig.top("turnout.transport = " + transport.label()).start(rig.upstream((connection, number) -> {
            while (true) {
                connection.head();
                Latches.await(ended);
                connection.send(OK);
            }
        }));
        RawConnection client = rig.client();
        client.send(GET + GET + GET);
        client.finish();
        // The end has long arrived when another client has been served after it.
        rig.client().send(GET);
        ended.countDown();

        assertThat(client.rest()).isEqualTo(OK + OK + OK);
    }

    @Test
    void letsGoOfARequestThatWillNeverBeWhole() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        rig.start(rig.upstream((connection, number) -> {
            connection.head();
            begun.countDown();
            connection.rest();
            gone.countDown();
        }));
        RawConnection client = rig.client();
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
        Latches.await(begun);
        client.finish();

        assertThat(client.rest()).isEmpty();
        Latches.await(gone);
        await().until(() -> rig.metric(
                "turnout_requests_total{outcome=\"client_abort\",route=\"shop\",target=\"blue\"}") == 1);
    }

    @Test
    void closesWhenTheClientEndsInsideAHead() throws Exception {
        rig.start(rig.upstream((connection, number) -> connection.rest()));
        RawConnection client = rig.client();
        client.send("GET / HTT");
        client.finish();

        assertThat(client.rest()).isEmpty();
        await().until(() -> rig.metric("turnout_connections{route=\"shop\"}") == 0);
    }

    @Test
    void closesAnIdleConnectionThatTheClientEnds() throws Exception {
        rig.start(rig.upstream((connection, number) -> {
            connection.head();
            connection.send(OK);
            connection.rest();
        }));
        RawConnection client = rig.client();
        client.send(GET);
        client.message();
        client.finish();

        assertThat(client.rest()).isEmpty();
        await().until(() -> rig.metric("turnout_connections{route=\"shop\"}") == 0);
    }

    @Test
    void answersEachOfThemAlsoWhenTheProxyDoesSoItself() throws Exception {
        rig.start(List.of("nowhere.invalid:80"));
        RawConnection client = rig.client();
        client.send(GET + GET + GET);
        client.finish();

        assertThat(client.rest().split("HTTP/1.1 503 ", -1)).hasSize(4);
    }
}
