package dev.turnout.proxy.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Numbers that one thread writes, at the price of a plain field, and any thread may read a moment later. */
public final class OwnedCounters {
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] values;

    public OwnedCounters(int size) {
        values = new long[size];
    }

    /** Only by the owner. */
    public void add(int index, long amount) {
        ELEMENT.setOpaque(values, index, values[index] + amount);
    }

    public long get(int index) {
        return (long) ELEMENT.getOpaque(values, index);
    }
}
