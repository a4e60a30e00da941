package dev.turnout.bench.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bench.load.Schedule;
import dev.turnout.bench.report.Latency;
import dev.turnout.bench.report.Report;
import dev.turnout.bench.report.Second;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is made of requests, in a time that only the test moves. */
class MeasurementTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final Percentage THREE_DIGITS = Percentage.withPercentage(0.1);

    private final Measurement measurement = new Measurement(0, 10 * SECOND, false);

    private Latency corrected() {
        return Objects.requireNonNull(measurement.latencies().corrected());
    }

    private Latency service() {
        return Objects.requireNonNull(measurement.latencies().service());
    }

    /** 100 requests a second for 10 s over 4 connections; the server takes 1 ms but stands still from 5 s to 6 s. */
    private void loadAServerThatStalls() {
        Backlog backlog = new Backlog(Schedule.of(0, 100, 10 * SECOND), 0);
        record Sent(long due, long sent) {}
        var underWay = new ArrayDeque<Sent>();
        for (long now = 0; now < 12 * SECOND; now += MILLI) {
            boolean stalls = now >= 5 * SECOND && now < 6 * SECOND;
            while (!stalls && !underWay.isEmpty()) {
                Sent answered = underWay.remove();
                measurement.answered(answered.due(), answered.sent(), now, 200);
            }
            backlog.advance(now);
            while (backlog.isDue() && underWay.size() < 4) {
                long due = backlog.take(now);
                measurement.sent(due, now);
                underWay.add(new Sent(due, now));
            }
        }
    }

    @Test
    void aStallShowsInTheCorrectedPercentilesAndHidesInTheOthers() {
        loadAServerThatStalls();

        assertThat(measurement.requests()).isEqualTo(1000);
        assertThat(service().p99Millis()).as("4 of 1000 were under way").isCloseTo(1, THREE_DIGITS);
        assertThat(corrected().p50Millis()).isCloseTo(1, THREE_DIGITS);
        assertThat(corrected().p90Millis()).as("a tenth was due in the stall").isBetween(1.0, 100.0);
        assertThat(corrected().p99Millis()).isBetween(850.0, 1000.0);
        assertThat(corrected().maxMillis()).isCloseTo(1000, THREE_DIGITS);
        assertThat(service().maxMillis()).isCloseTo(1000, THREE_DIGITS);
    }

    @Test
    void theSecondsShowWhenItWas() {
        loadAServerThatStalls();

        List<Second> seconds = measurement.seconds();
        assertThat(seconds).hasSize(10).extracting(Second::second).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8,
                9);
        assertThat(seconds.get(4).maxMillis()).isCloseTo(1, THREE_DIGITS);
        assertThat(seconds.get(5)).extracting(Second::requests, Second::p50Millis, Second::maxMillis)
                .as("nothing ended").containsExactly(0L, null, null);
        assertThat(seconds.get(6).requests()).as("its own and those of the second before").isEqualTo(200);
        assertThat(seconds.get(6).maxMillis()).isCloseTo(1000, THREE_DIGITS);
    }

    @Test
    void everyRequestThatWasDueEndsOnce() {
        for (int i = 0; i < 10; i++) {
            measurement.sent(i, i);
        }
        measurement.answered(0, 0, 1, 204);
        measurement.answered(1, 1, 2, 302);
        measurement.answered(2, 2, 3, 404);
        measurement.answered(3, 3, 4, 503);
        measurement.answered(4, 4, 5, 999);
        measurement.failed(5, 5, 6, Failure.CONNECT);
        measurement.failed(6, 6, 7, Failure.RESET);
        measurement.failed(7, 7, 8, Failure.TIMEOUT);
        measurement.failed(8, 8, 9, Failure.PROTOCOL);
        measurement.neverSent(9, 10);

        assertThat(measurement.requests()).isEqualTo(10);
        assertThat(measurement.answers()).isEqualTo(Map.of("2xx", 1L, "3xx", 1L, "4xx", 1L, "5xx", 2L));
        assertThat(measurement.failures()).isEqualTo(
                Map.of("connect", 1L, "reset", 1L, "timeout", 1L, "protocol", 1L, "unfinished", 1L));
        assertThat(measurement.errors()).isEqualTo(8);
        assertThat(measurement.rate(1)).isEqualTo(new Report.Rate(1, 1.0, 0.5));
    }

    @ParameterizedTest
    @EnumSource(Failure.class)
    void waitingIsALatencyWhenWeGaveUpAndNotWhenThePeerDid(Failure failure) {
        measurement.failed(0, 2 * MILLI, 12 * MILLI, failure);

        assertThat(measurement.latencies().corrected() != null).isEqualTo(failure.waited());
        if (failure.waited()) {
            assertThat(corrected().maxMillis()).isCloseTo(12, THREE_DIGITS);
            assertThat(service().maxMillis()).isCloseTo(10, THREE_DIGITS);
        }
        assertThat(measurement.seconds().getFirst().errors()).isEqualTo(1);
    }

    @Test
    void whatIsDueInTheWarmUpIsLeftOutEvenIfItIsAnsweredLater() {
        Measurement warm = new Measurement(SECOND, 2 * SECOND, false);
        warm.sent(SECOND - 1, SECOND + 1);
        warm.answered(SECOND - 1, SECOND - 1, SECOND + 5, 500);
        warm.failed(SECOND - 1, SECOND - 1, SECOND + 5, Failure.RESET);
        warm.neverSent(SECOND - 1, SECOND + 5);
        warm.sent(SECOND, SECOND);
        warm.answered(SECOND, SECOND, SECOND + 6, 200);

        assertThat(warm.requests()).isEqualTo(1);
        assertThat(warm.errors()).isZero();
        assertThat(warm.rate(1)).isEqualTo(new Report.Rate(1, 1.0, 1.0));
        assertThat(warm.seconds()).extracting(Second::requests).containsExactly(1L);
    }

    @Test
    void whatIsAnsweredAfterTheEndCountsButNotAsReachedRate() {
        measurement.sent(0, 0);
        measurement.answered(0, 0, 11 * SECOND, 200);

        assertThat(measurement.rate(1)).isEqualTo(new Report.Rate(1, 0.1, 0.0));
        assertThat(measurement.seconds()).hasSize(12);
        assertThat(corrected().maxMillis()).isCloseTo(11_000, THREE_DIGITS);
    }

    @Test
    void anEarlyEndIsALastSecondThatIsShorter() {
        measurement.sent(0, 0);
        measurement.answered(0, 0, 100, 200);
        measurement.endAt(1250 * MILLI);

        assertThat(measurement.seconds()).extracting(Second::millis).containsExactly(1000L, 250L);
        assertThat(measurement.durationSeconds()).isEqualTo(1.25);
        assertThat(measurement.rate(null)).isEqualTo(new Report.Rate(null, 0.8, 0.8));
    }

    @Test
    void aClosedLoopHasNothingToCorrect() {
        Measurement closed = new Measurement(0, SECOND, true);
        closed.answered(0, 0, MILLI, 200);

        assertThat(closed.latencies().corrected()).isNull();
        assertThat(Objects.requireNonNull(closed.latencies().service()).count()).isEqualTo(1);
    }
}
