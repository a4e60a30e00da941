package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawUpstream;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Both sides of an HTTP route may write to one database: the weight is the operator's to choose. */
@ExtendWith(LeakCheck.class)
class ScenarioOneWriterTest {
    private static final int WRITES = 400;

    @RegisterExtension
    private final Rig rig = new Rig();
    /** The one database: each write takes the next number. */
    private final AtomicInteger database = new AtomicInteger();

    /** A service that writes to the database, and answers with its name and the number of the write. */
    private RawUpstream service(String name) throws Exception {
        return rig.upstream((connection, number) -> {
            while (true) {
                connection.message();
                String row = name + " " + database.incrementAndGet();
                connection.send("HTTP/1.1 201 Created\r\nContent-Length: " + row.length() + "\r\n\r\n" + row);
            }
        });
    }

    @Test
    void aQuarterOfTheWritesGoThroughGreenAndNoneIsRefused() throws Exception {
        rig.startFile(
                "turnout.routes.shop { protocol = http, listen = \"127.0.0.1:0\", blue.endpoints = [\"127.0.0.1:"
                        + service("blue").port() + "\"], green.endpoints = [\"127.0.0.1:"
                        + service("green").port() + "\"] }");
        try (RigOperator operator = new RigOperator(rig)) {
            JsonNode split = operator.asks("PUT", "/routes/shop/split",
                    "{\"green\":25,\"reason\":\"canary\"}");
            assertThat(split.path("split").path("green").doubleValue()).as(split.toString()).isEqualTo(25.0);
        }
        RawConnection client = rig.client("shop");
        int green = 0;
        for (int write = 1; write <= WRITES; write++) {
            client.send("POST /orders HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}");
            String answer = client.message();
            assertThat(answer).startsWith("HTTP/1.1 201 ").endsWith(" " + write);
            green += answer.contains("green") ? 1 : 0;
        }

        assertThat(green).as("dealt out in proportion").isBetween(WRITES / 4 - 3, WRITES / 4 + 3);
        assertThat(database).hasValue(WRITES);
        assertThat(rig.metric("turnout_requests_total{outcome=\"2xx\",route=\"shop\",target=\"green\"}"))
                .isEqualTo(green);
        assertThat(rig.metric("turnout_requests_total")).isEqualTo(WRITES);
    }
}
