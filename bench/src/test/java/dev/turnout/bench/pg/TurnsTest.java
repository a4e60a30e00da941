package dev.turnout.bench.pg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bench.load.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whose turn it is, in a time that only the test moves. */
@Timeout(20)
class TurnsTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final AtomicLong now = new AtomicLong();
    /** One transaction each millisecond, from 0, for ten of them. */
    private final Turns turns = new Turns(now::get, new Schedule(0, 1000, 10), 0, 10 * MILLI);

    @Test
    void whatWaitedForAClientKeepsTheTimeAtWhichItWasDueAndIsNobodysDelay() throws InterruptedException {
        now.set(8 * MILLI);

        assertThat(turns.take()).hasValue(0);
        now.set(9 * MILLI);
        assertThat(turns.take()).hasValue(MILLI);
        assertThat(turns.late()).isZero();
        assertThat(turns.maxLagNanos()).isZero();
    }

    /** Tells the first time, and after that the second: whoever waited woke up then. */
    private static Turns oneThatWakes(long first, long then, long countedFrom) {
        AtomicLong asked = new AtomicLong();
        return new Turns(() -> asked.getAndIncrement() == 0 ? first : then, new Schedule(MILLI, 1000, 10),
                countedFrom, 20 * MILLI);
    }

    @Test
    void aClientThatWasFreeAndWokeLateWasDelayedByUs() throws InterruptedException {
        Turns late = oneThatWakes(0, 4 * MILLI, 0);

        assertThat(late.take()).hasValue(MILLI);
        assertThat(late.late()).isEqualTo(1);
        assertThat(late.maxLagNanos()).isEqualTo(3 * MILLI);
    }

    @Test
    void aMillisecondLateIsAsGoodAsInTime() throws InterruptedException {
        Turns late = oneThatWakes(0, MILLI + Turns.LATE_NANOS, 0);

        assertThat(late.take()).hasValue(MILLI);
        assertThat(late.late()).isZero();
    }

    @Test
    void delaysInTheWarmUpDoNotCount() throws InterruptedException {
        Turns late = oneThatWakes(0, 4 * MILLI, 2 * MILLI);

        assertThat(late.take()).hasValue(MILLI);
        assertThat(late.maxLagNanos()).isZero();
    }

    @Test
    void handsOutEachOnceUntilThereAreNoMore() throws InterruptedException {
        now.set(50 * MILLI);
        List<Long> taken = new ArrayList<>();
        for (OptionalLong due = turns.take(); due.isPresent(); due = turns.take()) {
            taken.add(due.getAsLong() / MILLI);
        }
        assertThat(taken).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    }

    @Test
    void whatWasDueWhenItWasStoppedIsStillOwedAndTheRestIsNot() throws InterruptedException {
        now.set(3 * MILLI + 1);
        turns.endAt(3 * MILLI + 1);

        assertThat(turns.take()).hasValue(0);
        List<Long> leftOver = new ArrayList<>();
        turns.close(due -> leftOver.add(due / MILLI));
        assertThat(leftOver).containsExactly(1L, 2L, 3L);
        assertThat(turns.take()).isEmpty();
    }

    @Test
    void whoWaitsForWhatIsDueAfterTheEndGoesAwayEmpty() throws InterruptedException {
        turns.endAt(0);

        assertThat(turns.take()).isEmpty();
    }

    @Test
    void aClosedLoopAlwaysWantsMoreUntilItsEnd() throws InterruptedException {
        Turns closed = new Turns(now::get, null, 0, MILLI);
        now.set(MILLI - 1);
        assertThat(closed.take()).as("due when it can be sent").hasValue(MILLI - 1);

        now.set(MILLI);
        assertThat(closed.take()).isEmpty();
        List<Long> leftOver = new ArrayList<>();
        closed.close(leftOver::add);
        assertThat(leftOver).isEmpty();
    }
}
