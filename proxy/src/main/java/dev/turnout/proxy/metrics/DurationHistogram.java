package dev.turnout.proxy.metrics;

/**
 * Durations in log-linear buckets: four to each doubling, so any quantile is known to within a fifth of itself. Written
 * by one thread, read by any.
 */
final class DurationHistogram {
    private static final int SUB_BITS = 2;
    private static final int SUB_BUCKETS = 1 << SUB_BITS;
    /** Durations below 2^14 ns, 16 microseconds, share the first bucket. */
    private static final int LOWEST_EXPONENT = 14;
    /** Durations from 2^36 ns, 69 seconds, share the last bucket. */
    private static final int HIGHEST_EXPONENT = 36;
    static final int BUCKETS = (HIGHEST_EXPONENT - LOWEST_EXPONENT) * SUB_BUCKETS + 2;
    private static final int SUM = BUCKETS;

    private final OwnedCounters counters = new OwnedCounters(BUCKETS + 1);

    void record(long nanos) {
        counters.add(bucket(nanos), 1);
        counters.add(SUM, nanos);
    }

    static int bucket(long nanos) {
        if (nanos < 1L << LOWEST_EXPONENT) {
            return 0;
        }
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos);
        if (exponent >= HIGHEST_EXPONENT) {
            return BUCKETS - 1;
        }
        int sub = (int) (nanos >>> (exponent - SUB_BITS)) & (SUB_BUCKETS - 1);
        return 1 + (exponent - LOWEST_EXPONENT) * SUB_BUCKETS + sub;
    }

    /** The end of a bucket, exclusive, in nanoseconds; {@link Long#MAX_VALUE} for the last. */
    static long upperNanos(int bucket) {
        if (bucket == 0) {
            return 1L << LOWEST_EXPONENT;
        }
        if (bucket == BUCKETS - 1) {
            return Long.MAX_VALUE;
        }
        int exponent = LOWEST_EXPONENT + (bucket - 1) / SUB_BUCKETS;
        int sub = (bucket - 1) % SUB_BUCKETS;
        return (SUB_BUCKETS + sub + 1L) << (exponent - SUB_BITS);
    }

    /** Adds what this loop counted to {@code buckets}, and answers the sum of the durations in nanoseconds. */
    long addTo(long[] buckets) {
        for (int i = 0; i < BUCKETS; i++) {
            buckets[i] += counters.get(i);
        }
        return counters.get(SUM);
    }
}
