package dev.turnout.proxy.routing;

/**
 * Reads a parameter of a query as the application will: {@code a=1&b=2}, percent-encoded, {@code +} being a space (URL
 * Standard, application/x-www-form-urlencoded). What is no valid encoding stands for itself. Pure.
 */
public final class QueryParameter {
    private QueryParameter() {}

    /**
     * Copies the decoded value of the first parameter of this name to {@code into}, from {@code offset} on, and returns
     * its length; or {@link RequestFacts#ABSENT}.
     *
     * @param query what stands between {@code from} and {@code to}, without the question mark
     * @param name decoded
     */
    public static int value(byte[] query, int from, int to, byte[] name, byte[] into, int offset) {
        int start = from;
        while (start < to) {
            int end = indexOf(query, '&', start, to);
            int equals = indexOf(query, '=', start, end);
            if (isNamed(query, start, equals, name)) {
                return equals == end ? 0 : decode(query, equals + 1, end, into, offset);
            }
            start = end + 1;
        }
        return RequestFacts.ABSENT;
    }

    private static int indexOf(byte[] bytes, char wanted, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return to;
    }

    private static boolean isNamed(byte[] query, int from, int to, byte[] name) {
        int at = from;
        for (byte expected : name) {
            if (at >= to || decoded(query, at, to) != expected) {
                return false;
            }
            at += width(query, at, to);
        }
        return at == to;
    }

    private static int decode(byte[] query, int from, int to, byte[] into, int offset) {
        int length = 0;
        for (int at = from; at < to; at += width(query, at, to)) {
            into[offset + length] = decoded(query, at, to);
            length++;
        }
        return length;
    }

    private static byte decoded(byte[] query, int at, int to) {
        if (width(query, at, to) == 3) {
            return (byte) (Character.digit(query[at + 1], 16) << 4 | Character.digit(query[at + 2], 16));
        }
        return query[at] == '+' ? (byte) ' ' : query[at];
    }

    /** How many bytes stand for the one at this place. */
    private static int width(byte[] query, int at, int to) {
        boolean encoded = query[at] == '%' && at + 2 < to && Character.digit(query[at + 1], 16) >= 0
                && Character.digit(query[at + 2], 16) >= 0;
        return encoded ? 3 : 1;
    }
}
