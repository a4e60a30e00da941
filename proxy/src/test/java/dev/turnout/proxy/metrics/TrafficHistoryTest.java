package dev.turnout.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.Target;
import dev.turnout.proxy.failure.Kind;
import java.time.Duration;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TrafficHistoryTest {
    private static final long START = Long.MAX_VALUE - Duration.ofMinutes(3).toNanos();
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    private final RouteMeters route = new RouteMeters(2, START);
    private long now = START;

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private void tick() {
        pass(TEN_SECONDS);
        route.tick(now);
    }

    private void request(Target target, Outcome outcome, Duration took) {
        RequestMeters meters = route.requests((int) (now & 1), target);
        meters.started();
        meters.ended(outcome, took.toNanos());
    }

    private void requests(int count) {
        for (int i = 0; i < count; i++) {
            request(Target.BLUE, Outcome.ofStatus(200), Duration.ofMillis(45));
        }
    }

    private Recent blue(Duration window) {
        return Objects.requireNonNull(route.recent(window, now).get(Target.BLUE));
    }

    @Test
    void beforeTheFirstRequestThereIsNothingToTell() {
        pass(Duration.ofSeconds(4));
        Recent recent = blue(TEN_SECONDS);
        assertThat(recent.requests()).isZero();
        assertThat(recent.errors()).isZero();
        assertThat(recent.p50Seconds()).isEmpty();
        assertThat(recent.p99Seconds()).isEmpty();
    }

    @Test
    void aRequestShowsAtOnceWithoutATick() {
        pass(Duration.ofSeconds(4));
        requests(3);
        assertThat(blue(TEN_SECONDS).requests()).isEqualTo(3);
        assertThat(blue(TEN_SECONDS).p50Seconds().orElseThrow()).isBetween(0.0443, 0.0457);
    }

    @Test
    void aYoungRouteSaysHowYoungItIs() {
        pass(Duration.ofSeconds(4));
        assertThat(blue(Duration.ofMinutes(5)).over()).isEqualTo(Duration.ofSeconds(4));
    }

    @ParameterizedTest
    @CsvSource({"10, 13, 2", "13, 13, 2", "14, 23, 3", "30, 33, 4", "60, 63, 7"})
    void aWindowIsRoundedUpToWholeSlices(int asked, int over, int requests) {
        for (int i = 0; i < 12; i++) {
            requests(1);
            tick();
        }
        requests(1);
        pass(Duration.ofSeconds(3));
        Recent recent = blue(Duration.ofSeconds(asked));
        assertThat(recent.over()).isEqualTo(Duration.ofSeconds(over));
        assertThat(recent.requests()).isEqualTo(requests);
    }

    @Test
    void whatIsOlderThanTheWindowIsLeftOut() {
        requests(100);
        tick();
        for (int i = 0; i < 6; i++) {
            tick();
        }
        requests(7);
        assertThat(blue(Duration.ofMinutes(1)).requests()).isEqualTo(7);
        assertThat(blue(Duration.ofMinutes(1)).over()).isEqualTo(Duration.ofMinutes(1));
        assertThat(blue(Duration.ofMinutes(2)).requests()).isEqualTo(107);
    }

    @Test
    void tenMinutesAreKnownAndNoMore() {
        requests(100);
        tick();
        for (int i = 0; i < 59; i++) {
            tick();
        }
        assertThat(blue(Duration.ofHours(1)).requests()).as("ended up to ten minutes ago").isEqualTo(100);
        tick();
        assertThat(blue(Duration.ofHours(1)).requests()).isZero();
        assertThat(blue(Duration.ofHours(1)).over()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void inATenMinuteWindowNoRequestIsLostOrCountedTwice() {
        SplittableRandom random = new SplittableRandom(7);
        int[] ended = new int[200];
        for (int i = 0; i < ended.length; i++) {
            ended[i] = random.nextInt(4) == 0 ? 0 : random.nextInt(50);
            requests(ended[i]);
            tick();
            Recent recent = blue(Duration.ofMinutes(10));
            long expected = 0;
            for (int j = Math.max(0, Math.toIntExact(i + 1 - recent.over().toSeconds() / 10)); j <= i; j++) {
                expected += ended[j];
            }
            assertThat(recent.requests()).as("after %s ticks, over %s", i + 1, recent.over())
                    .isEqualTo(expected);
            assertThat(recent.over()).isBetween(Duration.ofSeconds(Math.min(10 * (i + 1), 600)),
                    Duration.ofSeconds(630));
        }
    }

    @Test
    void bothSidesAreToldOverTheSameTime() {
        requests(1);
        tick();
        request(Target.GREEN, Outcome.ofStatus(200), Duration.ofMillis(1));
        tick();
        var recent = route.recent(Duration.ofSeconds(15), now);
        assertThat(recent.values()).extracting(Recent::over).containsOnly(Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @EnumSource
    void whatTheClientOrTheProxyEndedIsNoErrorOfTheSide(Kind kind) {
        request(Target.BLUE, Outcome.of(kind), Duration.ofMillis(1));
        assertThat(blue(TEN_SECONDS).errors()).isEqualTo(kind.ofEndpoint() ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({"200, 0", "404, 0", "500, 1", "503, 1"})
    void anAnswerOf5xxIsAnError(int status, int errors) {
        request(Target.BLUE, Outcome.ofStatus(status), Duration.ofMillis(1));
        tick();
        assertThat(blue(TEN_SECONDS).errors()).isEqualTo(errors);
        assertThat(blue(TEN_SECONDS).requests()).isEqualTo(1);
    }
}
