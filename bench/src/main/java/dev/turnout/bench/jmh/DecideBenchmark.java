package dev.turnout.bench.jmh;

import dev.turnout.config.CohortConfig;
import dev.turnout.config.HostPattern;
import dev.turnout.config.MatchConfig;
import dev.turnout.config.RequestKey;
import dev.turnout.config.RequestMatch;
import dev.turnout.config.RuleConfig;
import dev.turnout.config.Share;
import dev.turnout.config.SplitConfig;
import dev.turnout.config.Target;
import dev.turnout.config.UnhealthyPolicy;
import dev.turnout.proxy.routing.Decider;
import dev.turnout.proxy.routing.Decision;
import dev.turnout.proxy.routing.RequestFacts;
import dev.turnout.proxy.routing.RouteTable;
import dev.turnout.proxy.routing.RoutingSnapshot;
import dev.turnout.proxy.routing.Scratch;
import dev.turnout.proxy.routing.Split;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long a decision takes: by the hash of a user's cookie, with a new id, without a key, behind rules; and to find the
 * route. What is asked of a request lies ready; to find it in a head is not part of this.
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
    private static final String ROUTE = "shop";
    private static final int LONGEST_VALUE = 32 * 1024;
    private static final Optional<CohortConfig> BY_COOKIE = cohort(false);

    private final Decider decider = new Decider(LONGEST_VALUE, 0, new SplittableRandom(1)::nextLong);
    private final Decision decision = new Decision();
    private final RequestFacts facts = new OneRequest("8f14e45f-ceea-467f-a8d4-1c383cd30b7c");
    private final RequestFacts newUser = new OneRequest("");

    private final RoutingSnapshot keyed = snapshot(BY_COOKIE, List.of());
    private final RoutingSnapshot minting = snapshot(cohort(true), List.of());
    private final RoutingSnapshot unkeyed = snapshot(Optional.empty(), List.of());

    private static Optional<CohortConfig> cohort(boolean mint) {
        return Optional.of(new CohortConfig(new RequestKey.Cookie("uid"), mint));
    }

    private static RoutingSnapshot snapshot(Optional<CohortConfig> cohort, List<RuleConfig> rules) {
        Split split = Split
                .of(new SplitConfig(new Share(Share.WHOLE_PPM / 10), "shop", List.of(), rules, cohort,
                        Optional.empty(),
                        UnhealthyPolicy.FAIL));
        return new RoutingSnapshot(1, 0,
                Map.of(ROUTE, new RoutingSnapshot.Route(split, Optional.empty(), 1)));
    }

    private Decision decide(RoutingSnapshot snapshot, RequestFacts request) {
        decider.decide(snapshot, ROUTE, request, decision);
        return decision;
    }

    @Benchmark
    public Decision byCookie() {
        return decide(keyed, facts);
    }

    @Benchmark
    public Decision withANewId() {
        return decide(minting, newUser);
    }

    @Benchmark
    public Decision withoutKey() {
        return decide(unkeyed, facts);
    }

    /** By cookie, behind rules of which the last or none matches. */
    @State(Scope.Thread)
    public static class Rules {
        @Param({"1", "100"})
        public int rules;

        @Param({"paths", "headers", "mixed"})
        public String what = "";

        @Param({"true", "false"})
        public boolean lastMatches;

        private @Nullable RoutingSnapshot snapshot;

        /** Numbers count down to 0, which only the last one has; the request has 0, or what no rule has. */
        RoutingSnapshot current() {
            if (snapshot == null) {
                List<RuleConfig> list = IntStream.range(0, rules).map(i -> rules - 1 - i)
                        .mapToObj(i -> rule(i == 0 && !lastMatches ? 1000 : i)).toList();
                snapshot = DecideBenchmark.snapshot(BY_COOKIE, list);
            }
            return snapshot;
        }

        private RuleConfig rule(int number) {
            return new RuleConfig(switch (what) {
                case "paths" -> path(number);
                case "headers" -> header(number);
                default -> number % 2 == 0 ? all(number) : number % 3 == 0 ? header(number) : path(number);
            }, new RuleConfig.Then.To(Target.GREEN), false);
        }

        private static RequestMatch path(int number) {
            return new RequestMatch(Set.of(), List.of(), Optional.of("/api/orders/" + number), Map.of(),
                    Map.of(), Map.of(),
                    List.of());
        }

        private static RequestMatch header(int number) {
            return new RequestMatch(Set.of(), List.of(), Optional.empty(),
                    Map.of("x-tenant", "tenant-" + number),
                    Map.of(), Map.of(), List.of());
        }

        private static RequestMatch all(int number) {
            return new RequestMatch(Set.of("GET", "HEAD"), List.of(new HostPattern("example", true)),
                    Optional.of("/api/orders/" + number), Map.of("x-tenant", "tenant-" + number), Map.of(),
                    Map.of(),
                    List.of());
        }
    }

    @Benchmark
    public Decision behindRules(Rules rules) {
        return decide(rules.current(), facts);
    }

    /** Many routes on one listener. */
    @State(Scope.Thread)
    public static class Routes {
        @Param({"1", "1000"})
        public int routes;

        @Param({"hosts", "prefixes"})
        public String what = "";

        private final Scratch scratch = new Scratch(LONGEST_VALUE);
        private @Nullable RouteTable<Integer> table;

        RouteTable<Integer> table() {
            if (table == null) {
                IntFunction<MatchConfig> match = what.equals("hosts") ? Routes::host : Routes::prefix;
                table = RouteTable.of(IntStream.range(0, routes)
                        .mapToObj(i -> new RouteTable.Entry<>(match.apply(i), i)).toList());
            }
            return table;
        }

        private static MatchConfig host(int number) {
            return new MatchConfig(Optional.of(new HostPattern("shop-" + number + ".example", false)),
                    Optional.empty(), Map.of());
        }

        private static MatchConfig prefix(int number) {
            return new MatchConfig(Optional.of(new HostPattern("shop-0.example", false)),
                    Optional.of("/api/orders/" + number), Map.of());
        }
    }

    @Benchmark
    public @Nullable Integer route(Routes routes) {
        return routes.table().find(facts, routes.scratch);
    }

    /** {@code GET /api/orders/0/items} for shop-0.example, with one header and one cookie, whatever their names. */
    private static final class OneRequest implements RequestFacts {
        private final byte[] method = bytes("GET");
        private final byte[] path = bytes("/api/orders/0/items");
        private final byte[] host = bytes("shop-0.example");
        private final byte[] header = bytes("tenant-0");
        private final byte[] cookie;

        OneRequest(String cookie) {
            this.cookie = bytes(cookie);
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }

        private static int copy(byte[] value, byte[] into, int offset) {
            System.arraycopy(value, 0, into, offset, value.length);
            return value.length;
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
        public int startup(byte[] lowerCaseName, byte[] into, int offset) {
            return ABSENT;
        }

        @Override
        public int query(byte[] name, byte[] into, int offset) {
            return ABSENT;
        }

        @Override
        public int method(byte[] into, int offset) {
            return copy(method, into, offset);
        }

        @Override
        public int path(byte[] into, int offset) {
            return copy(path, into, offset);
        }

        @Override
        public int host(byte[] into, int offset) {
            return copy(host, into, offset);
        }

        @Override
        public int client(byte[] into, int offset) {
            into[offset] = 10;
            into[offset + 1] = 0;
            into[offset + 2] = 0;
            into[offset + 3] = 1;
            return 4;
        }
    }
}
