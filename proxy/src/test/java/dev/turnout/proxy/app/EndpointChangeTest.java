package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.testkit.Configs;
import dev.turnout.proxy.testkit.Latches;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawUpstream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does to an endpoint, and what requests see of it. */
@ExtendWith(LeakCheck.class)
class EndpointChangeTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String ACTIVE = "{\"state\":\"active\"}";
    private static final String DRAINED = "{\"state\":\"drained\"}";

    @TempDir
    private Path stateDir;
    private Rig rig;
    private RawUpstream one;
    private RawUpstream two;

    @BeforeEach
    void make() throws IOException {
        rig = new Rig(stateDir);
        one = rig.closing(RawUpstream.answering("one"));
        two = rig.closing(RawUpstream.answering("two"));
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    /** The answer's body; the change was applied. */
    private String change(String method, RawUpstream endpoint, String body) throws Exception {
        URI uri = rig.turnout().admin().resolve("/api/v1/routes/" + Configs.ROUTE
                + "/targets/blue/endpoints/127.0.0.1:" + endpoint.port());
        try (HttpClient client = HttpClient.newHttpClient()) {
            var response = client.send(HttpRequest.newBuilder(uri)
                    .header("Authorization", "Bearer " + Configs.TOKEN)
                    .header("Content-Type", "application/json")
                    .method(method, BodyPublishers.ofString(body))
                    .build(), BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return response.body();
        }
    }

    private Set<String> whoAnswers() throws IOException {
        Set<String> seen = new HashSet<>();
        RawConnection client = rig.client();
        for (int request = 0; request < 40; request++) {
            client.send(GET);
            String answer = client.message();
            seen.add(answer.substring(answer.length() - 3));
        }
        return seen;
    }

    @Test
    void aDrainedEndpointGetsNoNewRequestsAndAnActivatedOneGetsThemAgain() throws Exception {
        rig.start(one, two);
        assertThat(whoAnswers()).containsExactlyInAnyOrder("one", "two");
        change("PUT", one, DRAINED);
        assertThat(whoAnswers()).as("not one more after the acknowledgement").containsExactly("two");
        change("PUT", one, ACTIVE);
        change("PUT", two, DRAINED);
        assertThat(whoAnswers()).containsExactly("one");
    }

    @Test
    void anAddedEndpointServesAndARemovedOneDoesNot() throws Exception {
        rig.start(one);
        change("PUT", two, ACTIVE);
        change("DELETE", one, "");
        assertThat(whoAnswers()).containsExactly("two");
        change("PUT", one, ACTIVE);
        change("DELETE", two, "");
        assertThat(whoAnswers()).containsExactly("one");
    }

    @Test
    void aRequestUnderWayOnADrainedEndpointIsCountedAndEnds() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        RawUpstream slow = rig.upstream((connection, number) -> {
            connection.message();
            asked.countDown();
            Latches.await(mayAnswer);
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow");
        });
        rig.start(slow);
        RawConnection client = rig.client();
        client.send(GET);
        Latches.await(asked);
        change("PUT", two, ACTIVE);
        assertThat(change("PUT", slow, DRAINED)).contains("\"address\":\"127.0.0.1:" + slow.port()
                + "\",\"state\":\"drained\",\"healthy\":true,\"inFlight\":1,\"origin\":\"file\"");
        assertThat(whoAnswers()).containsExactly("two");
        mayAnswer.countDown();
        assertThat(client.message()).endsWith("slow");
    }

    @Test
    void aRestartKeepsADrainedEndpointFromRequests() throws Exception {
        rig.start(one, two);
        change("PUT", one, DRAINED);
        rig.turnout().close();
        rig.start(one, two);
        assertThat(whoAnswers()).containsExactly("two");
    }
}
