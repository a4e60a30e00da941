package dev.turnout.proxy.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that one thread writes, at the price of a plain field, and any thread may read a moment later. Memory is made
 * for pages of 32 numbers, each when the first of them is written: what is never written takes 16 bytes in all.
 */
public final class OwnedCounters {
    private static final VarHandle PAGES;
    private static final VarHandle PAGE = MethodHandles.arrayElementVarHandle(long[][].class);
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int PAGE_BITS = 5;
    /** Numbers that are made together. */
    static final int PAGE_SIZE = 1 << PAGE_BITS;

    static {
        try {
            PAGES = MethodHandles.lookup().findVarHandle(OwnedCounters.class, "pages", long[][].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int size;
    private long @Nullable [] @Nullable [] pages;

    public OwnedCounters(int size) {
        this.size = size;
    }

    /** Only by the owner. */
    public void add(int index, long amount) {
        long @Nullable [] @Nullable [] made = pages;
        long @Nullable [] page = made == null ? null : made[index >> PAGE_BITS];
        if (page == null) {
            page = make(index >> PAGE_BITS);
        }
        int place = index & (PAGE_SIZE - 1);
        ELEMENT.setOpaque(page, place, page[place] + amount);
    }

    /** Published only when it is whole: who sees a page sees its zeros. */
    private long[] make(int number) {
        long @Nullable [] @Nullable [] made = pages;
        if (made == null) {
            made = new long[(size + PAGE_SIZE - 1) >> PAGE_BITS][];
            PAGES.setRelease(this, made);
        }
        long[] page = new long[Math.min(PAGE_SIZE, size - (number << PAGE_BITS))];
        PAGE.setRelease(made, number, page);
        return page;
    }

    public long get(int index) {
        long @Nullable [] @Nullable [] made = (long @Nullable [] @Nullable []) PAGES.getAcquire(this);
        long @Nullable [] page = made == null ? null : (long[]) PAGE.getAcquire(made, index >> PAGE_BITS);
        return page == null ? 0 : (long) ELEMENT.getOpaque(page, index & (PAGE_SIZE - 1));
    }
}
