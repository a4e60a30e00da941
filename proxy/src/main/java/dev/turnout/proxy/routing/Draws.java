package dev.turnout.proxy.routing;

import java.util.Arrays;

/** Deals out the requests of one route that have no key. Confined to one event loop. */
final class Draws {
    /** 2^64 divided by the golden ratio: multiples of it fill the circle evenly, however few there are. */
    private static final long GOLDEN_STEP = 0x9E3779B97F4A7C15L;

    /*
     * Requests without a key are dealt out by a Weyl sequence: any hundred in a row split in proportion to within three,
     * any hundred thousand to within five, where independent draws would be off by the square root of their number; and
     * there is no generator to seed or to share. Counting out one by one would be exact, but a client that asks for a
     * page and its picture in turn would have all its pages from one side. Each route has a sequence of its own, each
     * of its rules too, and requests with a key leave them alone: of a sequence that others draw from as well, every
     * thirty-fourth member, say, moves so little that one side would get dozens in a row.
     */
    private long[] last;
    private final long start;

    Draws(long start) {
        this.start = start;
        last = new long[]{start};
    }

    /** @param rule that has a weight of its own, or {@link Decision#NONE} */
    long next(int rule) {
        int sequence = rule + 1;
        if (sequence >= last.length) {
            int known = last.length;
            last = Arrays.copyOf(last, sequence + 1);
            Arrays.fill(last, known, last.length, start);
        }
        last[sequence] += GOLDEN_STEP;
        return last[sequence];
    }
}
