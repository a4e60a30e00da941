package dev.turnout.proxy.metrics.access;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what requests came to from any thread, without making it wait, and writes it on a thread of its own. What does
 * not fit into memory or cannot be written is dropped and counted. Every entry that was offered is in the end either
 * written or dropped.
 */
public final class AccessLog implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(AccessLog.class);
    /** Of entries that wait: 8192 short ones. */
    static final int MAX_WAITING_BYTES = 4 * 1024 * 1024;
    /** Added to what waits, so that nothing more fits. */
    private static final int CLOSED = 1 << 30;
    private static final int BATCH_BYTES = 64 * 1024;
    /** From the first entry to its batch: a busy proxy wakes the writer a hundred times a second, not for each line. */
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(2);

    private final Output output;
    private final Thread writer = Thread.ofPlatform().daemon().name("turnout-access-log")
            .unstarted(this::run);
    private final ConcurrentLinkedQueue<AccessEntry> waiting = new ConcurrentLinkedQueue<>();
    /** Of all entries that were let in and are neither written nor dropped. */
    private final AtomicInteger waitingBytes = new AtomicInteger();
    /** Whether the writer sleeps until someone wakes it. */
    private final AtomicBoolean asleep = new AtomicBoolean();
    private final LongAdder written = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /** Only for the writer. */
    private final LineEncoder lines = new LineEncoder();
    private int batchWeight;
    private boolean failing;

    AccessLog(Output output) {
        this.output = output;
        writer.start();
    }

    /**
     * Starts the log.
     *
     * @param where a path, whose folder must be there, or "-" for standard output
     * @throws IOException that names the path and what is in the way
     */
    public static AccessLog open(String where) throws IOException {
        return open(where, System::nanoTime);
    }

    static AccessLog open(String where, LongSupplier nanos) throws IOException {
        if (where.equals("-")) {
            return new AccessLog(new StandardOutput());
        }
        try {
            return new AccessLog(LogFile.open(Path.of(where), nanos));
        } catch (InvalidPathException e) {
            throw new IOException("access-log: " + e.getMessage() + " (expected: a path, or \"-\")", e);
        }
    }

    /** Whether the entry is going to be written, if the place can be written to. Any thread; never waits. */
    public boolean offer(AccessEntry entry) {
        int weight = entry.weight();
        if (waitingBytes.addAndGet(weight) > MAX_WAITING_BYTES) {
            waitingBytes.addAndGet(-weight);
            dropped.increment();
            return false;
        }
        waiting.add(entry);
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            LockSupport.unpark(writer);
        }
        return true;
    }

    /** Entries that are in the log. Any thread. */
    public long written() {
        return written.sum();
    }

    /** Entries that are not in the log: there was no room for them, or they could not be written. Any thread. */
    public long dropped() {
        return dropped.sum();
    }

    /** Attempts to write that failed, each of one entry or of many. Any thread. */
    public long failed() {
        return failed.sum();
    }

    private void run() {
        do {
            AccessEntry entry = waiting.poll();
            while (entry != null) {
                batchWeight += entry.weight();
                lines.add(entry);
                if (lines.length() >= BATCH_BYTES) {
                    write();
                }
                entry = waiting.poll();
            }
            write();
        } while (awaitEntries());
        try {
            output.close();
        } catch (IOException e) {
            log.warn("access log not closed: {}", e.getMessage());
        }
    }

    /** Whether more comes. */
    private boolean awaitEntries() {
        if (closed()) {
            // Someone may be between its reservation and its entry.
            Thread.onSpinWait();
            return waitingBytes.get() != CLOSED;
        }
        asleep.set(true);
        while (waiting.isEmpty() && !closed()) {
            LockSupport.park(this);
        }
        asleep.set(false);
        if (!closed()) {
            LockSupport.parkNanos(this, GATHER_NANOS);
        }
        return true;
    }

    private boolean closed() {
        return waitingBytes.get() >= CLOSED;
    }

    private void write() {
        if (lines.length() == 0) {
            return;
        }
        ByteBuffer batch = lines.lines();
        try {
            output.write(batch);
            if (failing) {
                failing = false;
                log.info("access log is written again dropped={}", dropped());
            }
        } catch (IOException e) {
            failed.increment();
            if (!failing) {
                failing = true;
                log.error("{}; requests are not logged until it can be written again", e.getMessage());
            }
        }
        written.add(lineEnds(batch, 0, batch.position()));
        dropped.add(lineEnds(batch, batch.position(), batch.limit()));
        waitingBytes.addAndGet(-batchWeight);
        batchWeight = 0;
        lines.clear();
    }

    private static int lineEnds(ByteBuffer lines, int from, int to) {
        int ends = 0;
        for (int i = from; i < to; i++) {
            if (lines.get(i) == '\n') {
                ends++;
            }
        }
        return ends;
    }

    /** Takes no more entries, and returns when those that wait are written; after two seconds they are dropped. */
    @Override
    public void close() {
        waitingBytes.updateAndGet(bytes -> bytes >= CLOSED ? bytes : bytes + CLOSED);
        LockSupport.unpark(writer);
        try {
            if (writer.join(CLOSE_WAIT)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        int left = 0;
        for (AccessEntry entry = waiting.poll(); entry != null; entry = waiting.poll()) {
            waitingBytes.addAndGet(-entry.weight());
            dropped.increment();
            left++;
        }
        log.warn("access log closed dropped={}: the last lines could not be written in time", left);
    }
}
