package dev.turnout.proxy.routing;

/**
 * The address of a client as the text that its cohort follows from: IPv4 with dots, IPv6 as RFC 5952 4 has it. Pure.
 */
final class AddressText {
    static final int IPV4_BYTES = 4;
    static final int IPV6_BYTES = 16;
    /** Eight groups of four digits, and what stands between them. */
    static final int LONGEST = 39;

    private static final int GROUPS = 8;

    private AddressText() {}

    /**
     * Writes an address as text in ASCII and returns the length of the text.
     *
     * @param from where the address stands, behind the text
     * @param length of the address; 4 or 16
     * @param to where the text begins
     */
    static int write(byte[] bytes, int from, int length, int to) {
        return (length == IPV4_BYTES ? dotted(bytes, from, to) : grouped(bytes, from, to)) - to;
    }

    private static int dotted(byte[] bytes, int from, int to) {
        int at = to;
        for (int i = 0; i < IPV4_BYTES; i++) {
            if (i > 0) {
                bytes[at++] = '.';
            }
            at = decimal(bytes, at, bytes[from + i] & 0xFF);
        }
        return at;
    }

    private static int decimal(byte[] bytes, int to, int value) {
        int at = to;
        if (value >= 100) {
            bytes[at++] = (byte) ('0' + value / 100);
        }
        if (value >= 10) {
            bytes[at++] = (byte) ('0' + value / 10 % 10);
        }
        bytes[at++] = (byte) ('0' + value % 10);
        return at;
    }

    private static int grouped(byte[] bytes, int from, int to) {
        int start = longestZeros(bytes, from);
        int end = start + zeros(bytes, from, start);
        int at = to;
        for (int group = 0; group < GROUPS; group++) {
            if (group == start && end - start > 1) {
                bytes[at++] = ':';
                bytes[at++] = ':';
                group = end - 1;
                continue;
            }
            if (at > to && bytes[at - 1] != ':') {
                bytes[at++] = ':';
            }
            at = hexadecimal(bytes, at, group(bytes, from, group));
        }
        return at;
    }

    /** The first of the longest runs of groups that are zero (RFC 5952 4.2.3). */
    private static int longestZeros(byte[] bytes, int from) {
        int best = 0;
        for (int group = 1; group < GROUPS; group++) {
            best = zeros(bytes, from, group) > zeros(bytes, from, best) ? group : best;
        }
        return best;
    }

    private static int zeros(byte[] bytes, int from, int start) {
        int end = start;
        while (end < GROUPS && group(bytes, from, end) == 0) {
            end++;
        }
        return end - start;
    }

    private static int group(byte[] bytes, int from, int group) {
        return (bytes[from + 2 * group] & 0xFF) << 8 | (bytes[from + 2 * group + 1] & 0xFF);
    }

    private static int hexadecimal(byte[] bytes, int to, int value) {
        int at = to;
        for (int shift = 12; shift >= 0; shift -= 4) {
            if (shift == 0 || (value >>> shift) > 0) {
                bytes[at++] = (byte) Character.forDigit((value >>> shift) & 0xF, 16);
            }
        }
        return at;
    }
}
