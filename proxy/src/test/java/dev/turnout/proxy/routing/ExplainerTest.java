package dev.turnout.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.turnout.config.AddressRange;
import dev.turnout.config.CohortConfig;
import dev.turnout.config.ForcedSide;
import dev.turnout.config.HostPattern;
import dev.turnout.config.RequestKey;
import dev.turnout.config.RequestMatch;
import dev.turnout.config.RuleConfig;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of a decision, and that it is what is decided. */
class ExplainerTest {
    private static final Share FIVE = new Share(50_000);
    private static final RuleConfig ADMIN = Routing.rule(Routing.path("/admin"), Target.BLUE);

    private static Explained explain(RoutingSnapshot snapshot, FakeFacts facts) {
        return new Explainer(4096).explain(snapshot, Routing.ROUTE, facts);
    }

    private static Explained explain(Split split, FakeFacts facts) {
        return explain(new RoutingSnapshot(7, 3, Map.of(Routing.ROUTE, Routing.route(split))), facts);
    }

    private static void assertInputs(Explained explained, Object... namesAndValues) {
        List<Object> flat = new ArrayList<>();
        explained.inputs().forEach((name, value) -> flat.addAll(List.of(name, value)));
        assertThat(flat).containsExactly(namesAndValues);
    }

    @Test
    void saysWhoIsDrained() {
        Explained explained = explain(
                new RoutingSnapshot(7, 3, Map.of(Routing.ROUTE, new RoutingSnapshot.Route(
                        Routing.split(FIVE, Routing.NO_COHORT), Optional.of(Target.BLUE), 7))),
                new FakeFacts());
        assertThat(explained.sentence()).isEqualTo("blue is drained: green");
        assertThat(explained.rung()).isEqualTo(Rung.DRAINED);
        assertInputs(explained, "version", 7L, "epoch", 3L, "drained", "blue");
    }

