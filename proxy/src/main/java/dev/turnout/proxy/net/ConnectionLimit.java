package dev.turnout.proxy.net;

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
    public boolean enter() {
        if (open.incrementAndGet() <= most) {
            return true;
        }
        open.decrementAndGet();
        return false;
    }

    public void leave() {
        open.decrementAndGet();
    }

    /** From now on; those that are open stay. */
    public void set(int atMost) {
        most = atMost;
    }

    public int most() {
        return most;
    }
}
