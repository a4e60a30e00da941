package dev.turnout.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.CohortConfig;
import dev.turnout.config.ForcedSide;
import dev.turnout.config.HostPattern;
import dev.turnout.config.RequestKey;
import dev.turnout.config.RequestMatch;
import dev.turnout.config.RuleConfig;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** There is room for whatever a request holds. */
class ScratchTest {
    private static final int LONGEST = 1000;
    private static final Split EVERY_FACT = Routing.split(new Share(500_000), "s".repeat(128), overrides(),
            rules(),
            Optional.of(new CohortConfig(new RequestKey.Cookie("uid"), true)));

    /** Every value is this long, although no head has room for two of them. */
    private record Filled(int length) implements RequestFacts {
        @Override
        public int header(byte[] lowerCaseName, byte[] into, int offset) {
            return fill(into, offset);
        }

        @Override
        public int cookie(byte[] name, byte[] into, int offset) {
            return fill(into, offset);
        }

        @Override
        public int query(byte[] name, byte[] into, int offset) {
            return fill(into, offset);
        }

        @Override
        public int startup(byte[] lowerCaseName, byte[] into, int offset) {
            return fill(into, offset);
        }

        @Override
        public int method(byte[] into, int offset) {
            return fill(into, offset);
        }

        @Override
        public int path(byte[] into, int offset) {
            return fill(into, offset);
        }

        @Override
        public int host(byte[] into, int offset) {
            return fill(into, offset);
        }

        @Override
        public int client(byte[] into, int offset) {
            Arrays.fill(into, offset, offset + 16, (byte) -1);
            return 16;
        }

        private int fill(byte[] into, int offset) {
            assertThat(into.length - offset).as("room that is promised for every value")
                    .isGreaterThanOrEqualTo(LONGEST);
            Arrays.fill(into, offset, offset + length, (byte) 'x');
            return length;
        }
    }

    private static List<ForcedSide> overrides() {
        List<ForcedSide> overrides = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            overrides
                    .add(new ForcedSide(new RequestKey.Cookie("c" + i), "v", Target.GREEN, List.of(), false));
        }
        return overrides;
    }

    private static List<RuleConfig> rules() {
        List<RuleConfig> rules = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            rules.add(Routing.rule(Routing.header("h" + i, "v".repeat(i + 1)), Target.GREEN));
            rules.add(Routing.rule(Routing.startup("s" + i, "v".repeat(i + 1)), Target.GREEN));
            rules.add(Routing.rule(new RequestMatch(Set.of(), List.of(), Optional.empty(), Map.of(),
                    Map.of("q" + i, "v"), Map.of(), List.of()), Target.GREEN));
        }
        rules.add(Routing.rule(Routing.path("/v"), Target.GREEN));
        rules.add(Routing.rule(Routing.client("2001:db8::/32"), Target.GREEN));
        rules.add(Routing.rule(Routing.client("0.0.0.0/0"), Target.GREEN));
        rules.add(
                Routing.rule(new RequestMatch(Set.of("GET"), List.of(), Optional.empty(), Map.of(), Map.of(),
                        Map.of(),
                        List.of()), Target.GREEN));
        rules.add(
                Routing.rule(new RequestMatch(Set.of(), List.of(new HostPattern("v", true)), Optional.empty(),
                        Map.of(), Map.of(), Map.of(), List.of()), Target.GREEN));
        return rules;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16, 17, LONGEST - 1, LONGEST})
    void everyFactFitsHoweverLongItIs(int length) {
        Decision decision = Routing.decide(new Decider(LONGEST, 0, () -> 0), Routing.snapshot(EVERY_FACT),
                Routing.ROUTE, new Filled(length));
        assertThat(decision.rung()).isEqualTo(Rung.COHORT);
    }

    static List<Optional<CohortConfig>> cohorts() {
        return List.of(Routing.header("h"), Routing.cookie("c"), Routing.minted("c"), Routing.query("q"),
                Routing.clientAddress());
    }

    @ParameterizedTest
    @MethodSource("cohorts")
    void everyKeyFitsBehindTheLongestSalt(Optional<CohortConfig> cohort) {
        Split split = Routing.split(Share.ALL, "s".repeat(128), List.of(), List.of(), cohort);
        Decider decider = new Decider(LONGEST, 0, () -> 0);
        assertThat(
                Routing.decide(decider, Routing.snapshot(split), Routing.ROUTE, new Filled(LONGEST)).rung())
                .isEqualTo(Rung.COHORT);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void anAddressAndANewIdFitWhereHeadsAreTiny(int longest) {
        FakeFacts facts = new FakeFacts().client("2001:db8:1234:1234:1234:1234:1234:1234");
        for (Optional<CohortConfig> cohort : List.of(Routing.clientAddress(), Routing.minted("c"))) {
            Split split = Routing.split(Share.ALL, "s".repeat(128), List.of(), List.of(), cohort);
            assertThat(
                    Routing.decide(new Decider(longest, 0, () -> 0), Routing.snapshot(split), Routing.ROUTE,
                            facts).rung())
                    .isEqualTo(Rung.COHORT);
        }
    }
}
