package dev.turnout.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.AddressRange;
import dev.turnout.config.CohortConfig;
import dev.turnout.config.ForcedSide;
import dev.turnout.config.RequestKey;
import dev.turnout.config.RuleConfig;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which rung decides. */
class LadderTest {
    private static final ForcedSide TO_BLUE = Routing.forced("X-Canary", "no", Target.BLUE);
    private static final ForcedSide TO_GREEN = Routing.forced("X-Canary", "Yes", Target.GREEN);
    private static final Optional<CohortConfig> COOKIE = Routing.cookie("uid");
    private static final Optional<CohortConfig> HEADER = Routing.header("X-User");

    private static final RuleConfig ALL_TO_GREEN = Routing.rule(Routing.path("/"), Target.GREEN);
    private static final RuleConfig ALL_BY_WEIGHT = Routing.rule(Routing.path("/"), Share.ALL);

    private static Split split(Share green, List<ForcedSide> overrides, Optional<CohortConfig> cohort) {
        return Routing.split(green, Routing.ROUTE, overrides, List.of(), cohort);
    }

    private static Decision decide(Share green, Optional<CohortConfig> cohort, FakeFacts facts) {
        return Routing.decide(split(green, List.of(TO_BLUE, TO_GREEN), cohort), facts);
    }

    private static Decision decide(Optional<CohortConfig> cohort, FakeFacts facts) {
        return decide(Share.ALL, cohort, facts);
    }

    private static void assertDecided(Decision decision, Target target, Rung rung) {
        assertThat(decision.rung()).isEqualTo(rung);
        assertThat(decision.target()).isEqualTo(target);
    }

    @Test
    void anOverrideBeatsTheCohort() {
        FakeFacts facts = new FakeFacts().header("x-canary", "no").cookie("uid", "1");
        assertDecided(decide(COOKIE, facts), Target.BLUE, Rung.OVERRIDE);
    }

    @Test
    void anOverrideBeatsTheWeight() {
        assertDecided(decide(Share.NONE, Optional.empty(), new FakeFacts().header("x-canary", "Yes")),
                Target.GREEN, Rung.OVERRIDE);
    }

    @Test
    void theFirstOverrideThatMatchesDecides() {
        ForcedSide other = Routing.forced("x-canary", "Yes", Target.BLUE);
        Split split = split(Share.ALL, List.of(TO_GREEN, other), Optional.empty());
        assertThat(Routing.decide(split, new FakeFacts().header("x-canary", "Yes")).target())
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
        assertDecided(decide(COOKIE, new FakeFacts().cookie("uid", "1")), Target.GREEN, Rung.COHORT);
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
        Decider decider = Routing.decider();
        RoutingSnapshot snapshot = Routing.snapshot(split(new Share(500_000), List.of(TO_GREEN), HEADER));
        FakeFacts plain = new FakeFacts().header("x-user", "user-7");
        Target alone = Routing.decide(decider, snapshot, Routing.ROUTE, plain).target();
        FakeFacts withNoise = new FakeFacts().header("x-canary", "z".repeat(300)).header("x-user", "user-7");
        assertThat(Routing.decide(decider, snapshot, Routing.ROUTE, withNoise).target()).isEqualTo(alone);
    }

    @Test
    void aNewShareKeepsTheLadder() {
        Split split = split(Share.NONE, List.of(TO_BLUE), COOKIE).withGreen(Share.ALL);
        assertDecided(Routing.decide(split, new FakeFacts().cookie("uid", "1")), Target.GREEN, Rung.COHORT);
    }

    @Test
    void aDecisionTakesTheLongestSaltAndValue() {
        RoutingSnapshot snapshot = Routing.snapshot(Routing.split(Share.ALL, "s".repeat(128), List.of(),
                List.of(), HEADER));
        FakeFacts facts = new FakeFacts().header("x-user", "k".repeat(100));
        assertThat(Routing.decide(new Decider(100, 0, () -> 0), snapshot, Routing.ROUTE, facts).rung())
                .isEqualTo(Rung.COHORT);
    }

    private static Decision decide(List<RuleConfig> rules, Optional<CohortConfig> cohort, FakeFacts facts) {
        return Routing.decide(Routing.split(Share.NONE, rules, cohort), facts);
    }

