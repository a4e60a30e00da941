package dev.turnout.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.locks.LockSupport;

/** What the kernel says about processes that are not ours to wait for. */
final class ProcessStates {
    private static final long BETWEEN_LOOKS_NANOS = Duration.ofMillis(1).toNanos();

    private ProcessStates() {}

    /** Whether it runs no more; its parent need not have asked for its exit code yet. */
    static boolean ended(long pid) throws IOException {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // The name before the state is in brackets and may hold anything.
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state == 'Z' || state == 'X';
        } catch (IOException e) {
            // Gone before it was opened, or between that and the reading.
            if (Files.exists(Path.of("/proc", Long.toString(pid)))) {
                throw e;
            }
            return true;
        }
    }

    static void awaitEnded(Collection<Long> pids, Duration timeout) throws IOException {
        long start = System.nanoTime();
        for (long pid : pids) {
            while (!ended(pid)) {
                if (System.nanoTime() - start > timeout.toNanos()) {
                    throw new IOException("process " + pid + " runs after " + timeout + " (expected: none)");
                }
                LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
            }
        }
    }
}
