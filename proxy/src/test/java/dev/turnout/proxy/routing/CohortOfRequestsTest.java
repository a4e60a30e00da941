package dev.turnout.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over a hundred thousand users: who is on green while weights move, proxies restart and files are read again. */
class CohortOfRequestsTest {
    private static final int USERS = 100_000;
    /** A normal distribution leaves this many standard deviations once in a thousand times. */
    private static final double Z_999 = 3.2905;

    private static List<FakeFacts> users(SplittableRandom random) {
        List<FakeFacts> users = new ArrayList<>(USERS);
        for (int i = 0; i < USERS; i++) {
            users.add(new FakeFacts().cookie("uid", Long.toUnsignedString(random.nextLong(), 36)));
        }
        return users;
    }

    private static BitSet green(Decider decider, Split split, List<FakeFacts> users) {
        RoutingSnapshot snapshot = Routing.snapshot(split);
        Decision decision = new Decision();
        BitSet green = new BitSet(users.size());
        for (int i = 0; i < users.size(); i++) {
            assertThat(decider.decide(snapshot, Routing.ROUTE, users.get(i), decision)).isTrue();
            green.set(i, decision.target() == Target.GREEN);
        }
        return green;
    }

    private static BitSet green(Split split, List<FakeFacts> users) {
        return green(Routing.decider(), split, users);
    }

    private static Split split(int ppm) {
        return Routing.split(new Share(ppm), Routing.cookie("uid"));
    }

    private static boolean within(BitSet inner, BitSet outer) {
        BitSet outside = (BitSet) inner.clone();
        outside.andNot(outer);
        return outside.isEmpty();
    }

    private static void assertShare(int green, int of, int ppm, long seed) {
        double share = ppm / 1e6;
        double margin = Z_999 * Math.sqrt(of * share * (1 - share)) + 1;
        assertThat((double) green).as("seed %s: green of %s at %s ppm", seed, of, ppm)
                .isBetween(of * share - margin, of * share + margin);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {4, 20261120})
    void raisingOnlyAddsAndLoweringOnlyRemovesTheNewest(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<FakeFacts> users = users(random);
        Split split = split(0);
        Decider decider = Routing.decider();
        List<Integer> shares = random.ints(10, 1, Share.WHOLE_PPM).sorted().boxed().toList();
        List<BitSet> raised = new ArrayList<>(List.of(green(decider, split, users)));
        for (int ppm : shares) {
            split = split.withGreen(new Share(ppm));
            BitSet green = green(decider, split, users);
            assertThat(within(raised.getLast(), green)).as("seed %s: raised to %s ppm", seed, ppm).isTrue();
            assertShare(green.cardinality(), USERS, ppm, seed);
            raised.add(green);
        }
        for (int i = shares.size() - 1; i >= 0; i--) {
            split = split.withGreen(new Share(shares.get(i)));
            assertThat(green(decider, split, users)).as("seed %s: lowered to %s ppm", seed, shares.get(i))
                    .isEqualTo(raised.get(i + 1));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {4, 20261120})
    void twoInstancesARestartAndAReloadAgree(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<FakeFacts> users = users(random);
        int ppm = random.nextInt(1, Share.WHOLE_PPM);
        Split split = split(ppm);
        BitSet green = green(new Decider(4096, 0, random::nextLong), split, users);
        Decider other = new Decider(32_768, 99, random::nextLong);
        assertThat(green(other, split(ppm), users)).as("seed %s: another instance", seed).isEqualTo(green);
        assertThat(green(other, split.withGreen(Share.ALL).withGreen(new Share(ppm)), users))
                .as("seed %s: there and back", seed).isEqualTo(green);
        Split withRules = Routing.split(new Share(ppm),
                List.of(Routing.rule(Routing.path("/admin"), Target.BLUE)), Routing.minted("uid"));
        assertThat(green(other, withRules, users)).as("seed %s: rules and minting have come", seed)
                .isEqualTo(green);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {4, 20261120})
    void aRuleWithAWeightTakesTheSameUsersFirst(long seed) {
        List<FakeFacts> users = users(new SplittableRandom(seed));
        Split split = Routing.split(new Share(100_000),
                List.of(Routing.rule(Routing.path("/"), new Share(200_000))),
                Routing.cookie("uid"));
        assertThat(green(split, users)).isEqualTo(green(split(200_000), users));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {4, 20261120})
    void aCookieThatIsMintedDoesNotRatchetUsersOver(long seed) {
        Decider decider = new Decider(4096, 0, new SplittableRandom(seed)::nextLong);
        RoutingSnapshot snapshot = Routing.snapshot(Routing.split(new Share(100_000), Routing.minted("uid")));
        Decision decision = new Decision();
        int green = 0;
        for (int user = 0; user < 1000; user++) {
            FakeFacts facts = new FakeFacts();
            decider.decide(snapshot, Routing.ROUTE, facts, decision);
            Target side = decision.target();
            int bucket = decision.bucket();
            facts.cookie("uid", new String(decision.mintedId(), StandardCharsets.US_ASCII));
            for (int request = 1; request < 50; request++) {
                decider.decide(snapshot, Routing.ROUTE, facts, decision);
                assertThat(decision.target()).as("seed %s: user %s, request %s", seed, user, request)
                        .isEqualTo(side);
                assertThat(decision.bucket()).isEqualTo(bucket);
                assertThat(decision.mintedName()).as("one id is enough").isNull();
            }
            green += side == Target.GREEN ? 1 : 0;
        }
        assertShare(green, 1000, 100_000, seed);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {4, 20261120})
    void newUsersAreOnGreenByItsShare(long seed) {
        Decider decider = new Decider(4096, 0, new SplittableRandom(seed)::nextLong);
        Split split = Routing.split(new Share(50_000), Routing.minted("uid"));
        int green = green(decider, split, Collections.nCopies(USERS, new FakeFacts()))
                .cardinality();
        assertShare(green, USERS, 50_000, seed);
    }

    @Test
    void aNewIdIsTheRandomBitsInHexadecimal() {
        long[] bits = {0x0123456789ABCDEFL, 0xFEDCBA9876543210L};
        int[] drawn = {0};
        Decision decision = Routing.decide(new Decider(64, 0, () -> bits[drawn[0]++]),
                Routing.snapshot(Routing.split(Share.ALL, Routing.minted("uid"))), Routing.ROUTE,
                new FakeFacts());
        assertThat(new String(decision.mintedId(), StandardCharsets.US_ASCII))
                .isEqualTo("fedcba98765432100123456789abcdef");
    }
}
