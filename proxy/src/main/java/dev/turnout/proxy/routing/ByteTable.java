package dev.turnout.proxy.routing;

import java.util.Arrays;

/**
 * Numbers the byte strings of a configuration, from 1 in the order in which they came. Who asks brings the hash, so
 * that one pass over a value finds all its beginnings, or all its ends. Fixed once it is filled.
 */
final class ByteTable {
    /** The hash of no bytes. */
    static final int EMPTY_HASH = 0;
    private static final int PRIME = 0x01000193;
    /** 2^32 divided by the golden ratio: its multiples lie far apart in their upper bits. */
    private static final int SPREAD = 0x9E3779B1;

    private final byte[][] keys;
    private final int[] hashes;
    private final int[] places;
    private final int shift;
    private int size;
    private int longest;

    ByteTable(int capacity) {
        keys = new byte[capacity + 1][];
        hashes = new int[capacity + 1];
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(2 * capacity);
        places = new int[1 << bits];
        shift = Integer.SIZE - bits;
    }

    /** The hash of some bytes and one more. */
    static int hash(int before, byte next) {
        return (before ^ (next & 0xFF)) * PRIME + 1;
    }

    int add(byte[] key, int hash) {
        size++;
        keys[size] = key;
        hashes[size] = hash;
        longest = Math.max(longest, key.length);
        int at = (hash * SPREAD) >>> shift;
        while (places[at] != 0) {
            at = (at + 1) & (places.length - 1);
        }
        places[at] = size;
        return size;
    }

    /** The number of these bytes; 0: they are none of these. */
    int find(int hash, byte[] bytes, int from, int to) {
        int at = (hash * SPREAD) >>> shift;
        int number = places[at];
        while (number != 0 && !is(number, hash, bytes, from, to)) {
            at = (at + 1) & (places.length - 1);
            number = places[at];
        }
        return number;
    }

    private boolean is(int number, int hash, byte[] bytes, int from, int to) {
        byte[] key = keys[number];
        return hashes[number] == hash && Arrays.equals(key, 0, key.length, bytes, from, to);
    }

    int size() {
        return size;
    }

    /** The length of the longest one. */
    int longest() {
        return longest;
    }
}
