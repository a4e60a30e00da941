package dev.turnout.bench.signal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Makes Ctrl-C and SIGTERM a wish: the process lives on until this is closed, so that the command itself can end what
 * it started and say what it saw.
 */
public final class Stop implements AutoCloseable {
    /** Longer than everything takes that has to end. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final CountDownLatch wished = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::wishAndWait, "turnout-stop");

    private Stop() {}

    public static Stop onSignal() {
        Stop stop = new Stop();
        Runtime.getRuntime().addShutdownHook(stop.hook);
        return stop;
    }

    private void wishAndWait() {
        wished.countDown();
        try {
            boolean _ = ended.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits this long, or until the end is wished for; returns whether it is. */
    public boolean within(long nanos) throws InterruptedException {
        return wished.await(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        ended.countDown();
        if (wished.getCount() > 0) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException _) {
                // It runs already, and finds that all has ended.
            }
        }
    }
}
