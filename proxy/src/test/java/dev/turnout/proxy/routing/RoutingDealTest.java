package dev.turnout.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How requests without a key are dealt out. */
class RoutingDealTest {
    private static final int REQUESTS = 100_000;
    private static final FakeFacts NO_KEY = new FakeFacts();

    private static Split split(int ppm) {
        return Routing.split(new Share(ppm), Routing.cookie("uid"));
    }

    /** The farthest that any window of up to {@code longest} requests is from its exact share. */
    private static double worstWindow(boolean[] green, int ppm, int longest) {
        double[] ahead = new double[green.length + 1];
        for (int i = 0; i < green.length; i++) {
            ahead[i + 1] = ahead[i] + (green[i] ? 1 : 0) - ppm / 1e6;
        }
        double worst = 0;
        for (int from = 0; from < green.length; from += 7) {
            for (int to = from + 1; to <= Math.min(green.length, from + longest); to++) {
                worst = Math.max(worst, Math.abs(ahead[to] - ahead[from]));
            }
        }
        return worst;
    }

    private static double worstOfAll(boolean[] green, int ppm) {
        double lowest = 0;
        double highest = 0;
        double ahead = 0;
        for (boolean one : green) {
            ahead += (one ? 1 : 0) - ppm / 1e6;
            lowest = Math.min(lowest, ahead);
            highest = Math.max(highest, ahead);
        }
        return highest - lowest;
    }

    private static boolean[] deal(int ppm, long start) {
        RoutingSnapshot snapshot = Routing.snapshot(split(ppm));
        Decider decider = new Decider(64, start, () -> 0);
        boolean[] green = new boolean[REQUESTS];
        for (int i = 0; i < REQUESTS; i++) {
            green[i] = Routing.decide(decider, snapshot, Routing.ROUTE, NO_KEY).target() == Target.GREEN;
        }
        return green;
    }

    @ParameterizedTest
    @CsvSource({"10000,0", "50000,1", "100000,-1", "125000,81985529216486895", "333333,5", "500000,0",
        "500000,-9223372036854775808", "618034,0", "900000,7", "999999,0"})
    void anyHundredHaveTheirShareToWithinThree(int ppm, long start) {
        assertThat(worstWindow(deal(ppm, start), ppm, 100)).isLessThanOrEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"10000,0", "50000,1", "100000,-1", "125000,81985529216486895", "333333,5", "500000,0",
        "500000,-9223372036854775808", "618034,0", "900000,7", "999999,0"})
    void anyHundredThousandHaveTheirShareToWithinFive(int ppm, long start) {
        assertThat(worstOfAll(deal(ppm, start), ppm)).isLessThanOrEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 12, 20, 33, 54})
    void requestsWithAKeyDoNotDisturbTheDealing(int keyedBetween) {
        RoutingSnapshot snapshot = Routing.snapshot(split(500_000));
        Decider decider = new Decider(64, 0, () -> 0);
        FakeFacts keyed = new FakeFacts().cookie("uid", "1");
        boolean[] green = new boolean[5000];
        for (int i = 0; i < green.length; i++) {
            for (int between = 0; between < keyedBetween; between++) {
                Routing.decide(decider, snapshot, Routing.ROUTE, keyed);
            }
            green[i] = Routing.decide(decider, snapshot, Routing.ROUTE, NO_KEY).target() == Target.GREEN;
        }
        assertThat(worstWindow(green, 500_000, 100)).isLessThanOrEqualTo(3);
    }

    @Test
    void requestsOfAnotherRouteDoNotDisturbTheDealing() {
        RoutingSnapshot snapshot = new RoutingSnapshot(1, 0,
                Map.of("a", Routing.route(split(500_000)), "b", Routing.route(split(500_000))));
        Decider decider = new Decider(64, 0, () -> 0);
        boolean[] green = new boolean[5000];
        for (int i = 0; i < green.length; i++) {
            for (int between = 0; between < 33; between++) {
                Routing.decide(decider, snapshot, "b", NO_KEY);
            }
            green[i] = Routing.decide(decider, snapshot, "a", NO_KEY).target() == Target.GREEN;
        }
        assertThat(worstWindow(green, 500_000, 100)).isLessThanOrEqualTo(3);
    }

    @Test
    void requestsOfARuleDoNotDisturbTheDealing() {
        RoutingSnapshot snapshot = Routing.snapshot(Routing.split(new Share(500_000),
                List.of(Routing.rule(Routing.path("/api"), new Share(500_000))), Routing.cookie("uid")));
        Decider decider = Routing.decider();
        FakeFacts api = new FakeFacts().path("/api");
        boolean[] green = new boolean[5000];
        boolean[] greenOfRule = new boolean[5000 * 33];
        for (int i = 0; i < greenOfRule.length; i++) {
            greenOfRule[i] = Routing.decide(decider, snapshot, Routing.ROUTE, api).target() == Target.GREEN;
            if (i % 33 == 0) {
                green[i / 33] = Routing.decide(decider, snapshot, Routing.ROUTE, NO_KEY)
                        .target() == Target.GREEN;
            }
        }
        assertThat(worstWindow(green, 500_000, 100)).isLessThanOrEqualTo(3);
        assertThat(worstWindow(greenOfRule, 500_000, 100)).isLessThanOrEqualTo(3);
    }

    @Test
    void nothingIsDealtToGreenAtNothing() {
        assertThat(deal(0, 3)).doesNotContain(true);
    }

    @Test
    void everythingIsDealtToGreenAtAll() {
        assertThat(deal(Share.WHOLE_PPM, 3)).doesNotContain(false);
    }
}
