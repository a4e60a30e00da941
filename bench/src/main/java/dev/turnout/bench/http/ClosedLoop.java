package dev.turnout.bench.http;

/** The closed loop: something is due whenever a connection is free, until the end. */
final class ClosedLoop implements Demand {
    private static final long FAR = 1_000_000_000;

    private long endNanos;
    private boolean over;

    ClosedLoop(long endNanos) {
        this.endNanos = endNanos;
    }

    @Override
    public void advance(long nowNanos) {
        over = nowNanos - endNanos >= 0;
    }

    @Override
    public boolean isDue() {
        return !over;
    }

    @Override
    public long take(long nowNanos) {
        return nowNanos;
    }

    @Override
    public long nextNanos(long nowNanos) {
        return over ? nowNanos + FAR : endNanos;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public void endAt(long nowNanos) {
        endNanos = nowNanos;
        over = true;
    }
}
