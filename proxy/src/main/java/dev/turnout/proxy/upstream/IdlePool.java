package dev.turnout.proxy.upstream;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Idle connections of one event loop to one endpoint; the one that was used last comes first, so that those in excess
 * grow old at the other end. Confined to its loop.
 *
 * @param <C> a connection
 */
public final class IdlePool<C> {
    private final ArrayDeque<C> idle = new ArrayDeque<>();
    private final int most;

    /** @param most connections that are kept; 1 or more */
    public IdlePool(int most) {
        this.most = most;
    }

    public @Nullable C take() {
        return idle.pollLast();
    }

    /** Answers false, and does not keep it, when the pool is full. */
    public boolean offer(C connection) {
        return idle.size() < most && idle.offerLast(connection);
    }

    /** Forgets a connection that ended while it was idle. */
    public void remove(C connection) {
        idle.remove(connection);
    }

    int size() {
        return idle.size();
    }
}
