package dev.turnout.bench.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bench.load.Schedule;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DemandTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    /** One request each millisecond, from 0, for ten of them. */
    private final Backlog backlog = new Backlog(new Schedule(0, 1000, 10), 0);

    private static int takeAll(Demand demand, long now) {
        int taken = 0;
        for (; demand.isDue(); taken++) {
            demand.take(now);
        }
        return taken;
    }

    @Test
    void requestsBecomeDueWithTheClockAndNotBefore() {
        backlog.advance(-1);
        assertThat(backlog.isDue()).isFalse();

        backlog.advance(3 * MILLI - 1);
        assertThat(takeAll(backlog, 3 * MILLI - 1)).isEqualTo(3);
        assertThat(backlog.nextNanos(0)).isEqualTo(3 * MILLI);
    }

    @Test
    void whatCouldNotBeSentKeepsTheTimeAtWhichItWasDue() {
        backlog.advance(8 * MILLI);

        assertThat(backlog.take(8 * MILLI)).isZero();
        assertThat(backlog.take(9 * MILLI)).isEqualTo(MILLI);
        assertThat(backlog.take(20 * MILLI)).isEqualTo(2 * MILLI);
    }

    @Test
    void isOverWhenTheLastRequestIsTaken() {
        backlog.advance(50 * MILLI);
        assertThat(backlog.isOver()).isFalse();

        assertThat(takeAll(backlog, 50 * MILLI)).isEqualTo(10);
        assertThat(backlog.isOver()).isTrue();
    }

    @Test
    void whatWasDueWhenItWasStoppedIsStillOwed() {
        backlog.endAt(4 * MILLI + 1);

        assertThat(takeAll(backlog, 5 * MILLI)).isEqualTo(5);
        assertThat(backlog.isOver()).isTrue();
    }

    @Test
    void aClockThatIsLateIsItsOwnFaultHoweverBusyTheConnectionsAre() {
        backlog.advance(0);
        backlog.advance(MILLI + Backlog.LATE_NANOS);
        assertThat(backlog.late()).as("1 ms late is as good as in time").isZero();

        backlog.advance(7 * MILLI);

        assertThat(backlog.late()).as("those due at 3, 4 and 5 ms").isEqualTo(3);
        assertThat(backlog.maxLagNanos()).isEqualTo(4 * MILLI);
    }

    @Test
    void theClockOfTheWarmUpDoesNotCount() {
        Backlog warm = new Backlog(new Schedule(0, 1000, 10), 5 * MILLI);
        warm.advance(5 * MILLI);

        assertThat(warm.late()).isZero();
        assertThat(warm.maxLagNanos()).isZero();
    }

    @Test
    void aClosedLoopAlwaysWantsMoreUntilItsEnd() {
        ClosedLoop closed = new ClosedLoop(MILLI);
        closed.advance(MILLI - 1);
        assertThat(closed.isDue()).isTrue();
        assertThat(closed.take(MILLI - 1)).as("due when it can be sent").isEqualTo(MILLI - 1);

        closed.advance(MILLI);
        assertThat(closed.isDue()).isFalse();
        assertThat(closed.isOver()).isTrue();
    }
}