    private static ForcedSide from(String range) {
        return new ForcedSide(new RequestKey.Header("X-Canary"), "Yes", Target.GREEN,
                List.of(AddressRange.parse("192.168.0.0/16"), AddressRange.parse(range)), false);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.0/8,10.1.2.3,OVERRIDE", "10.0.0.0/8,11.1.2.3,UNKEYED",
        "10.0.0.0/8,192.168.1.1,OVERRIDE",
        "2001:db8::/32,2001:db8::1,OVERRIDE", "2001:db8::/32,10.0.0.1,UNKEYED"})
    void anOverrideCountsOnlyFromItsClients(String range, String client, Rung rung) {
        FakeFacts facts = new FakeFacts().header("x-canary", "Yes").client(client);
        assertThat(Routing.decide(split(Share.NONE, List.of(from(range)), Optional.empty()), facts).rung())
                .as("a header from elsewhere must not force a side").isEqualTo(rung);
    }

    @Test
    void aCookieForcesASide() {
        ForcedSide override = new ForcedSide(new RequestKey.Cookie("side"), "green", Target.GREEN, List.of(),
                false);
        Split split = split(Share.NONE, List.of(TO_BLUE, override), COOKIE);
        Decision decision = Routing.decide(split, new FakeFacts().cookie("side", "green").cookie("uid", "1"));
        assertDecided(decision, Target.GREEN, Rung.OVERRIDE);
        assertThat(decision.entry()).isOne();
        assertThat(Routing.decide(split, new FakeFacts().header("side", "green").cookie("uid", "1")).rung())
                .isEqualTo(Rung.COHORT);
    }

    @Test
    void theFirstRuleThatMatchesDecides() {
        List<RuleConfig> rules = List.of(Routing.rule(Routing.path("/other"), Target.BLUE), ALL_TO_GREEN,
                Routing.rule(Routing.path("/"), Target.BLUE));
        Decision decision = decide(rules, COOKIE, new FakeFacts().cookie("uid", "1"));
        assertDecided(decision, Target.GREEN, Rung.RULE);
        assertThat(decision.entry()).isOne();
        assertThat(decision.bucket()).isEqualTo(Decision.NONE);
    }

    @Test
    void aRuleWithAWeightLooksAtTheKey() {
        Decision decision = decide(List.of(ALL_BY_WEIGHT), COOKIE, new FakeFacts().cookie("uid", "1"));
        assertDecided(decision, Target.GREEN, Rung.RULE);
        assertThat(decision.entry()).isZero();
        assertThat(decision.bucket()).isEqualTo(Routing.decide(
                Routing.split(Share.NONE, COOKIE), new FakeFacts().cookie("uid", "1")).bucket())
                .isNotNegative();
    }

    @Test
    void aRuleWithAWeightDealsOutWhatHasNoKey() {
        Decision decision = decide(List.of(ALL_BY_WEIGHT), HEADER, new FakeFacts());
        assertDecided(decision, Target.GREEN, Rung.RULE);
        assertThat(decision.bucket()).isEqualTo(Decision.NONE);
    }

    @Test
    void aRuleWithAWeightMints() {
        Decision decision = decide(List.of(ALL_BY_WEIGHT), Routing.minted("uid"), new FakeFacts());
        assertDecided(decision, Target.GREEN, Rung.RULE);
        assertThat(decision.mintedName()).isEqualTo("uid".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void whatIsForcedMintsNothing() {
        assertThat(decide(List.of(ALL_TO_GREEN), Routing.minted("uid"), new FakeFacts()).mintedName())
                .isNull();
        assertThat(decide(Routing.minted("uid"), new FakeFacts().header("x-canary", "no")).mintedName())
                .isNull();
        RoutingSnapshot drained = new RoutingSnapshot(1, 0, Map.of("r", new RoutingSnapshot.Route(
                Routing.split(Share.ALL, Routing.minted("uid")), Optional.of(Target.GREEN), 1)));
        Decision decision = Routing.decide(Routing.decider(), drained, "r", new FakeFacts());
        assertThat(decision.mintedName()).isNull();
        assertDecided(decision, Target.BLUE, Rung.DRAINED);
    }

    @Test
    void aDecisionForgetsTheOneBefore() {
        RoutingSnapshot snapshot = Routing.snapshot(Routing.split(Share.NONE,
                List.of(Routing.rule(Routing.path("/admin"), Target.GREEN)), Routing.minted("uid")));
        Decider decider = Routing.decider();
        Decision decision = new Decision();
        decider.decide(snapshot, Routing.ROUTE, new FakeFacts(), decision);
        assertThat(decision.mintedName()).isNotNull();
        decider.decide(snapshot, Routing.ROUTE, new FakeFacts().path("/admin"), decision);
        assertThat(decision.mintedName()).isNull();
        assertThat(decision.bucket()).isEqualTo(Decision.NONE);
        decider.decide(snapshot, Routing.ROUTE, new FakeFacts().cookie("uid", "1"), decision);
        assertThat(decision.entry()).isEqualTo(Decision.NONE);
    }

    @Test
    void anEmptyCookieIsReplaced() {
        assertThat(Routing.decide(Routing.split(Share.ALL, Routing.minted("uid")),
                new FakeFacts().cookie("uid", "")).mintedName()).isNotNull();
    }

    @Test
    void aParameterMakesACohort() {
        FakeFacts facts = new FakeFacts().query("user", "user-1");
        Decision decision = Routing.decide(Routing.split(Share.ALL, Routing.query("user")), facts);
        assertDecided(decision, Target.GREEN, Rung.COHORT);
        assertThat(decision.bucket()).isEqualTo(Routing.decide(Routing.split(Share.ALL, HEADER),
                new FakeFacts().header("x-user", "user-1")).bucket());
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1,192.0.2.1", "::ffff:192.0.2.1,192.0.2.1", "2001:DB8:0:0:0:0:0:1,2001:db8::1"})
    void anAddressMakesACohort(String client, String key) {
        Decision decision = Routing.decide(Routing.split(Share.ALL, Routing.clientAddress()),
                new FakeFacts().client(client));
        assertDecided(decision, Target.GREEN, Rung.COHORT);
        assertThat(decision.bucket()).isEqualTo(Routing.decide(Routing.split(Share.ALL, HEADER),
                new FakeFacts().header("x-user", key)).bucket());
    }

    @Test
    void aRouteThatIsGoneDecidesNothing() {
        assertThat(Routing.decider().decide(new RoutingSnapshot(1, 0, Map.of()), "r", new FakeFacts(),
                new Decision())).isFalse();
    }
}
