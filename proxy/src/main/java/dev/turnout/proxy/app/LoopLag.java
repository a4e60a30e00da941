package dev.turnout.proxy.app;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/** How late an event loop is: what a request that comes now would wait before anyone looks at it. */
final class LoopLag implements Runnable, DoubleSupplier {
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final double NANOS_PER_SECOND = 1e9;

    private long lastNanos = System.nanoTime();
    private volatile double seconds;

    private LoopLag() {}

    /** Measures once a second, on the loop itself. */
    static LoopLag watch(EventLoop loop) {
        LoopLag lag = new LoopLag();
        loop.scheduleWithFixedDelay(lag, PERIOD_NANOS, PERIOD_NANOS, TimeUnit.NANOSECONDS)
                .addListener(ended -> lag.seconds = 0);
        return lag;
    }

    @Override
    public void run() {
        long now = System.nanoTime();
        seconds = Math.max(0, now - lastNanos - PERIOD_NANOS) / NANOS_PER_SECOND;
        lastNanos = now;
    }

    @Override
    public double getAsDouble() {
        return seconds;
    }
}
