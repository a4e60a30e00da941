package dev.turnout.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {
    private static final long START = Long.MAX_VALUE - 5; // a ticker may wrap around

    private static Schedule schedule(int perSecond, Duration length) {
        return Schedule.of(START, perSecond, length.toNanos());
    }

    @Test
    void spacesRequestsEvenly() {
        Schedule schedule = schedule(3, Duration.ofSeconds(1));

        assertThat(schedule.dueNanos(0) - START).isZero();
        assertThat(schedule.dueNanos(1) - START).isEqualTo(333_333_333);
        assertThat(schedule.dueNanos(2) - START).isEqualTo(666_666_666);
        assertThat(schedule.dueNanos(3) - START).isEqualTo(1_000_000_000);
    }

    @Test
    void doesNotDriftInTheCourseOfADay() {
        Schedule schedule = schedule(999_999, Duration.ofDays(1));

        assertThat(schedule.dueNanos(schedule.count()) - START).isEqualTo(Duration.ofDays(1).toNanos());
    }

    @ParameterizedTest
    @CsvSource({"5000, PT30S, 150000", "3, PT2.5S, 8", "1, PT0.1S, 1", "10, PT1.001S, 11",
        "1000000, PT24H, 86400000000"})
    void countsWhatIsDueWithinItsLength(int perSecond, Duration length, long count) {
        Schedule schedule = schedule(perSecond, length);

        assertThat(schedule.count()).isEqualTo(count);
        assertThat(schedule.dueNanos(count - 1) - START).isLessThan(length.toNanos());
        assertThat(schedule.dueNanos(count) - START).isGreaterThanOrEqualTo(length.toNanos());
    }

    @Test
    void canBeCutShort() {
        Schedule schedule = schedule(1000, Duration.ofSeconds(1));

        assertThat(schedule.until(START + Duration.ofMillis(300).toNanos()).count()).isEqualTo(300);
        assertThat(schedule.until(START - 1).count()).isZero();
        assertThat(schedule.until(START + Duration.ofHours(1).toNanos()).count()).isEqualTo(1000);
    }
}
