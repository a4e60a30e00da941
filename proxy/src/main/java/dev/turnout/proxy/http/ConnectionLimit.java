package dev.turnout.proxy.http;

import java.util.concurrent.atomic.AtomicInteger;

/** How many client connections of one route may be open at once, on all event loops together. Any thread. */
public final class ConnectionLimit {
    private volatile int most;
    private final AtomicInteger open = new AtomicInteger();

    /** @param most 1 or more */
    public ConnectionLimit(int most) {
        this.most = most;
    }

    /** Answers false when there are as many already; else followed by exactly one {@link #leave}. */
    boolean enter() {
        if (open.incrementAndGet() <= most) {
            return true;
        }
        open.decrementAndGet();
        return false;
    }

    void leave() {
        open.decrementAndGet();
    }

    /** From now on; those that are open stay. */
    public void set(int atMost) {
        most = atMost;
    }

    int most() {
        return most;
    }
}
