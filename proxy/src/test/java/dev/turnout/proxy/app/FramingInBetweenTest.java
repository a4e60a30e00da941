package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.Transport;
import dev.turnout.proxy.testkit.Configs;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawUpstream;
import dev.turnout.proxy.testkit.RecordingUpstream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers that come before their request is over: what follows of the client is never taken for a request. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
@ExtendWith(LeakCheck.class)
class FramingInBetweenTest {
    private static final String INNOCENT = "GET /innocent HTTP/1.1\r\nHost: a\r\n\r\n";

    @TempDir
    private Path stateDir;

    /** Columns: how the body is announced, what the endpoint answers before it came. */
    @ParameterizedTest(name = "row 19, 21: {0}, {1}")
    @CsvSource({"Content-Length: 1000,200 OK", "Content-Length: 1000,413 Content Too Large",
        "Transfer-Encoding: chunked,200 OK",
        "Expect: 100-continue|Content-Length: 1000,417 Expectation Failed",
        "Expect: 100-continue|Content-Length: 1000,200 OK"})
    void anAnswerBeforeTheBodyEndsBothConnections(String fields, String status) throws IOException {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (RawUpstream upstream = new RawUpstream((connection, number) -> {
            heard.add(connection.head());
            connection.send("HTTP/1.1 " + status + "\r\nContent-Length: 2\r\n\r\nok");
            heard.add(connection.rest());
        });
                Turnout turnout = Turnout
                        .start(Configs.oneRoute(stateDir, Transport.AUTO, List.of(upstream.port()),
                                List.of(1), false));
                RawConnection client = RawConnection.to(turnout.address(Configs.ROUTE))) {
            client.send(
                    "POST /suspicious HTTP/1.1\r\nHost: a\r\n" + fields.replace("|", "\r\n") + "\r\n\r\n");
            String answer = client.message();
            // A client that thinks the exchange is over, where the proxy still owes the endpoint a body.
            client.send(INNOCENT);

            assertThat(RecordingUpstream.withoutAdded(answer))
                    .isEqualTo("HTTP/1.1 " + status + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
            assertThat(client.rest()).as("no second answer").isEmpty();
            assertThat(next(heard)).startsWith("POST /suspicious ");
            assertThat(next(heard)).as("nothing that could pass for a request").isEmpty();
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    private static String next(BlockingQueue<String> heard) throws IOException {
        try {
            return heard.take();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
