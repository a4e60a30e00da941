package dev.turnout.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.CohortKey;
import dev.turnout.config.HeaderOverride;
import dev.turnout.config.Share;
import dev.turnout.config.SplitConfig;
import dev.turnout.config.Target;
import dev.turnout.config.UnhealthyPolicy;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which rung decides. */
class LadderTest {
    private static final HeaderOverride TO_BLUE = new HeaderOverride("X-Canary", "no", Target.BLUE);
    private static final HeaderOverride TO_GREEN = new HeaderOverride("X-Canary", "Yes", Target.GREEN);
    private static final Optional<CohortKey> COOKIE = Optional.of(new CohortKey.Cookie("uid"));
    private static final Optional<CohortKey> HEADER = Optional.of(new CohortKey.Header("X-User"));

    private static Decision decide(Share green, Optional<CohortKey> cohort, FakeFacts facts) {
        Split split = Split
                .of(new SplitConfig(green, "shop", List.of(TO_BLUE, TO_GREEN), cohort, UnhealthyPolicy.FAIL));
        return split.decide(facts, new byte[4096], 0);
    }

    private static Decision decide(Optional<CohortKey> cohort, FakeFacts facts) {
        return decide(Share.ALL, cohort, facts);
    }

    @Test
    void anOverrideBeatsTheCohort() {
        FakeFacts facts = new FakeFacts().header("x-canary", "no").cookie("uid", "1");
        assertThat(decide(COOKIE, facts)).isEqualTo(Decision.of(Target.BLUE, Rung.OVERRIDE));
    }

    @Test
    void anOverrideBeatsTheWeight() {
        assertThat(decide(Share.NONE, Optional.empty(), new FakeFacts().header("x-canary", "Yes")))
                .isEqualTo(Decision.of(Target.GREEN, Rung.OVERRIDE));
    }

    @Test
    void theFirstOverrideThatMatchesDecides() {
        HeaderOverride other = new HeaderOverride("x-canary", "Yes", Target.BLUE);
        Split split = Split
                .of(new SplitConfig(Share.ALL, "shop", List.of(TO_GREEN, other), Optional.empty(),
                        UnhealthyPolicy.FAIL));
        assertThat(split.decide(new FakeFacts().header("x-canary", "Yes"), new byte[64], 0).target())
                .isEqualTo(Target.GREEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "Ye", "Yes ", "Yess", "", "No", "Yes, Yes"})
    void anOverrideWantsExactlyItsValue(String value) {
        assertThat(decide(Optional.empty(), new FakeFacts().header("x-canary", value)).rung())
                .as("nobody is forced by a value that only resembles the one that was agreed")
                .isEqualTo(Rung.UNKEYED);
    }

    @Test
    void anOverrideIsNoCookie() {
        assertThat(decide(Optional.empty(), new FakeFacts().cookie("X-Canary", "Yes")).rung())
                .isEqualTo(Rung.UNKEYED);
    }

    @Test
    void aCookieMakesACohort() {
        assertThat(decide(COOKIE, new FakeFacts().cookie("uid", "1")))
                .isEqualTo(Decision.of(Target.GREEN, Rung.COHORT));
    }

    @Test
    void aHeaderMakesACohortWhateverTheLettersOfItsName() {
        assertThat(decide(HEADER, new FakeFacts().header("x-user", "1")).rung()).isEqualTo(Rung.COHORT);
    }

    @Test
    void theLettersOfACookieNameMatter() {
        assertThat(decide(COOKIE, new FakeFacts().cookie("UID", "1")).rung()).isEqualTo(Rung.UNKEYED);
    }

    @Test
    void aMissingKeyIsDealtOut() {
        assertThat(decide(HEADER, new FakeFacts()).rung()).isEqualTo(Rung.UNKEYED);
    }

    @Test
    void anEmptyKeyIsDealtOut() {
        assertThat(decide(COOKIE, new FakeFacts().cookie("uid", "")).rung())
                .as("all who have no id yet would be one user")
                .isEqualTo(Rung.UNKEYED);
    }

    @Test
    void aCookieIsNoHeader() {
        assertThat(decide(COOKIE, new FakeFacts().header("uid", "1")).rung()).isEqualTo(Rung.UNKEYED);
    }

    @Test
    void aKeyIsNotMixedUpWithWhatWasComparedBefore() {
        byte[] scratch = new byte[4096];
        Split split = Split.of(
                new SplitConfig(new Share(500_000), "shop", List.of(TO_GREEN), HEADER, UnhealthyPolicy.FAIL));
        Target alone = split.decide(new FakeFacts().header("x-user", "user-7"), scratch, 0).target();
        FakeFacts withNoise = new FakeFacts().header("x-canary", "z".repeat(300)).header("x-user", "user-7");
        assertThat(split.decide(withNoise, scratch, 0).target()).isEqualTo(alone);
    }

    @Test
    void aNewShareKeepsTheLadder() {
        Split split = Split
                .of(new SplitConfig(Share.NONE, "shop", List.of(TO_BLUE), COOKIE, UnhealthyPolicy.FAIL))
                .withGreen(Share.ALL);
        assertThat(split.decide(new FakeFacts().cookie("uid", "1"), new byte[64], 0))
                .isEqualTo(Decision.of(Target.GREEN, Rung.COHORT));
    }

    @Test
    void aDecisionTakesTheLongestSaltAndValue() {
        Split split = Split
                .of(new SplitConfig(Share.ALL, "s".repeat(128), List.of(), HEADER, UnhealthyPolicy.FAIL));
        RoutingSnapshot snapshot = RoutingDealTest.snapshot("r", split);
        assertThat(new Decider(100, 0)
                .decide(snapshot, "r", new FakeFacts().header("x-user", "k".repeat(100))).rung())
                .isEqualTo(Rung.COHORT);
    }
}
