package dev.turnout.bench.load;

/**
 * The instants at which the requests of an open loop are due: evenly spaced, known beforehand, whatever the target
 * does. Pure.
 *
 * @param startNanos when the first one is due
 * @param perSecond 1..1 000 000
 * @param count how many there are
 */
public record Schedule(long startNanos, int perSecond, long count) {
    private static final long SECOND = 1_000_000_000;

    /** Those that are due within {@code lengthNanos}, the first one at once. */
    public static Schedule of(long startNanos, int perSecond, long lengthNanos) {
        long count = lengthNanos / SECOND * perSecond
                + (lengthNanos % SECOND * perSecond + SECOND - 1) / SECOND;
        return new Schedule(startNanos, perSecond, count);
    }

    /** When the request with this index, from 0, is due; exact, so that nothing adds up over a long run. */
    public long dueNanos(long index) {
        return startNanos + index / perSecond * SECOND + index % perSecond * SECOND / perSecond;
    }

    /** Without what would be due at {@code nowNanos} or later. */
    public Schedule until(long nowNanos) {
        return new Schedule(startNanos, perSecond,
                Math.min(count, of(startNanos, perSecond, Math.max(0, nowNanos - startNanos)).count()));
    }
}
