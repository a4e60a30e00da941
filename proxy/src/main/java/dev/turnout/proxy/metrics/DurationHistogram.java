package dev.turnout.proxy.metrics;

/**
 * Durations in log-linear buckets: 32 to each doubling, so any quantile is known to within 1.6 %. Written by one thread,
 * read by any. Takes 32 bytes before the first, then about 0.4 KB, and 0.3 KB for each doubling that was hit.
 */
final class DurationHistogram {
    private static final int SUB_BITS = 5;
    /** Of one doubling. */
    static final int SUB_BUCKETS = 1 << SUB_BITS;
    /** Durations below 2^14 ns, 16 microseconds, share the first bucket. */
    private static final int LOWEST_EXPONENT = 14;
    /** Durations from 2^36 ns, 69 seconds, share the last bucket. */
    private static final int HIGHEST_EXPONENT = 36;
    static final int DOUBLINGS = HIGHEST_EXPONENT - LOWEST_EXPONENT;
    static final int BUCKETS = DOUBLINGS * SUB_BUCKETS + 2;
    private static final int SUM = 0;
    /** Of the first bucket among the counters: puts every doubling on a page of its own. */
    private static final int FIRST = OwnedCounters.PAGE_SIZE - 1;

    private final OwnedCounters counters = new OwnedCounters(FIRST + BUCKETS);

    void record(long nanos) {
        counters.add(FIRST + bucket(nanos), 1);
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

    /** The middle of a bucket; the beginning of the last, which has no end. */
    private static long middleNanos(int bucket) {
        long lower = bucket == 0 ? 0 : upperNanos(bucket - 1);
        return bucket == BUCKETS - 1 ? lower : lower + (upperNanos(bucket) - lower) / 2;
    }

    /**
     * The shortest duration that at least the share {@code q} of all does not exceed. Answered by the middle of its
     * bucket, which is never further off than half of that.
     *
     * @param counts of all buckets; not all zero
     */
    static long quantileNanos(double q, long[] counts) {
        long all = 0;
        for (long count : counts) {
            all += count;
        }
        long rank = Math.max(1, (long) Math.ceil(q * all));
        int bucket = 0;
        for (long seen = counts[0]; seen < rank && bucket < BUCKETS - 1; seen += counts[bucket]) {
            bucket++;
        }
        return middleNanos(bucket);
    }

    /** Adds what this loop counted to {@code buckets}, and answers the sum of the durations in nanoseconds. */
    long addTo(long[] buckets) {
        for (int i = 0; i < BUCKETS; i++) {
            buckets[i] += counters.get(FIRST + i);
        }
        return counters.get(SUM);
    }
}
