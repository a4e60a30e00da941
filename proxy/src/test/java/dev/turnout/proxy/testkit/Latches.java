package dev.turnout.proxy.testkit;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waiting inside a script. */
public final class Latches {
    private static final int TIMEOUT_SECONDS = 20;

    private Latches() {}

    /** Throws IOException when it does not open in time: then the script ends, as on any other failure. */
    public static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("latch: still closed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
