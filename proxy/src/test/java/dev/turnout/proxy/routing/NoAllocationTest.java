package dev.turnout.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.turnout.config.MatchConfig;
import dev.turnout.config.RuleConfig;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Deciding leaves nothing to collect: not a byte for each request. */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
class NoAllocationTest {
    private static final int REQUESTS = 10_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** A request whose values lie ready. */
    private record Ready(byte[] header, byte[] cookie, byte[] path) implements RequestFacts {
        private static int copy(byte[] value, byte[] into, int offset) {
            System.arraycopy(value, 0, into, offset, value.length);
            return value.length == 0 ? ABSENT : value.length;
        }

        @Override
        public int header(byte[] lowerCaseName, byte[] into, int offset) {
            return copy(header, into, offset);
        }

        @Override
        public int cookie(byte[] name, byte[] into, int offset) {
            return copy(cookie, into, offset);
        }

        @Override
        public int query(byte[] name, byte[] into, int offset) {
            return ABSENT;
        }

        @Override
        public int startup(byte[] lowerCaseName, byte[] into, int offset) {
            return ABSENT;
        }

        @Override
        public int method(byte[] into, int offset) {
            return copy(path, into, offset);
        }

        @Override
        public int path(byte[] into, int offset) {
            return copy(path, into, offset);
        }

        @Override
        public int host(byte[] into, int offset) {
            return copy(header, into, offset);
        }

        @Override
        public int client(byte[] into, int offset) {
            into[offset] = 10;
            return 4;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static long allocated(Runnable request) {
        request.run();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < REQUESTS; i++) {
            request.run();
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    private static void assertAllocatesNothing(Runnable request) {
        assertThat(allocated(request)).as("bytes for %s requests", REQUESTS).isLessThan(REQUESTS);
    }

    private static Runnable deciding(Split split, String cookie) {
        Decider decider = new Decider(4096, 0, new SplittableRandom(1)::nextLong);
        RoutingSnapshot snapshot = Routing.snapshot(split);
        Ready facts = new Ready(bytes("tenant-7"), bytes(cookie), bytes("/api/orders"));
        Decision decision = new Decision();
        return () -> decider.decide(snapshot, Routing.ROUTE, facts, decision);
    }

    private static List<RuleConfig> rules(RuleConfig last) {
        List<RuleConfig> rules = new ArrayList<>();
        for (int i = 100; i < 200; i++) {
            rules.add(Routing.rule(Routing.header("x-tenant", "tenant-" + i), Target.BLUE));
            rules.add(Routing.rule(Routing.path("/v" + i), Target.BLUE));
            rules.add(Routing.rule(Routing.client("11.0." + i + ".0/24"), Target.BLUE));
        }
        rules.add(last);
        return rules;
    }

    @Test
    void aRuleAllocatesNothing() {
        assertAllocatesNothing(deciding(Routing.split(Share.NONE,
                rules(Routing.rule(Routing.path("/api"), Target.GREEN)), Routing.NO_COHORT), ""));
    }

    @Test
    void aCohortAllocatesNothing() {
        RuleConfig rule = Routing.rule(Routing.path("/api"), new Share(10_000));
        assertAllocatesNothing(
                deciding(Routing.split(Share.NONE, rules(rule), Routing.cookie("uid")), "user-1"));
        assertAllocatesNothing(deciding(Routing.split(Share.NONE, Routing.clientAddress()), ""));
    }

    @Test
    void anIdThatIsMintedAllocatesNothing() {
        assertAllocatesNothing(deciding(Routing.split(Share.NONE, Routing.minted("uid")), ""));
    }

    @Test
    void dealingOutAllocatesNothing() {
        assertAllocatesNothing(deciding(Routing.split(new Share(10_000), Routing.NO_COHORT), ""));
    }

    @Test
    void findingARouteAllocatesNothing() {
        List<RouteTable.Entry<String>> entries = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            entries.add(new RouteTable.Entry<>(
                    new MatchConfig(Optional.empty(), Optional.of("/" + i), Map.of("x-tenant", "tenant-7")),
                    "r"));
        }
        entries.add(new RouteTable.Entry<>(MatchConfig.ANY, "rest"));
        RouteTable<String> table = RouteTable.of(entries);
        Scratch scratch = new Scratch(4096);
        Ready facts = new Ready(bytes("tenant-7"), bytes(""), bytes("/7/x"));
        assertAllocatesNothing(() -> table.find(facts, scratch));
    }
}
