package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawUpstream;
import dev.turnout.proxy.testkit.TurnoutProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left when the process ends. */
class KillTest {
    private static final String SPLIT = "/api/v1/routes/shop/split";

    @TempDir
    private Path folder;

    @Test
    void keepsAChangeThatWasAcknowledgedRightBeforeTheKill() throws IOException, InterruptedException {
        try (RawUpstream blue = RawUpstream.answering("blue");
                RawUpstream green = RawUpstream.answering("green")) {
            try (TurnoutProcess turnout = TurnoutProcess.start(folder, blue.port(), green.port())) {
                turnout.admin("PUT", SPLIT, "{\"green\":12.5}");
                HttpResponse<String> acknowledged = turnout.admin("PUT", SPLIT,
                        "{\"green\":100,\"reason\":\"go\"}");
                turnout.kill();
                assertThat(acknowledged.statusCode()).isEqualTo(200);
            }
            try (TurnoutProcess again = TurnoutProcess.start(folder, blue.port(), green.port())) {
                assertThat(again.admin("GET", "/api/v1/routes/shop", "").body()).contains("\"green\":100.0",
                        "\"file\":0.0", "\"reason\":\"go\"", "\"version\":2");
                try (RawConnection client = RawConnection.to(again.address())) {
                    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                    assertThat(client.message()).endsWith("green");
                }
            }
        }
    }

    @Test
    void keepsEndpointsThatWereAcknowledgedRightBeforeTheKill() throws IOException, InterruptedException {
        String blue = "/api/v1/routes/shop/targets/blue/endpoints/";
        String acknowledged;
        try (TurnoutProcess turnout = TurnoutProcess.start(folder, 1, 2)) {
            turnout.admin("PUT", blue + "%5B::1%5D:3", "{\"state\":\"active\"}");
            turnout.admin("PUT", blue + "127.0.0.1:1", "{\"state\":\"drained\"}");
            turnout.admin("PUT", blue + "127.0.0.1:4", "{\"state\":\"active\"}");
            acknowledged = turnout.admin("DELETE", blue + "127.0.0.1:4", "").body();
            turnout.kill();
        }
        assertThat(acknowledged).contains("\"address\":\"[::1]:3\",\"state\":\"active\"",
                "\"address\":\"127.0.0.1:1\",\"state\":\"drained\"", "\"version\":4");
        try (TurnoutProcess again = TurnoutProcess.start(folder, 1, 2)) {
            assertThat(targets(again.admin("GET", "/api/v1/routes/shop", "").body()))
                    .isEqualTo(targets(acknowledged));
        }
    }

    private static String targets(String route) {
        return route.substring(route.indexOf("\"targets\"")).replaceAll("\"seconds\":[0-9.]+", "");
    }

    @Test
    void endsOnSigtermAndLeavesTheStateToTheNext() throws IOException, InterruptedException {
        for (int round = 0; round < 2; round++) {
            try (TurnoutProcess turnout = TurnoutProcess.start(folder, 1, 1)) {
                assertThat(turnout.terminate()).as("128 + SIGTERM").isEqualTo(143);
            }
        }
    }
}
