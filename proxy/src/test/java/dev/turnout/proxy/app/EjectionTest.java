package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawUpstream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Endpoints that fail request after request get no more of them, while others are there. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
@ExtendWith(LeakCheck.class)
class EjectionTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String EJECTIONS = "turnout_ejections_total{route=\"shop\",target=\"blue\"}";
    private static final String HEALTHY = "turnout_endpoints_healthy{route=\"shop\",target=\"blue\"}";
    /** Of two endpoints each is chosen about every other time, and two failures in a row are wanted. */
    private static final int MOST_REQUESTS = 100;

    @RegisterExtension
    private final Rig rig = new Rig();

    private void ejects(RawUpstream.Script failing) throws Exception {
        rig.route("timeouts.request = 100ms").route("health.eject.failures = 2")
                .start(rig.upstream(failing), rig.closing(RawUpstream.answering("ok")));
        for (int i = 0; i < MOST_REQUESTS && rig.metric(EJECTIONS) == 0; i++) {
            ask();
        }
        assertThat(rig.metric(EJECTIONS)).isEqualTo(1);
        assertThat(rig.metric(HEALTHY)).isEqualTo(1);
        for (int i = 0; i < 20; i++) {
            assertThat(ask()).startsWith("HTTP/1.1 200 ").endsWith("ok");
        }
    }

    private String ask() throws IOException {
        try (RawConnection client = RawConnection.to(rig.address())) {
            client.send(GET);
            client.finish();
            return client.rest();
        }
    }

    @Test
    void oneThatHangs() throws Exception {
        ejects((connection, number) -> connection.rest());
    }

    @Test
    void oneThatBreaksOffEachOfItsAnswers() throws Exception {
        ejects((connection, number) -> {
            connection.head();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
        });
    }

    @Test
    void oneThatSaysItCannotReachWhatItNeeds() throws Exception {
        ejects((connection, number) -> {
            while (true) {
                connection.head();
                connection.send("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
            }
        });
    }
}
