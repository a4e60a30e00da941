package dev.turnout.proxy.http;

import java.util.concurrent.atomic.AtomicInteger;

/** How many client connections of one route may be open at once, on all event loops together. Any thread. */
public final class ConnectionLimit {
    private final int most;
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

    int most() {
        return most;
    }
}
