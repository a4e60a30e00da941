package dev.turnout.bench.http;

import dev.turnout.bench.load.Schedule;

/**
 * The open loop: requests become due by a schedule and wait, in order, until a connection takes them. A backlog of any
 * length is two numbers. It also knows how late its own clock was, which is nobody's fault but the load generator's.
 */
final class Backlog implements Demand {
    /** A request that was noticed later than this is one that the load generator delayed. */
    static final long LATE_NANOS = 1_000_000;

    private static final long FAR = 1_000_000_000;

    private final long countedFromNanos;
    private Schedule schedule;
    private long noticed;
    private long taken;
    private long late;
    private long maxLagNanos;

    /** @param countedFromNanos the lag of the clock counts for what is due from here on */
    Backlog(Schedule schedule, long countedFromNanos) {
        this.schedule = schedule;
        this.countedFromNanos = countedFromNanos;
    }

    @Override
    public void advance(long nowNanos) {
        while (noticed < schedule.count() && schedule.dueNanos(noticed) - nowNanos <= 0) {
            long due = schedule.dueNanos(noticed++);
            if (due - countedFromNanos >= 0) {
                long lag = nowNanos - due;
                maxLagNanos = Math.max(maxLagNanos, lag);
                late += lag > LATE_NANOS ? 1 : 0;
            }
        }
    }

    @Override
    public boolean isDue() {
        return taken < noticed;
    }

    @Override
    public long take(long nowNanos) {
        assert isDue();
        return schedule.dueNanos(taken++);
    }

    @Override
    public long nextNanos(long nowNanos) {
        return noticed < schedule.count() ? schedule.dueNanos(noticed) : nowNanos + FAR;
    }

    @Override
    public boolean isOver() {
        return taken >= schedule.count();
    }

    @Override
    public void endAt(long nowNanos) {
        advance(nowNanos);
        schedule = schedule.until(nowNanos);
        noticed = Math.min(noticed, schedule.count());
    }

    /** How many requests were noticed late. */
    long late() {
        return late;
    }

    /** How late the latest was noticed. */
    long maxLagNanos() {
        return maxLagNanos;
    }
}
