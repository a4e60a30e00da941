package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawUpstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that come before the answers to those before them, and what one answer may do to the next. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
@ExtendWith(LeakCheck.class)
class PipelinedTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String POISON = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";

    @RegisterExtension
    private final Rig rig = new Rig();

    /** So many bytes, head and body. */
    private static String answerOf(int bytes) {
        String pad = "HTTP/1.1 200 OK\r\nContent-Length: " + (bytes - 100) + "\r\nX-Pad: ";
        String head = pad + "p".repeat(100 - pad.length() - 4) + "\r\n\r\n";
        return head + "x".repeat(bytes - head.length());
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 1024, 2048, 4096, 8192})
    void doesNotTakeBytesBehindAnAnswerForTheNextOneWhenAReadEndsBetweenThem(int bytes) throws Exception {
        RawUpstream upstream = rig.upstream((connection, number) -> {
            connection.head();
            if (number == 1) {
                connection.send(answerOf(bytes) + POISON);
                connection.rest();
            }
            connection.send(OK);
            connection.rest();
        });
        rig.start(upstream);
        RawConnection client = rig.client();
        client.send(GET + GET);

        assertThat(client.message()).isEqualTo(answerOf(bytes));
        assertThat(client.message()).isEqualTo(OK);
    }

    @Test
    void answersARequestThatIsWholeWhenItsClientEndsBeforeTheEndpointIsConnected() throws Exception {
        rig.start(rig.upstream((connection, number) -> {
            connection.message();
            connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
        }));
        for (int i = 0; i < 100; i++) {
            RawConnection client = rig.client();
            client.send("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 9000\r\n\r\n"
                    + "b".repeat(9000));
            client.finish();

            assertThat(client.rest()).as("client %s", i).endsWith("ok");
        }
    }

    @Test
    void keepsAnAnswerThatTheClientHasNotReadYetWhenTheNextOneBreaksOff() throws Exception {
        String large = answerOf(90_000);
        rig.start(rig.upstream((connection, number) -> {
            connection.head();
            connection.send(large);
            connection.head();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
        }));
        RawConnection client = rig.closing(RawConnection.narrowTo(rig.address()));
        client.send(GET + GET);
        await().until(() -> rig
                .metric("turnout_requests_total{outcome=\"upstream_reset\",route=\"shop\",target=\"blue\"}") == 1);

        assertThat(client.rest()).isEqualTo(large + "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    }
}
