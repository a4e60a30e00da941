package dev.turnout.bench.jmh;

import dev.turnout.proxy.metrics.access.AccessEntry;
import dev.turnout.proxy.metrics.access.AccessLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a line of the access log costs an event loop, alone and beside another: the entry made and offered, in bursts
 * that the queue holds. And how long the writer takes for one, when it is never without.
 *
 * <pre>{@code
 * ./turnout version
 * "$JAVA_HOME/bin/java" -cp "$(cat bench/target/launcher.stamp)" org.openjdk.jmh.Main AccessLog -prof gc
 * }</pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgs = {"--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
    "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"})
public class AccessLogBenchmark {
    private static final int BURST = 2000;

    /** A log that goes nowhere. */
    @State(Scope.Benchmark)
    public static class Log {
        private final AtomicLong offered = new AtomicLong();
        private final AccessLog open = toNowhere();
        private final AccessLog closed = toNowhere();

        public Log() {
            closed.close();
        }

        private static AccessLog toNowhere() {
            try {
                return AccessLog.open("/dev/null");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @TearDown
        public void close() {
            open.close();
        }
    }

    /** Waits, outside of what is measured, until the queue is empty. */
    @State(Scope.Thread)
    public static class Burst {
        @Setup(Level.Invocation)
        public void drain(Log log) {
            while (log.open.written() + log.open.dropped() < log.offered.get()) {
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
            }
        }

        /** Fails when a burst met a full queue, as then something else was measured. */
        @TearDown(Level.Iteration)
        public void check(Log log) {
            if (log.open.dropped() > 0) {
                throw new IllegalStateException("dropped: " + log.open.dropped() + " (expected: none)");
            }
        }
    }

    private static AccessEntry entry(int i) {
        return new AccessEntry(1_792_228_502_007L + i, "192.0.2.7", "shop", "green", "cohort",
                123_456, "10.0.1.1:8080", "GET", "/api/v1/orders/18446?expand=items", 200, null,
                "8f14e45f-ceea-467f-a8d4-1c383cd30b7c", 1_234_567 + i, 1_000_000, 1, 7, 3);
    }

    private static int burst(Log log) {
        int accepted = 0;
        log.offered.addAndGet(BURST);
        for (int i = 0; i < BURST; i++) {
            accepted += log.open.offer(entry(i)) ? 1 : 0;
        }
        return accepted;
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public int oneLoop(Log log, Burst burst) {
        return burst(log);
    }

    @Benchmark
    @Threads(2)
    @OperationsPerInvocation(BURST)
    public int twoLoops(Log log, Burst burst) {
        return burst(log);
    }

    @Benchmark
    public boolean refused(Log log) {
        return log.closed.offer(entry(0));
    }

    @Benchmark
    public void writer(Log log) {
        AccessEntry entry = entry(0);
        while (!log.open.offer(entry)) {
            Thread.onSpinWait();
        }
    }
}
