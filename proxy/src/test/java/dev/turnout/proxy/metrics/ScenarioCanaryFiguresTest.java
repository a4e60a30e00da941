package dev.turnout.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.config.Target;
import java.time.Duration;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** canary-figures: what an operator sees of both sides next to each other, after 100 000 requests in four minutes. */
class ScenarioCanaryFiguresTest {
    private static final int TICKS = 24;
    private static final Duration WINDOW = Duration.ofMinutes(5);

    private final RouteMeters route = new RouteMeters(2, 0);
    private final SplittableRandom random = new SplittableRandom(9);
    private final long end = Duration.ofSeconds(10L * TICKS).toNanos();

    @BeforeEach
    void serve() {
        for (int tick = 1; tick <= TICKS; tick++) {
            serve(Target.BLUE, 90_000 / TICKS, tick <= 9 ? 1 : 0, 45);
            serve(Target.GREEN, 10_000 / TICKS + (tick <= 10_000 % TICKS ? 1 : 0), tick <= 2 ? 1 : 0, 38);
            if (tick < TICKS) {
                route.tick(Duration.ofSeconds(10L * tick).toNanos());
            }
        }
    }

    /** Three of a hundred take as long as {@code p99Millis}, the others less. */
    private void serve(Target target, int requests, int errors, int p99Millis) {
        for (int i = 0; i < requests; i++) {
            double millis = i % 33 == 0 ? p99Millis : random.nextDouble(5, 20);
            RequestMeters meters = route.requests(i & 1, target);
            meters.started();
            meters.ended(Outcome.ofStatus(i < errors ? 500 : 200), Math.round(millis * 1e6));
        }
    }

    private Recent recent(Target target) {
        return Objects.requireNonNull(route.recent(WINDOW, end).get(target));
    }

    @ParameterizedTest
    @CsvSource({"BLUE, 90000, 9, 0.01", "GREEN, 10000, 2, 0.02"})
    void errorsAreCountedToTheLastOne(Target target, long requests, long errors, double percent) {
        Recent recent = recent(target);
        assertThat(recent.requests()).isEqualTo(requests);
        assertThat(recent.errors()).isEqualTo(errors);
        assertThat(100.0 * recent.errors() / recent.requests()).isCloseTo(percent, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({"BLUE, 45", "GREEN, 38"})
    void theSlowestHundredthIsShownInMilliseconds(Target target, long millis) {
        assertThat(Math.round(recent(target).p99Seconds().orElseThrow() * 1000)).isEqualTo(millis);
    }

    @Test
    void theShareIsTheOneOfTheRequests() {
        long blue = recent(Target.BLUE).requests();
        long green = recent(Target.GREEN).requests();
        assertThat(100.0 * blue / (blue + green)).isEqualTo(90);
    }

    @Test
    void theyCoverTheTimeThatTheRouteIsThere() {
        assertThat(recent(Target.GREEN).over()).isEqualTo(Duration.ofMinutes(4));
    }
}
