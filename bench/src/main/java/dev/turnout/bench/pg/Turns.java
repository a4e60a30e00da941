package dev.turnout.bench.pg;

import dev.turnout.bench.load.Schedule;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands out what is due, each once and in order, to clients that wait for it on threads of their own. A client that was
 * free when something became due and yet got it later was delayed by the load generator, and by nobody else.
 */
final class Turns {
    /** From here on a delay of ours counts as one. */
    static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long NO_MORE = Long.MAX_VALUE / 2;

    private final LongSupplier ticker;
    private final @Nullable Schedule schedule;
    private final long countedFromNanos;
    private final AtomicLong taken = new AtomicLong();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile long endNanos;
    private long late;
    private long maxLagNanos;

    /**
     * @param schedule null: something is due whenever somebody is free (closed loop)
     * @param countedFromNanos delays count for what is due from here on
     * @param endNanos nothing is due then or later
     */
    Turns(LongSupplier ticker, @Nullable Schedule schedule, long countedFromNanos, long endNanos) {
        this.ticker = ticker;
        this.schedule = schedule;
        this.countedFromNanos = countedFromNanos;
        this.endNanos = endNanos;
    }

    /** Waits until the next is due and returns since when it is; empty: there is no more. */
    OptionalLong take() throws InterruptedException {
        long now = ticker.getAsLong();
        if (schedule == null) {
            return now - endNanos < 0 && taken.get() < NO_MORE ? OptionalLong.of(now) : OptionalLong.empty();
        }
        long index = taken.getAndIncrement();
        if (index >= schedule.count()) {
            return OptionalLong.empty();
        }
        long due = schedule.dueNanos(index);
        if (due - now > 0) {
            boolean _ = ended.await(due - now, TimeUnit.NANOSECONDS);
            delayed(due, ticker.getAsLong());
        }
        return due - endNanos < 0 ? OptionalLong.of(due) : OptionalLong.empty();
    }

    private synchronized void delayed(long due, long now) {
        if (due - countedFromNanos >= 0 && due - endNanos < 0) {
            maxLagNanos = Math.max(maxLagNanos, now - due);
            late += now - due > LATE_NANOS ? 1 : 0;
        }
    }

    /** Waits, but not beyond an early end. */
    void pause(long nanos) throws InterruptedException {
        boolean _ = ended.await(nanos, TimeUnit.NANOSECONDS);
    }

    /** Nothing that would be due later will be; what is due already is still owed. */
    void endAt(long nowNanos) {
        endNanos = nowNanos;
        ended.countDown();
    }

    /** Hands out no more; tells the due time of each that nobody has taken. */
    void close(LongConsumer leftOver) {
        long from = taken.getAndSet(NO_MORE);
        ended.countDown();
        if (schedule != null) {
            long count = schedule.until(endNanos).count();
            for (long index = from; index < count; index++) {
                leftOver.accept(schedule.dueNanos(index));
            }
        }
    }

    /** How many came late by our fault. */
    synchronized long late() {
        return late;
    }

    /** How late the latest of them came. */
    synchronized long maxLagNanos() {
        return maxLagNanos;
    }
}
