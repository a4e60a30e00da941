package dev.turnout.proxy.net;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every time limit of one event loop, on one coarse wheel. A limit fires up to two ticks late and never early, so that
 * putting it off, which a busy connection does with each message, costs no more than a store. Confined to its loop.
 */
@SuppressWarnings("ReferenceEquality") // the nodes of a list
public final class Deadlines {
    /** How far the wheel turns at a time. */
    public static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final Logger log = LoggerFactory.getLogger(Deadlines.class);
    private static final int SLOTS = 512;
    /** That the wheel turns at once, at most. */
    private static final int MOST_TICKS = 3;
    private static final long UNSET = Long.MAX_VALUE;

    /** One limit of one owner, used again and again. Made free of the wheel; confined to the wheel's loop. */
    public abstract static class Deadline {
        /** When it fires, in ticks. It may stand in an earlier slot, and is moved on when that one comes up. */
        private long atTick = UNSET;
        private long slotTick;
        private @Nullable Deadline previous;
        private @Nullable Deadline next;

        /** The time is up. It is no longer set, and may be set anew. */
        protected abstract void expired();
    }

    /** The head of a circular list. */
    private static final class Slot extends Deadline {
        @Override
        protected void expired() {
            throw new IllegalStateException("slot: expired (expected: only what stands in it)");
        }
    }

    private final Deadline[] slots = new Deadline[SLOTS];
    private long startNanos;
    private long nowTick;

    /** @param nowNanos as of {@link System#nanoTime} */
    public Deadlines(long nowNanos) {
        startNanos = nowNanos;
        for (int i = 0; i < SLOTS; i++) {
            Deadline slot = new Slot();
            link(slot, slot);
            slots[i] = slot;
        }
    }

    /** Rounded up, so that nothing fires early. */
    public static long ticks(long nanos) {
        return (nanos + TICK_NANOS - 1) / TICK_NANOS;
    }

    /** Sets it, or sets it anew. {@code ticks}: from now; 0 or more. */
    public void set(Deadline deadline, long ticks) {
        long at = nowTick + 1 + ticks;
        deadline.atTick = at;
        if (deadline.next == null) {
            insert(deadline);
        } else if (at < deadline.slotTick) {
            unlink(deadline);
            insert(deadline);
        }
    }

    /** Sets it, unless it fires no later as it is. {@code ticks}: from now; 0 or more. */
    public void bringForward(Deadline deadline, long ticks) {
        if (nowTick + 1 + ticks < deadline.atTick) {
            set(deadline, ticks);
        }
    }

    /** Takes it off the wheel. */
    public void clear(Deadline deadline) {
        deadline.atTick = UNSET;
        if (deadline.next != null) {
            unlink(deadline);
        }
    }

    /**
     * Turns the wheel to {@code nowNanos} and fires what is due. A stand-still of the loop itself is not the silence of a peer: it
     * counts as {@value #MOST_TICKS} ticks, as what came meanwhile is still to be read.
     */
    public void advance(long nowNanos) {
        long target = (nowNanos - startNanos) / TICK_NANOS;
        long stoodStill = Math.max(0, target - nowTick - MOST_TICKS);
        startNanos += stoodStill * TICK_NANOS;
        target -= stoodStill;
        while (nowTick < target) {
            nowTick++;
            visit(slots[(int) (nowTick % SLOTS)]);
        }
    }

    private void visit(Deadline slot) {
        Deadline first = slot.next;
        if (first == slot || first == null) {
            return;
        }
        // Those that come back to this slot while it is visited are for the next round.
        Deadline due = new Slot();
        link(slot.previous == null ? slot : slot.previous, due);
        link(due, first);
        link(slot, slot);
        Deadline deadline = due.next;
        while (deadline != null && deadline != due) {
            unlink(deadline);
            if (deadline.atTick <= nowTick) {
                deadline.atTick = UNSET;
                fire(deadline);
            } else {
                insert(deadline);
            }
            deadline = due.next;
        }
    }

    private static void fire(Deadline deadline) {
        try {
            deadline.expired();
        } catch (Throwable e) {
            // Neither a bug of one owner nor a lack of memory may stop the time of all others.
            log.error("time limit failed owner={}", deadline.getClass().getName(), e);
        }
    }

    private void insert(Deadline deadline) {
        deadline.slotTick = Math.min(deadline.atTick, nowTick + SLOTS - 1);
        Deadline slot = slots[(int) (deadline.slotTick % SLOTS)];
        Deadline last = slot.previous == null ? slot : slot.previous;
        link(last, deadline);
        link(deadline, slot);
    }

    private static void link(Deadline before, Deadline after) {
        before.next = after;
        after.previous = before;
    }

    private static void unlink(Deadline deadline) {
        if (deadline.previous != null && deadline.next != null) {
            link(deadline.previous, deadline.next);
        }
        deadline.previous = null;
        deadline.next = null;
    }
}
