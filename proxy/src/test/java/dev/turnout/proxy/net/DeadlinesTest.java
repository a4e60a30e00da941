package dev.turnout.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlinesTest {
    private static final long TICK = Deadlines.TICK_NANOS;
    private static final long START = Long.MAX_VALUE - 3 * TICK;

    private final Deadlines wheel = new Deadlines(START);
    private long now = START;

    /** Counts, and remembers when. */
    private final class Counting extends Deadlines.Deadline {
        private final List<Long> firedAfter = new ArrayList<>();
        private long again = -1;

        @Override
        protected void expired() {
            firedAfter.add(now - START);
            if (again >= 0) {
                wheel.set(this, again);
            }
        }
    }

    /** At the pace of a loop that does not stand still. */
    private void pass(long nanos) {
        long end = now + nanos;
        while (end - now > TICK) {
            now += TICK;
            wheel.advance(now);
        }
        now = end;
        wheel.advance(now);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 5, 511, 512, 513, 1024, 36_000})
    void firesOnceNeverEarlyAndAtMostATickLate(long ticks) {
        pass(TICK / 2);
        Counting deadline = new Counting();
        wheel.set(deadline, ticks);
        for (long i = 0; i < ticks; i++) {
            pass(TICK);
        }
        assertThat(deadline.firedAfter).isEmpty();
        pass(TICK);
        assertThat(deadline.firedAfter).hasSize(1);
        for (int i = 0; i < 1100; i++) {
            pass(TICK);
        }
        assertThat(deadline.firedAfter).as("only once").hasSize(1);
    }

    @Test
    void whatIsPutOffDoesNotFireAtItsOldTime() {
        Counting deadline = new Counting();
        wheel.set(deadline, 10);
        for (int i = 0; i < 100; i++) {
            pass(9 * TICK);
            wheel.set(deadline, 10);
        }
        assertThat(deadline.firedAfter).isEmpty();
        pass(11 * TICK);
        assertThat(deadline.firedAfter).hasSize(1);
    }

    @Test
    void whatIsBroughtForwardFiresAtItsNewTime() {
        Counting deadline = new Counting();
        wheel.set(deadline, 600);
        wheel.set(deadline, 3);
        pass(4 * TICK);
        assertThat(deadline.firedAfter).hasSize(1);
    }

    @Test
    void isBroughtForwardButNeverPutOffByBringingForward() {
        Counting deadline = new Counting();
        wheel.bringForward(deadline, 700);
        wheel.bringForward(deadline, 3);
        wheel.bringForward(deadline, 600);
        pass(5 * TICK);
        assertThat(deadline.firedAfter).hasSize(1);
        pass(1000 * TICK);
        assertThat(deadline.firedAfter).hasSize(1);
        wheel.bringForward(deadline, 1);
        pass(3 * TICK);
        assertThat(deadline.firedAfter).as("set anew by it, too").hasSize(2);
    }

    @Test
    void whatIsClearedNeverFires() {
        Counting deadline = new Counting();
        wheel.set(deadline, 3);
        wheel.clear(deadline);
        wheel.clear(deadline);
        pass(600 * TICK);
        assertThat(deadline.firedAfter).isEmpty();
    }

    @Test
    void mayBeSetAgainByItsOwnEnd() {
        Counting deadline = new Counting();
        deadline.again = 0;
        wheel.set(deadline, 0);
        for (int i = 0; i < 5; i++) {
            pass(TICK);
        }
        assertThat(deadline.firedAfter).hasSize(5);
    }

    @Test
    void oneEndMayClearAnotherOfTheSameTick() {
        Counting second = new Counting();
        Deadlines.Deadline first = new Deadlines.Deadline() {
            @Override
            protected void expired() {
                wheel.clear(second);
            }
        };
        wheel.set(first, 3);
        wheel.set(second, 3);
        pass(5 * TICK);
        assertThat(second.firedAfter).isEmpty();
    }

    @Test
    void aStandStillOfTheLoopIsNobodysSilence() {
        Counting deadline = new Counting();
        wheel.set(deadline, 20);
        now += 1_000 * TICK;
        wheel.advance(now);
        assertThat(deadline.firedAfter).isEmpty();
        pass(18 * TICK);
        assertThat(deadline.firedAfter).hasSize(1);
    }

    @Test
    void whatFailsDoesNotStopTheOthers() {
        wheel.set(new Deadlines.Deadline() {
            @Override
            protected void expired() {
                throw new OutOfMemoryError("as if");
            }
        }, 3);
        Counting other = new Counting();
        wheel.set(other, 3);
        pass(5 * TICK);
        assertThat(other.firedAfter).hasSize(1);
    }

    @Test
    void thousandsSetAtRandomEachFireInTheirTick() {
        SplittableRandom random = new SplittableRandom(7);
        List<Counting> deadlines = new ArrayList<>();
        List<Long> wanted = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            Counting deadline = new Counting();
            long ticks = random.nextLong(2_000);
            wheel.set(deadline, random.nextLong(2_000));
            wheel.set(deadline, ticks);
            deadlines.add(deadline);
            wanted.add((ticks + 1) * TICK);
        }
        for (int i = 0; i <= 2_001; i++) {
            pass(TICK);
        }
        for (int i = 0; i < deadlines.size(); i++) {
            assertThat(deadlines.get(i).firedAfter).containsExactly(wanted.get(i));
        }
    }
}
