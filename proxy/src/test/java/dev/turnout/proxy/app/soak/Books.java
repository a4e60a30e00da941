package dev.turnout.proxy.app.soak;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What all clients and endpoints of a soak saw. Any thread. */
public final class Books {
    private static final int MOST_FAULTS = 20;

    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Map<String, LongAdder> outcomes = new ConcurrentHashMap<>();
    /** Requests that must not be sent twice, and how often each was seen. */
    private final Map<String, AtomicInteger> sightings = new ConcurrentHashMap<>();
    private final LongAdder certain = new LongAdder();
    private final LongAdder perhaps = new LongAdder();
    private final LongAdder right = new LongAdder();
    private final AtomicInteger silentCloses = new AtomicInteger();
    private final AtomicInteger metClosed = new AtomicInteger();
    private final AtomicInteger endpointConnections = new AtomicInteger();

    void fault(String what) {
        if (faults.size() < MOST_FAULTS) {
            faults.add(what);
        } else {
            end();
        }
    }

    /** What must not have happened; at most twenty. */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    /** Every pause ends, and everybody stops when what is under way has ended. */
    public void end() {
        over.countDown();
    }

    boolean over() {
        return over.getCount() == 0;
    }

    /** Waits so long, or until the end. */
    void pause(long millis) {
        try {
            if (over.await(millis, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** An endpoint got the head of a request. */
    void seen(String token, boolean repeatable) {
        if (!repeatable
                && sightings.computeIfAbsent(token, first -> new AtomicInteger()).incrementAndGet() > 1) {
            fault(token + ": seen twice, and may not be repeated");
        }
    }

    /** The request has ended in this way, and the proxy must have counted it. */
    void ended(String token, String how) {
        sightings.remove(token);
        certain.increment();
        outcomes.computeIfAbsent(how, first -> new LongAdder()).increment();
    }

    /** The answer was right and whole. */
    void right(Ask ask) {
        if (ask.deed().ending() == Deed.Ending.WHOLE) {
            right.increment();
        }
        ended(ask.token(), "right " + ask.deed());
    }

    /** The client left before it could know. */
    void left(String token, String how) {
        sightings.remove(token);
        perhaps.increment();
        outcomes.computeIfAbsent(how, first -> new LongAdder()).increment();
    }

    /** An endpoint closes a connection that it let the proxy believe in. */
    void closesSilently() {
        silentCloses.incrementAndGet();
    }

    /** A request that may not be repeated met such a connection. */
    void metClosed() {
        metClosed.incrementAndGet();
    }

    public int silentCloses() {
        return silentCloses.get();
    }

    public int closesMet() {
        return metClosed.get();
    }

    void endpointConnection(int change) {
        endpointConnections.addAndGet(change);
    }

    /** Open connections to all endpoints. */
    public int endpointConnections() {
        return endpointConnections.get();
    }

    /** Requests that the proxy must have counted. */
    public long certain() {
        return certain.sum();
    }

    /** Requests that the proxy may have counted. */
    public long perhaps() {
        return perhaps.sum();
    }

    /** Answers that were right and whole, with a status of 2xx. */
    public long right() {
        return right.sum();
    }

    /** How many requests ended in which way. */
    public Map<String, Long> outcomes() {
        Map<String, Long> counts = new TreeMap<>();
        outcomes.forEach((how, count) -> counts.put(how, count.sum()));
        return counts;
    }
}
