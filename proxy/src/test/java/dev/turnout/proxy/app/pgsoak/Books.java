package dev.turnout.proxy.app.pgsoak;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** What clients have met. Any thread. */
public final class Books {
    private static final int TOO_MANY = 20;

    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    /** Sessions that are open, by the process id of their server. */
    private final Map<Integer, PgClient> sessions = new ConcurrentHashMap<>();
    private final CountDownLatch over = new CountDownLatch(1);

    void fault(String what) {
        faults.add(what);
        if (faults.size() > TOO_MANY) {
            over.countDown();
        }
    }

    void count(String what) {
        counts.computeIfAbsent(what, _ -> new LongAdder()).increment();
    }

    Map<Integer, PgClient> sessions() {
        return sessions;
    }

    boolean over() {
        return over.getCount() == 0;
    }

    void end() {
        over.countDown();
    }

    /** Returns when that time is over, or too much has gone wrong. */
    void pause(long millis) throws InterruptedException {
        if (over.await(millis, TimeUnit.MILLISECONDS)) {
            count("ended early");
        }
    }

    public List<String> faults() {
        return List.copyOf(faults);
    }

    /** How often each thing was done, or happened. */
    public Map<String, Long> counts() {
        Map<String, Long> all = new TreeMap<>();
        counts.forEach((what, count) -> all.put(what, count.sum()));
        return all;
    }
}
