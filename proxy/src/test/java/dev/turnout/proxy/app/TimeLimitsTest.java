package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.turnout.proxy.testkit.Latches;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawUpstream;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of those who take too long, and of those who only take long. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
@ExtendWith(LeakCheck.class)
class TimeLimitsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @RegisterExtension
    private final Rig rig = new Rig();

    private double ended(String target, String outcome) throws Exception {
        return rig
                .metric("turnout_requests_total{outcome=\"" + outcome + "\",route=\"shop\",target=\"" + target
                        + "\"}");
    }

    @Test
    void closesAConnectionThatNeverSaysAnything() throws Exception {
        rig.route("timeouts.head = 200ms").start(RawUpstream.answering("ok"));

        assertThat(rig.client().rest()).as("nobody asked, so nobody is answered").isEmpty();
        await().until(() -> rig.metric("turnout_connections{route=\"shop\"}") == 0);
    }

    @Test
    void tells408ToWhoeverDoesNotFinishAHead() throws Exception {
        rig.route("timeouts.head = 300ms").start(RawUpstream.answering("ok"));
        RawConnection client = rig.client();
        client.send("GET / HTTP/1.1\r\nHo");

        assertThat(client.rest()).startsWith("HTTP/1.1 408 ").contains("Connection: close\r\n")
                .contains("request_timeout");
        assertThat(ended("none", "request_timeout")).isEqualTo(1);
    }

    @Test
    void closesAnIdleConnectionWithoutAWord() throws Exception {
        rig.route("timeouts.idle = 200ms").start(RawUpstream.answering("ok"));
        RawConnection client = rig.client();
        client.send(GET);

        assertThat(client.rest()).isEqualTo(OK);
    }

    @Test
    void tells408ToWhoeverDoesNotGoOnWithABody() throws Exception {
        rig.route("timeouts.request = 300ms").start(rig.upstream((connection, number) -> connection.rest()));
        RawConnection client = rig.client();
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");

        assertThat(client.rest()).startsWith("HTTP/1.1 408 ").contains("request_timeout");
        assertThat(ended("blue", "request_timeout")).isEqualTo(1);
    }

    @Test
    void tells504WhenTheEndpointIsSilentAndServesTheNextRequest() throws Exception {
        rig.route("timeouts.request = 300ms").start(rig.upstream((connection, number) -> {
            connection.head();
            if (number == 1) {
                connection.rest();
            }
            connection.send(OK);
        }));
        RawConnection client = rig.client();
        client.send(GET);
        assertThat(client.message()).startsWith("HTTP/1.1 504 ").contains("upstream_timeout");
        client.send(GET);

        assertThat(client.message()).isEqualTo(OK);
        assertThat(ended("blue", "upstream_timeout")).isEqualTo(1);
    }

    @Test
    void breaksOffAnAnswerThatDoesNotGoOn() throws Exception {
        rig.route("timeouts.request = 300ms").start(rig.upstream((connection, number) -> {
            connection.head();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            connection.rest();
        }));
        RawConnection client = rig.client();
        client.send(GET);
        client.head();

        assertThat(client.text(4)).isEqualTo("half");
        assertThat(client.rest()).as("ten bytes were announced").isEmpty();
        assertThat(ended("blue", "upstream_timeout")).isEqualTo(1);
    }

    @Test
    void letsALongAnswerTakeItsTimeAsLongAsItGoesOn() throws Exception {
        CountDownLatch[] steps = {new CountDownLatch(1), new CountDownLatch(1), new CountDownLatch(1)};
        rig.route("timeouts.request = 500ms").start(rig.upstream((connection, number) -> {
            connection.head();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n");
            for (CountDownLatch step : steps) {
                Latches.await(step);
                connection.send("x");
            }
        }));
        // Each step waits for the end of a short limit elsewhere, which is the clock of this test.
        Rig clock = new Rig(rig.stateDir().resolve("clock")).route("timeouts.head = 200ms");
        try (clock) {
            clock.start(RawUpstream.answering("ok"));
            RawConnection client = rig.client();
            client.send(GET);
            client.head();
            for (CountDownLatch step : steps) {
                clock.client().rest();
                step.countDown();
                assertThat(client.text(1)).isEqualTo("x");
            }
        }
    }

    @Test
    void doesNotKeepAnOriginConnectionThatTheEndpointIsAboutToClose() throws Exception {
        RawUpstream upstream = rig.upstream((connection, number) -> {
            while (true) {
                connection.head();
                connection.send("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\nok");
            }
        });
        rig.start(upstream);
        RawConnection client = rig.client();
        for (int i = 0; i < 3; i++) {
            client.send(GET);
            client.message();
        }

        assertThat(upstream.connections()).isEqualTo(3);
    }

    @Test
    void closesAnOriginConnectionThatNobodyUses() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        rig.route("timeouts.pool = 200ms").start(rig.upstream((connection, number) -> {
            connection.head();
            connection.send(OK);
            connection.rest();
            closed.countDown();
        }));
        RawConnection client = rig.client();
        client.send(GET);
        client.message();

        Latches.await(closed);
    }
}
