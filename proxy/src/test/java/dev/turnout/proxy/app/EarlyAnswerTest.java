package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawConnection;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Endpoints that answer before they have read the request. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
@ExtendWith(LeakCheck.class)
class EarlyAnswerTest {
    private static final String TOO_LARGE = "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\n"
            + "Content-Length: 3\r\n\r\nno!";

    @RegisterExtension
    private final Rig rig = new Rig();

    @Test
    void reachesTheClientAlsoWhenTheEndpointClosesWithTheBodyUnread() throws Exception {
        rig.start(rig.upstream((connection, number) -> {
            connection.head();
            connection.send(TOO_LARGE);
            // Closing with unread bytes resets the connection.
        }));
        for (int i = 0; i < 20; i++) {
            RawConnection client = rig.client();
            byte[] body = new byte[10 * 1024 * 1024];
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length + "\r\n\r\n");
            CompletableFuture<Void> upload = CompletableFuture.runAsync(() -> sendUntilRefused(client, body));

            assertThat(client.message()).as("upload %s", i).startsWith("HTTP/1.1 413 ").endsWith("no!");
            client.close();
            upload.join();
        }
    }

    private static void sendUntilRefused(RawConnection client, byte[] body) {
        try {
            client.send(body);
        } catch (IOException refused) {
            assert !refused.getMessage().isEmpty();
        }
    }
}
