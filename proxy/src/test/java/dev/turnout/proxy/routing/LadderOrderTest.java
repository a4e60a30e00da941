package dev.turnout.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.CohortConfig;
import dev.turnout.config.ForcedSide;
import dev.turnout.config.RuleConfig;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Of every two rungs that want different sides the stronger decides. */
class LadderOrderTest {
    private static final Share HALF = new Share(500_000);
    private static final byte[] SALT = Routing.ROUTE.getBytes(StandardCharsets.US_ASCII);

    /** The rungs, the strongest first. Both kinds of rules are one rung, of which the first rule decides. */
    enum Step {
        // @formatter:off
        DRAINED(Rung.DRAINED),
        OVERRIDE(Rung.OVERRIDE),
        RULE(Rung.RULE),
        RULE_WITH_A_WEIGHT(Rung.RULE),
        COHORT(Rung.COHORT),
        UNKEYED(Rung.UNKEYED);
        // @formatter:on

        private final Rung rung;

        Step(Rung rung) {
            this.rung = rung;
        }
    }

    /** A route and a request in which only the steps that were named want anything. */
    private static final class Scene {
        private final List<ForcedSide> overrides = new ArrayList<>();
        private final List<RuleConfig> rules = new ArrayList<>();
        private final FakeFacts facts = new FakeFacts();
        private Optional<Target> drained = Optional.empty();
        private Optional<CohortConfig> cohort = Optional.empty();
        private long start;

        Scene wants(Step step, Target side) {
            switch (step) {
                case DRAINED -> drained = Optional.of(side.other());
                case OVERRIDE -> {
                    overrides.add(Routing.forced("x-canary", "1", side));
                    facts.header("x-canary", "1");
                }
                case RULE -> rules.add(Routing.rule(Routing.path("/"), side));
                case RULE_WITH_A_WEIGHT ->
                    rules.add(Routing.rule(Routing.path("/"), side == Target.GREEN ? Share.ALL : Share.NONE));
                case COHORT -> {
                    cohort = Routing.header("x-user");
                    facts.header("x-user", userOn(side));
                }
                case UNKEYED -> start = side == Target.GREEN ? Long.MIN_VALUE : 0;
            }
            return this;
        }

        private static String userOn(Target side) {
            return IntStream.range(0, 1000).mapToObj(i -> "user-" + i)
                    .filter(user -> Cohort.side(SALT, user.getBytes(StandardCharsets.US_ASCII), HALF) == side)
                    .findFirst().orElseThrow();
        }

        Decision decide() {
            Split split = Routing.split(HALF, Routing.ROUTE, overrides, rules, cohort);
            RoutingSnapshot snapshot = new RoutingSnapshot(1, 0,
                    Map.of(Routing.ROUTE, new RoutingSnapshot.Route(split, drained, 1)));
            return Routing.decide(new Decider(4096, start, () -> 0), snapshot, Routing.ROUTE, facts);
        }
    }

    static Stream<Arguments> pairs() {
        return Stream.of(Step.values()).flatMap(stronger -> Stream.of(Step.values())
                .filter(weaker -> stronger.compareTo(weaker) < 0)
                .flatMap(weaker -> Stream.of(Target.values())
                        .map(side -> Arguments.of(stronger, weaker, side))));
    }

    @ParameterizedTest(name = "{0} before {1}: {2}")
    @MethodSource("pairs")
    void theStrongerDecides(Step stronger, Step weaker, Target side) {
        Decision decision = new Scene().wants(stronger, side).wants(weaker, side.other()).decide();
        assertThat(decision.target()).isEqualTo(side);
        assertThat(decision.rung()).isEqualTo(stronger.rung);
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void aStepByItselfDecides(Step step) {
        for (Target side : Target.values()) {
            Decision decision = new Scene().wants(step, side).decide();
            assertThat(decision.target()).as("else the pairs above would show nothing").isEqualTo(side);
            assertThat(decision.rung()).isEqualTo(step.rung);
        }
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void anUnhealthySideGivesAwayWhateverWasDecided(Step step) {
        Decision decision = new Scene().wants(step, Target.BLUE).decide();
        decision.spill();
        assertThat(decision.target()).isEqualTo(Target.GREEN);
        assertThat(decision.rung()).isEqualTo(Rung.SPILL);
    }
}
