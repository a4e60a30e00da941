package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.admin.ReloadControl;
import dev.turnout.admin.cli.ExitCode;
import dev.turnout.admin.cli.Main;
import dev.turnout.proxy.testkit.Configs;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawUpstream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Both sides of an HTTP route may write to one database: the weight is the operator's to choose. A PostgreSQL route whose
 * green is a replica has one writer.
 */
@ExtendWith(LeakCheck.class)
class ScenarioOneWriterTest {
    private static final int WRITES = 400;

    @RegisterExtension
    static final PgSides sides = new PgSides();
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

    private int turnout(StringWriter err, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--admin", rig.turnout().admin().toString(), "--token", Configs.TOKEN));
        return Main.commandLine().setErr(new PrintWriter(err, true)).execute(all.toArray(String[]::new));
    }

    @Test
    void aWeightThatWouldSendWritesToAReplicaIsRefusedWithWhatToDoInstead() throws Exception {
        rig.startFile(sides.route("data = replicated"));
        Operator operator = rig.closing(new Operator(rig.turnout().admin()));
        HttpResponse<String> split = operator.split("db", 25);
        assertThat(split.statusCode()).isEqualTo(409);
        assertThat(Operator.json(split).path("code").asText()).isEqualTo("one_writer");
        assertThat(Operator.json(split).path("detail").asText()).contains("read-only = true", "cutover",
                "shared",
                "independent");
        assertThat(operator.drain("db", "blue", "1s").statusCode()).isEqualTo(409);
        StringWriter err = new StringWriter();
        int refused = turnout(err, "split", "db", "green=25%");
        assertThat(refused).as(err.toString()).isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString()).contains("read-only = true", "cutover", "shared or independent");
        assertThat(turnout(err, "drain", "db", "blue")).isEqualTo(ExitCode.REFUSED);
        for (int i = 0; i < 8; i++) {
            assertThat(sides.sideOf(rig, PgSides.APP)).isEqualTo("blue");
        }
        assertThat(operator.drain("db", "green", "5s").statusCode()).as("nobody writes there").isEqualTo(200);
    }

    @Test
    void aShareOfTheReadsGoesToTheReplicaAndNoWriterDoes() throws Exception {
        rig.startFile(sides
                .route("data = replicated, rules = [ { when { user = side_report }, read-only = true } ]"));
        Operator operator = rig.closing(new Operator(rig.turnout().admin()));
        assertThat(operator.split("db", 100).statusCode()).isEqualTo(200);
        assertThat(sides.sideOf(rig, PgSides.REPORT)).isEqualTo("green");
        assertThat(sides.sideOf(rig, PgSides.APP)).isEqualTo("blue");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "independent"})
    void whoeverSaysWhatTheSidesAreToEachOtherMayChoose(String data) throws Exception {
        rig.startFile(sides.route("data = " + data));
        Operator operator = rig.closing(new Operator(rig.turnout().admin()));
        assertThat(operator.split("db", 100).statusCode()).isEqualTo(200);
        assertThat(sides.sideOf(rig, PgSides.APP)).isEqualTo("green");
        assertThat(operator.drain("db", "green", "5s").statusCode()).isEqualTo(200);
        assertThat(sides.sideOf(rig, PgSides.APP)).isEqualTo("blue");
    }

    @ParameterizedTest
    @ValueSource(strings = {"split.green = 5%", "rules = [ { when { user = a }, to = green } ]",
        "rules = [ { when { user = a }, split = 5% } ]",
        "split.overrides = [ { startup-option = turnout.target, value = green, to = green } ]"})
    void norMayAFileSendThemAcrossAtTheStartOrLater(String line) throws Exception {
        assertThatThrownBy(() -> rig.startFile(sides.route("data = replicated\n" + line)))
                .hasMessageContaining("data = replicated").hasMessageContaining("shared or independent");
        rig.startFile(sides.route("data = replicated"));
        assertThat(rig.reload(sides.route("data = replicated\n" + line)))
                .isInstanceOf(ReloadControl.Result.Invalid.class);
        assertThat(sides.sideOf(rig, PgSides.APP)).isEqualTo("blue");
    }
}
