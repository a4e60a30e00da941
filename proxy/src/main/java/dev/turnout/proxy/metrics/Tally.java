package dev.turnout.proxy.metrics;

import java.util.Arrays;

/** How many requests ended, how many of them as errors, and how long they took: to add up. Not for concurrent use. */
final class Tally {
    private static final int VARINT_BITS = 7;
    private static final int VARINT_MORE = 1 << VARINT_BITS;
    /** Of a long, in bytes. */
    private static final int LONGEST_VARINT = 10;

    /** The packed form of nothing. */
    static final byte[] NOTHING = {};

    private long requests;
    private long errors;
    private final long[] durations = new long[DurationHistogram.BUCKETS];

    long requests() {
        return requests;
    }

    long errors() {
        return errors;
    }

    /** By the buckets of {@link DurationHistogram}; the very array, to count into. */
    long[] durations() {
        return durations;
    }

    void count(long ended, boolean error) {
        requests += ended;
        errors += error ? ended : 0;
    }

    void add(byte[] packed) {
        addTimes(packed, 1);
    }

    void subtract(byte[] packed) {
        addTimes(packed, -1);
    }

    private void addTimes(byte[] packed, int sign) {
        if (packed.length == 0) {
            return;
        }
        Reader in = new Reader(packed);
        requests += sign * in.next();
        errors += sign * in.next();
        int bucket = -1;
        while (in.hasNext()) {
            long count = in.next();
            bucket += (count & 1) == 0 ? 1 : Math.toIntExact(in.next());
            durations[bucket] += sign * (count >>> 1);
        }
    }

    /**
     * All of it, without the buckets that are empty. As varints: requests, errors, then for each bucket twice its count,
     * plus one when it is not next to the one before; then the distance follows.
     */
    byte[] packed() {
        if (requests == 0 && Arrays.stream(durations).allMatch(count -> count == 0)) {
            return NOTHING;
        }
        Writer out = new Writer();
        out.put(requests);
        out.put(errors);
        int last = -1;
        for (int bucket = 0; bucket < durations.length; bucket++) {
            if (durations[bucket] != 0) {
                boolean apart = bucket != last + 1;
                out.put(durations[bucket] << 1 | (apart ? 1 : 0));
                if (apart) {
                    out.put(bucket - last);
                }
                last = bucket;
            }
        }
        return out.bytes();
    }

    private static final class Writer {
        private byte[] bytes = new byte[512];
        private int length;

        void put(long value) {
            if (bytes.length - length < LONGEST_VARINT) {
                bytes = Arrays.copyOf(bytes, 2 * bytes.length);
            }
            long rest = value;
            while (rest >= VARINT_MORE) {
                bytes[length++] = (byte) (rest | VARINT_MORE);
                rest >>>= VARINT_BITS;
            }
            bytes[length++] = (byte) rest;
        }

        byte[] bytes() {
            return Arrays.copyOf(bytes, length);
        }
    }

    private static final class Reader {
        private final byte[] bytes;
        private int at;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        boolean hasNext() {
            return at < bytes.length;
        }

        long next() {
            long value = 0;
            for (int shift = 0;; shift += VARINT_BITS) {
                byte part = bytes[at++];
                value |= (part & (VARINT_MORE - 1L)) << shift;
                if (part >= 0) {
                    return value;
                }
            }
        }
    }
}
