package dev.turnout.proxy.control;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Time for whoever waits by looking again and again. */
interface PollTimer {
    /** As {@link System#nanoTime}. */
    long nanos();

    /** Waits a moment. */
    void pause() throws InterruptedException;

    /** Looks fifty times a second. */
    PollTimer SYSTEM = new PollTimer() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void pause() throws InterruptedException {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    };
}
