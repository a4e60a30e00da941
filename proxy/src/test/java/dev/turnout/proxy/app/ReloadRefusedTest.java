package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.admin.ReloadControl.Result;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A file that cannot take effect changes nothing at all, and nobody who sends requests notices. */
@ExtendWith(LeakCheck.class)
class ReloadRefusedTest {
    @RegisterExtension
    private final Rig rig = new Rig();
    private TwoSides sides;
    private Operator operator;
    private RawConnection client;
    private JsonNode before;

    @BeforeEach
    void start() throws Exception {
        sides = new TwoSides(rig);
        rig.startFile(sides.route("shop", "split.green = 5%, split.cohort.header = x-user")
                + sides.route("cart", ""));
        operator = rig.closing(new Operator(rig.turnout().admin()));
        operator.split("cart", 10);
        operator.ask("PUT", "/routes/shop/targets/blue/endpoints/127.0.0.1:2", "{\"state\":\"active\"}");
        client = rig.client("cart");
        TwoSides.ask(client, TwoSides.GET);
        before = operator.routes();
    }

    private void assertNothingChanged() throws Exception {
        assertThat(operator.routes()).isEqualTo(before);
        assertThat(TwoSides.ask(client, TwoSides.GET)).startsWith("HTTP/1.1 200 OK\r\n");
        assertThat(operator.get("/audit").size()).as("what operators did before").isEqualTo(2);
        HttpResponse<String> next = operator.split("cart", 20);
        assertThat(next.statusCode()).as("changes go on").isEqualTo(200);
        assertThat(Operator.json(next).path("version").asLong()).isEqualTo(3);
    }

    @Test
    void anInvalidFile() throws Exception {
        Result result = rig
                .reload(sides.route("shop", "split.green = 101%\nlistenn = x") + sides.route("cart", ""));

        assertThat(result).isInstanceOfSatisfying(Result.Invalid.class,
                invalid -> assertThat(invalid.problems()).hasSize(2)
                        .anyMatch(problem -> problem.contains("listenn"))
                        .anyMatch(problem -> problem.contains("101%")));
        HttpResponse<String> asked = operator.ask("POST", "/reload", "");
        assertThat(asked.statusCode()).isEqualTo(422);
        assertThat(Operator.json(asked).path("problems").size()).isEqualTo(2);
        assertNothingChanged();
        assertThat(rig.metric("turnout_reloads_total{result=\"invalid\"}")).isEqualTo(2);
    }

    @Test
    void anAddressThatSomebodyElseListensOn() throws Exception {
        ServerSocket taken = rig.closing(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        String address = "127.0.0.1:" + taken.getLocalPort();
        InetSocketAddress free = TwoSides.free();
        String next = sides.route("shop", "split.green = 50%, blue.endpoints = [\"127.0.0.1:3\"]")
                + sides.route("new", TwoSides.text(free), "") + sides.route("cart", address, "");
        Result result = rig.reload(next);

        assertThat(result).isInstanceOfSatisfying(Result.Failed.class,
                failed -> assertThat(failed.why()).contains("listen: " + address).contains("in use"));
        assertThat(operator.ask("POST", "/reload", "").statusCode()).isEqualTo(409);
        assertNothingChanged();
        assertThat(accepts(free)).as("what was bound beside it is given back").isFalse();
        assertThat(rig.metric("turnout_reloads_total{result=\"failed\"}")).isEqualTo(2);
        assertThat(rig.metrics()).doesNotContain("route=\"new\"");
        taken.close();
        assertThat(rig.reload(next)).isInstanceOf(Result.Applied.class);
        assertThat(accepts(free)).isTrue();
    }

    private static boolean accepts(InetSocketAddress address) {
        try {
            RawConnection.to(address).close();
            return true;
        } catch (IOException refused) {
            return false;
        }
    }
}
