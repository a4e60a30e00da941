package dev.turnout.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TallyTest {
    /** @param filled of a hundred buckets */
    private static Tally some(long seed, int filled) {
        SplittableRandom random = new SplittableRandom(seed);
        Tally tally = new Tally();
        tally.count(random.nextLong(1L << 40), false);
        tally.count(random.nextLong(1000), true);
        for (int i = 0; i < tally.durations().length; i++) {
            if (random.nextInt(100) < filled) {
                tally.durations()[i] = random.nextLong(1L << random.nextInt(1, 50));
            }
        }
        return tally;
    }

    private static void assertSame(Tally actual, Tally expected) {
        assertThat(actual.requests()).isEqualTo(expected.requests());
        assertThat(actual.errors()).isEqualTo(expected.errors());
        assertThat(actual.durations()).isEqualTo(expected.durations());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10, 50, 99, 100})
    void whatWasPackedComesBack(int filled) {
        for (int seed = 0; seed < 100; seed++) {
            Tally tally = some(seed, filled);
            Tally unpacked = new Tally();
            unpacked.add(tally.packed());
            assertSame(unpacked, tally);
        }
    }

    @Test
    void whatIsTakenAwayIsAsIfItHadNeverCome() {
        Tally tally = some(1, 50);
        tally.add(some(2, 50).packed());
        tally.subtract(some(2, 50).packed());
        assertSame(tally, some(1, 50));
    }

    @Test
    void nothingTakesNoMemory() {
        assertThat(new Tally().packed()).isSameAs(Tally.NOTHING);
    }

    @Test
    void aFewRequestsTakeAFewBytes() {
        Tally tally = new Tally();
        tally.count(100, false);
        for (int i = 300; i < 350; i++) {
            tally.durations()[i] = 2;
        }
        assertThat(tally.packed()).hasSizeLessThan(60);
    }
}
