package dev.turnout.admin.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The rhythm in which a display is refreshed. */
@FunctionalInterface
interface Ticks {
    /** For the command line: each second, for ever; Ctrl-C ends the process. */
    static Ticks eachSecond() {
        return () -> !new CountDownLatch(1).await(1, TimeUnit.SECONDS);
    }

    /** Waits for the next one; false: there is none, the display ends. */
    boolean next() throws InterruptedException;
}
