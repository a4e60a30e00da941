package dev.turnout.proxy.routing;

import java.util.Arrays;

/**
 * What is written while one request is decided, so that nothing is allocated for it. Its content counts for nothing
 * afterwards. Confined to one event loop.
 */
public final class Scratch {
    static final int UNREAD = -1;
    /** The longest salt and the separator. */
    private static final int LONGEST_SALT = 128 + 1;

    /**
     * Holds one value at a time, and before it at most a salt and the text of an address; values that conditions ask
     * for become numbers as soon as they are read. So it is large enough, whatever a request holds.
     */
    final byte[] bytes;
    private int[] numbers = new int[8];

    /**
     * Makes room for one value and what stands before it.
     *
     * @param longestValue what a request may be asked for, in bytes; the size of a head
     */
    public Scratch(int longestValue) {
        bytes = new byte[LONGEST_SALT + AddressText.LONGEST + Math.max(longestValue, AddressText.IPV6_BYTES)];
    }

    /** For this many facts, none of them read. Grows once, when a configuration asks for more than those before. */
    int[] numbers(int count) {
        if (count > numbers.length) {
            numbers = new int[count];
        }
        Arrays.fill(numbers, 0, count, UNREAD);
        return numbers;
    }
}
