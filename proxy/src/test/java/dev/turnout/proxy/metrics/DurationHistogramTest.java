package dev.turnout.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationHistogramTest {
    private static final int LAST = DurationHistogram.BUCKETS - 1;

    @Test
    void bucketsRise() {
        for (int bucket = 1; bucket <= LAST; bucket++) {
            assertThat(DurationHistogram.upperNanos(bucket)).as("bucket %s", bucket)
                    .isGreaterThan(DurationHistogram.upperNanos(bucket - 1));
        }
    }

    @Test
    void eachBucketBeginsWhereTheOneBeforeEnds() {
        for (int bucket = 0; bucket < LAST; bucket++) {
            long upper = DurationHistogram.upperNanos(bucket);
            assertThat(DurationHistogram.bucket(upper - 1)).as("last of bucket %s", bucket).isEqualTo(bucket);
            assertThat(DurationHistogram.bucket(upper)).as("first behind bucket %s", bucket)
                    .isEqualTo(bucket + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 0.99, 1})
    void whereAllTookTheSameEveryQuantileIsThatToWithinOnePointSixPercent(double q) {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 10_000; i++) {
            long nanos = random.nextLong(1L << 14, 1L << 36);
            long[] counts = new long[DurationHistogram.BUCKETS];
            counts[DurationHistogram.bucket(nanos)] = 1L + i % 1000;
            assertThat((double) DurationHistogram.quantileNanos(q, counts)).as("%s ns", nanos)
                    .isCloseTo((double) nanos, withPercentage(1.6));
        }
    }

    @ParameterizedTest
    @CsvSource({"0.98, 1000000", "0.99, 1000000", "0.991, 50000000", "1, 50000000"})
    void aQuantileIsTheShortestThatSoManyDoNotExceed(double q, long nanos) {
        long[] counts = new long[DurationHistogram.BUCKETS];
        counts[DurationHistogram.bucket(1_000_000)] = 990;
        counts[DurationHistogram.bucket(50_000_000)] = 10;
        assertThat((double) DurationHistogram.quantileNanos(q, counts)).isCloseTo((double) nanos,
                withPercentage(1.6));
    }

    @ParameterizedTest
    @CsvSource({"1, 8192", "100000000000, 68719476736"})
    void beyondTheScaleAQuantileStaysOnIt(long nanos, long shown) {
        long[] counts = new long[DurationHistogram.BUCKETS];
        counts[DurationHistogram.bucket(nanos)] = 3;
        assertThat(DurationHistogram.quantileNanos(0.5, counts)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"-1", "0", "16383"})
    void theFirstBucketTakesWhateverIsShorter(long nanos) {
        assertThat(DurationHistogram.bucket(nanos)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"68719476736", "9223372036854775807"})
    void theLastBucketTakesWhateverIsLonger(long nanos) {
        assertThat(DurationHistogram.bucket(nanos)).isEqualTo(LAST);
    }

    @Test
    void countsEachDurationOnce() {
        DurationHistogram histogram = new DurationHistogram();
        histogram.record(20_000);
        histogram.record(20_000);
        histogram.record(1_000_000);
        long[] buckets = new long[DurationHistogram.BUCKETS];
        long sum = histogram.addTo(buckets);
        assertThat(sum).isEqualTo(1_040_000);
        assertThat(buckets[DurationHistogram.bucket(20_000)]).isEqualTo(2);
        assertThat(buckets[DurationHistogram.bucket(1_000_000)]).isEqualTo(1);
    }
}
