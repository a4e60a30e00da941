package dev.turnout.proxy.http.head;

import java.util.ArrayDeque;
import java.util.function.Supplier;

/**
 * Heads that nobody reads at the moment. A connection holds one only while it reads a head, so that an idle one costs no table;
 * and what a crowd of slow heads needed is not kept. Confined to one event loop.
 *
 * @param <H> of requests or of responses
 */
public final class SpareHeads<H extends MessageHead> {
    private static final int MOST = 64;

    private final ArrayDeque<H> spare = new ArrayDeque<>();
    private final Supplier<H> fresh;

    public SpareHeads(Supplier<H> fresh) {
        this.fresh = fresh;
    }

    /** One that has read nothing yet. */
    public H take() {
        H head = spare.pollLast();
        return head == null ? fresh.get() : head;
    }

    public void giveBack(H head) {
        head.reset();
        if (spare.size() < MOST) {
            spare.offerLast(head);
        }
    }
}
