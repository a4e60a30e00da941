package dev.turnout.bench.jmh;

import dev.turnout.config.CohortKey;
import dev.turnout.config.Share;
import dev.turnout.config.SplitConfig;
import dev.turnout.config.UnhealthyPolicy;
import dev.turnout.proxy.routing.Decider;
import dev.turnout.proxy.routing.Decision;
import dev.turnout.proxy.routing.RequestFacts;
import dev.turnout.proxy.routing.RoutingSnapshot;
import dev.turnout.proxy.routing.Split;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long a decision takes: by the hash of a user's cookie, and without a key. The cookie's value lies ready; to find
 * it in a head is not part of this.
 *
 * <pre>{@code
 * ./turnout version
 * "$JAVA_HOME/bin/java" -cp "$(cat bench/target/launcher.stamp)" org.openjdk.jmh.Main Decide
 * }</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgs = {"--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
    "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"})
public class DecideBenchmark {
    private static final String KEYED = "keyed";
    private static final String UNKEYED = "unkeyed";
    private static final int LONGEST_VALUE = 32 * 1024;

    private final RoutingSnapshot snapshot = new RoutingSnapshot(1, 0,
            Map.of(KEYED, route(Optional.of(new CohortKey.Cookie("uid"))), UNKEYED, route(Optional.empty())));
    private final Decider decider = new Decider(LONGEST_VALUE, 0);
    private final RequestFacts facts = new OneCookie(
            "8f14e45f-ceea-467f-a8d4-1c383cd30b7c".getBytes(StandardCharsets.US_ASCII));

    private static RoutingSnapshot.Route route(Optional<CohortKey> cohort) {
        Split split = Split
                .of(new SplitConfig(new Share(Share.WHOLE_PPM / 10), "shop", List.of(), cohort,
                        UnhealthyPolicy.FAIL));
        return new RoutingSnapshot.Route(split, 1);
    }

    @Benchmark
    public Decision byCookie() {
        return decider.decide(snapshot, KEYED, facts);
    }

    @Benchmark
    public Decision withoutKey() {
        return decider.decide(snapshot, UNKEYED, facts);
    }

    /** A request with this one cookie, whatever its name. */
    private static final class OneCookie implements RequestFacts {
        private final byte[] value;

        OneCookie(byte[] value) {
            this.value = value;
        }

        @Override
        public int header(byte[] lowerCaseName, byte[] into, int offset) {
            return ABSENT;
        }

        @Override
        public int cookie(byte[] name, byte[] into, int offset) {
            System.arraycopy(value, 0, into, offset, value.length);
            return value.length;
        }
    }
}
