package dev.turnout.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.config.HealthConfig.Check;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BalancerTest {
    private static final String A = "10.0.0.1";
    private static final String B = "10.0.0.2";
    private static final String C = "10.0.0.3";
    private static final String D = "10.0.0.4";
    private static final int MANY = 20_000;

    @Test
    void choosesNothingFromAnEmptySide() {
        assertThat(Side.of().balancer.choose()).isNull();
    }

    @Test
    void choosesTheOnlyOneAgainAndAgain() {
        assertThat(Side.of(A).chosen(100)).containsOnlyKeys(A);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 10, 100})
    void sharesOutEvenlyWhatIsDoneAtOnce(int endpoints) {
        String[] hosts = IntStream.range(0, endpoints).mapToObj(i -> "10.0.0." + i).toArray(String[]::new);
        Map<String, Integer> chosen = Side.of(hosts).chosen(MANY);
        double expected = (double) MANY / endpoints;
        double chiSquare = chosen.values().stream()
                .mapToDouble(count -> (count - expected) * (count - expected) / expected)
                .sum();
        assertThat(chosen).hasSize(endpoints);
        // Mean: the degrees of freedom; standard deviation: the root of twice as much.
        assertThat(chiSquare).isLessThan(endpoints - 1 + 4 * Math.sqrt(2.0 * (endpoints - 1)));
    }

    @Test
    void ofTwoTheLessBusyGetsTheRequest() {
        Side side = Side.of(A, B);
        side.at(A).begun(0);
        assertThat(side.chosen(100)).containsOnlyKeys(B);
    }

    @Test
    void theBusiestOfManyGetsNothing() {
        Side side = Side.of(A, B, C);
        side.at(B).begun(0);
        assertThat(side.chosen(1000)).containsOnlyKeys(A, C);
    }

    @Test
    void countsTheRequestsOfItsOwnLoopOnly() {
        Side side = Side.of(A, B);
        side.at(A).begun(1);
        assertThat(side.chosen(1000)).as("the other loop's counter may be on its way between two processors")
                .containsOnlyKeys(A, B);
    }

    @Test
    void oneThatIsTenTimesSlowerGetsFarLess() {
        Side side = Side.of(A, B);
        List<Endpoint> underWay = new ArrayList<>();
        Map<String, Integer> chosen = new HashMap<>();
        Random random = new Random(3);
        for (int i = 0; i < MANY; i++) {
            Endpoint endpoint = Objects.requireNonNull(side.balancer.choose());
            endpoint.begun(0);
            underWay.add(endpoint);
            chosen.merge(Side.name(endpoint), 1, Integer::sum);
            for (Iterator<Endpoint> each = underWay.iterator(); each.hasNext();) {
                Endpoint busy = each.next();
                if (random.nextInt(Side.name(busy).equals(A) ? 100 : 10) == 0) {
                    busy.ended(0);
                    each.remove();
                }
            }
        }
        assertThat((double) Objects.requireNonNull(chosen.get(A)) / MANY).isLessThan(0.2);
    }

    @Test
    void theSameSeedChoosesTheSame() {
        Side side = Side.of(A, B, C, D);
        Balancer one = side.set.balancer(0, 9);
        Balancer other = side.set.balancer(0, 9);
        for (int i = 0; i < 100; i++) {
            assertThat(one.choose()).isSameAs(other.choose());
        }
    }

    @Test
    void followsTheSetFromOneChoiceToTheNext() {
        Side side = Side.of(A, B);
        side.with(C);
        assertThat(side.chosen(1000)).containsOnlyKeys(A, B, C);
        side.remove(A);
        assertThat(side.chosen(1000)).containsOnlyKeys(B, C);
        side.drain(B, true);
        assertThat(side.chosen(1000)).containsOnlyKeys(C);
        side.drain(C, true);
        assertThat(side.chosen(10)).containsOnlyKeys("");
        side.drain(B, false);
        assertThat(side.chosen(1000)).containsOnlyKeys(B);
    }

    @ParameterizedTest
    @CsvSource({"0, 0.1", "10, 0.19", "50, 0.55", "90, 0.91", "100, 1"})
    void aNewOneGetsAShareThatGrowsWithItsWeight(int seconds, double weight) {
        Side side = new Side(Check.NONE, "50%", Side.SLOW_START).with(A, B, C);
        side.with(D);
        side.advance(Duration.ofSeconds(seconds));
        Map<String, Integer> chosen = side.chosen(MANY);
        double expected = weight / (3 + weight);
        double deviation = Math.sqrt(expected * (1 - expected) / MANY);
        assertThat((double) Objects.requireNonNull(chosen.get(D)) / MANY)
                .isCloseTo(expected, within(4 * deviation));
    }

    @Test
    void aNewOneIsNotFavouredForBeingIdle() {
        Side side = new Side(Check.NONE, "50%", Side.SLOW_START).with(A, B, C);
        side.with(D);
        for (String busy : List.of(A, B, C)) {
            IntStream.range(0, 10).forEach(request -> side.at(busy).begun(0));
        }
        side.at(D).begun(0);
        assertThat((double) side.chosen(MANY).getOrDefault(D, 0) / MANY)
                .as("one request is a tenth of ten, as its weight is: its share stays that of its weight")
                .isCloseTo(0.1 / 3.1, within(0.01));
    }

    @Test
    void thoseThereFromTheStartBeginWithTheirFullShare() {
        Side side = new Side(Check.NONE, "50%", Side.SLOW_START).with(A, B);
        assertThat(side.set.members().plain).isTrue();
    }

    @Test
    void looksAtTheClockNoLongerOnceAllAreWarm() {
        Side side = new Side(Check.NONE, "50%", Side.SLOW_START).with(A);
        side.with(B);
        assertThat(side.set.members().plain).isFalse();
        side.advance(Side.SLOW_START);
        side.balancer.choose();
        assertThat(side.set.members().plain).isTrue();
    }

    @Test
    void allOfThemColdStillShareOutEvenly() {
        Side side = new Side(Check.NONE, "50%", Side.SLOW_START).with(A);
        side.with(B, C);
        side.remove(A);
        assertThat((double) Objects.requireNonNull(side.chosen(MANY).get(B)) / MANY).isCloseTo(0.5,
                within(0.02));
    }

    @Test
    void triesAnotherOneAfterAFailedConnect() {
        Side side = Side.of(A, B, C);
        Endpoint first = side.at(A);
        Endpoint second = Objects.requireNonNull(side.balancer.another(List.of(first)));
        assertThat(second).isNotSameAs(first);
        assertThat(side.balancer.another(List.of(first, second))).isNotNull().isNotIn(first, second);
    }

    @Test
    void triesNoneTwiceForTheSameRequest() {
        Side side = Side.of(A, B);
        assertThat(side.balancer.another(List.of(side.at(A), side.at(B)))).isNull();
    }

    @Test
    void triesAnEjectedOneOnlyWhenNoOtherIsLeft() {
        Side side = Side.of(A, B, C);
        side.eject(A);
        assertThat(Side.name(side.balancer.another(List.of(side.at(B))))).isEqualTo(C);
        assertThat(Side.name(side.balancer.another(List.of(side.at(B), side.at(C))))).isEqualTo(A);
    }

    @Test
    void neverTriesOneThatIsDrainedOrWhoseChecksFail() {
        Side side = new Side(Check.CONNECT, "50%", Duration.ZERO).with(A, B, C);
        side.drain(A, true);
        side.check(B, false);
        assertThat(side.balancer.another(List.of(side.at(C)))).isNull();
    }

    @Test
    void givesUpAfterEnoughTries() {
        Side side = Side.of(A, B, C, D, "10.0.0.5", "10.0.0.6");
        List<Endpoint> tried = new ArrayList<>(List.of(side.at(A)));
        for (Endpoint next = side.balancer.another(tried); next != null; next = side.balancer
                .another(tried)) {
            tried.add(next);
        }
        assertThat(tried).hasSize(Balancer.MOST_TRIES).doesNotHaveDuplicates();
    }
}