    @Test
    void saysWhichOverride() {
        ForcedSide other = Routing.forced("X-Canary", "no", Target.BLUE);
        ForcedSide override = new ForcedSide(new RequestKey.Header("X-Canary"), "always", Target.GREEN,
                List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("192.0.2.0/24")), false);
        Explained explained = explain(
                Routing.split(FIVE, Routing.ROUTE, List.of(other, override), List.of(), Routing.NO_COHORT),
                new FakeFacts().header("x-canary", "always"));
        assertThat(explained.sentence())
                .isEqualTo("override 2, header X-Canary=always from 10.0.0.0/8, 192.0.2.0/24: green");
        assertInputs(explained, "version", 7L, "epoch", 3L, "override", 2, "header", "x-canary", "value",
                "always",
                "from", "10.0.0.0/8, 192.0.2.0/24");
    }

    @Test
    void saysWhichRule() {
        Explained explained = explain(Routing.split(Share.ALL, List.of(ADMIN), Routing.cookie("uid")),
                new FakeFacts().path("/admin/x"));
        assertThat(explained.sentence()).isEqualTo("rule 1 (path-prefix /admin): blue");
        assertInputs(explained, "version", 7L, "epoch", 3L, "rule", 1, "when", "path-prefix /admin", "to",
                "blue");
    }

    @Test
    void saysWhichBucket() {
        Explained explained = explain(
                Routing.split(FIVE, "checkout", List.of(), List.of(), Routing.cookie("uid")),
                new FakeFacts().cookie("uid", "user-1"));
        assertThat(explained.sentence())
                .isEqualTo(
                        "cookie uid=user-1 is in bucket 197442 of 1000000 and green has those below 50000 (5%): blue");
        assertThat(explained.certain()).isTrue();
        assertInputs(explained, "version", 7L, "epoch", 3L, "key", "cookie uid", "value", "user-1", "salt",
                "checkout",
                "bucket", 197_442, "green", 5.0, "greenBuckets", 50_000);
    }

    @Test
    void saysTheAddressAsItIsHashed() {
        Explained explained = explain(Routing.split(FIVE, Routing.clientAddress()),
                new FakeFacts().client("2001:db8:0:0:0:0:0:1"));
        assertThat(explained.sentence()).startsWith("client-ip=2001:db8::1 is in bucket ");
        assertThat(explained.inputs()).contains(entry("value", "2001:db8::1"));
    }

    @Test
    void saysTheWeightOfARule() {
        Split split = Routing.split(Share.NONE, "checkout", List.of(),
                List.of(Routing.rule(Routing.header("x-a", "1"), new Share(200_000))), Routing.cookie("uid"));
        FakeFacts facts = new FakeFacts().header("x-a", "1").cookie("uid", "user-1");
        Explained explained = explain(split, facts);
        assertThat(explained.sentence()).isEqualTo("rule 1 (header x-a=1) has a weight of its own; "
                + "cookie uid=user-1 is in bucket 197442 of 1000000 and green has those below 200000 (20%): green");
        assertThat(explained.rung()).isEqualTo(Rung.RULE);
        assertThat(explained.inputs()).containsKeys("rule", "when", "bucket").contains(entry("green", 20.0));
    }

    @ParameterizedTest
    @CsvSource({"12.5,blue", "50,blue", "50.0001,green", "99,green"})
    void isNotCertainOfWhatIsDealtOut(String percent, String more) {
        Explained explained = explain(Routing.split(Share.ofPercent(percent), Routing.NO_COHORT),
                new FakeFacts());
        assertThat(explained.certain()).isFalse();
        assertThat(explained.target()).hasToString(more.toUpperCase(Locale.ROOT));
        assertThat(explained.sentence()).startsWith(
                "there is no cohort, so each request is dealt out by itself: " + percent + "% to green, ");
    }

    @Test
    void isNotCertainOfNewUsers() {
        Explained explained = explain(Routing.split(FIVE, Routing.minted("uid")), new FakeFacts());
        assertThat(explained.sentence()).isEqualTo(
                "the request has no cookie uid, so each new user gets a random id: 5% to green, 95% to blue");
        assertThat(explained.certain()).isFalse();
        assertThat(explained.rung()).isEqualTo(Rung.COHORT);
        assertInputs(explained, "version", 7L, "epoch", 3L, "key", "cookie uid", "green", 5.0, "greenBuckets",
                50_000);
    }

    @ParameterizedTest
    @CsvSource({"0,blue", "100,green"})
    void isCertainWhereOneSideHasAll(String percent, String side) {
        for (Optional<CohortConfig> cohort : List.of(Routing.minted("uid"), Routing.header("x-user"))) {
            Explained explained = explain(Routing.split(Share.ofPercent(percent), cohort), new FakeFacts());
            assertThat(explained.certain()).isTrue();
            assertThat(explained.sentence()).endsWith("; green has " + percent + "%: " + side);
        }
    }

    @Test
    void shortensValuesAndShowsNoControlCharacters() {
        String value = "a\u001b[31m\u202e\r\n" + "x".repeat(100);
        Explained explained = explain(Routing.split(FIVE, Routing.cookie("uid")),
                new FakeFacts().cookie("uid", value));
        assertThat(explained.sentence())
                .startsWith("cookie uid=a?[31m???" + "x".repeat(50) + "… is in bucket");
        assertThat(explained.inputs()).contains(entry("value", value));
    }

    @Test
    void saysAllThatARuleAsksFor() {
        RequestMatch match = new RequestMatch(Set.of("POST", "GET"),
                List.of(new HostPattern("a.example", false), new HostPattern("b.example", true)),
                Optional.of("/api"), Map.of("x-b", "2", "x-a", "1"), Map.of("q", "3"), Map.of(),
                List.of(AddressRange.parse("10.0.0.0/8")));
        assertThat(Shown.when(match, "request"))
                .isEqualTo("method GET or POST, host a.example or *.b.example, "
                        + "path-prefix /api, header x-a=1, header x-b=2, query q=3, client 10.0.0.0/8");
        assertThat(Shown.when(RequestMatch.ANY, "request")).isEqualTo("any request");
    }

    @Test
    void aRouteThatIsGoneIsRefused() {
        assertThatThrownBy(
                () -> new Explainer(64).explain(new RoutingSnapshot(1, 0, Map.of()), "r", new FakeFacts()))
                .hasMessageContaining("route: r");
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {4, 20261120})
    void saysWhatIsDecided(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RandomRequests requests = new RandomRequests(random);
        Decider decider = new Decider(4096, seed, random::nextLong);
        Explainer explainer = new Explainer(64);
        Decision decision = new Decision();
        RoutingSnapshot snapshot = Routing.snapshot(Routing.split(FIVE, Routing.NO_COHORT));
        int certain = 0;
        for (int i = 0; i < 100_000; i++) {
            snapshot = i % 20 == 0 ? snapshot(random, requests) : snapshot;
            FakeFacts facts = requests.request();
            decider.decide(snapshot, Routing.ROUTE, facts, decision);
            Explained explained = explainer.explain(snapshot, Routing.ROUTE, facts);
            String as = "seed " + seed + ", request " + i + ": " + explained.sentence();
            assertThat(explained.rung()).as(as).isEqualTo(decision.rung());
            if (explained.certain()) {
                assertThat(explained.target()).as(as).isEqualTo(decision.target());
                assertThat(explained.sentence())
                        .endsWith(": " + decision.target().name().toLowerCase(Locale.ROOT));
                certain++;
            }
            boolean keyed = decision.bucket() != Decision.NONE && decision.mintedName() == null;
            assertThat(explained.inputs().get("bucket")).as(as).isEqualTo(keyed ? decision.bucket() : null);
        }
        assertThat(certain).isBetween(30_000, 99_000);
    }

    private static RoutingSnapshot snapshot(SplittableRandom random, RandomRequests requests) {
        List<ForcedSide> overrides = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            overrides.add(
                    new ForcedSide(i == 1 ? new RequestKey.Cookie("a") : new RequestKey.Header("b"), "ab",
                            side(random),
                            random.nextBoolean() ? List.of() : List.of(AddressRange.parse("10.0.0.0/9")),
                            false));
        }
        List<RuleConfig> rules = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            RequestMatch match = requests.match();
            if (!match.equals(RequestMatch.ANY)) {
                rules.add(random.nextBoolean()
                        ? Routing.rule(match, side(random))
                        : Routing.rule(match, share(random)));
            }
        }
        List<Optional<CohortConfig>> cohorts = List.of(Routing.NO_COHORT, Routing.header("a"),
                Routing.cookie("a"),
                Routing.minted("a"), Routing.query("a"), Routing.clientAddress());
        Split split = Routing.split(share(random), "salt" + random.nextInt(), overrides, rules,
                cohorts.get(random.nextInt(cohorts.size())));
        Optional<Target> drained = random.nextInt(20) == 0 ? Optional.of(side(random)) : Optional.empty();
        return new RoutingSnapshot(1, 0, Map.of(Routing.ROUTE, new RoutingSnapshot.Route(split, drained, 1)));
    }

    private static Target side(SplittableRandom random) {
        return random.nextBoolean() ? Target.GREEN : Target.BLUE;
    }

    private static Share share(SplittableRandom random) {
        return switch (random.nextInt(5)) {
            case 0 -> Share.NONE;
            case 1 -> Share.ALL;
            default -> new Share(random.nextInt(Share.WHOLE_PPM + 1));
        };
    }
}
