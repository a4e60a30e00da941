package dev.turnout.proxy.metrics;

import java.util.Arrays;
import java.util.List;

/** The classes of SQLSTATE that PostgreSQL knows (appendix A), so that a client's own cannot make series without end. */
final class SqlStateClasses {
    /** For what is none of them. */
    private static final String OTHER = "other";

    /** The values of the label {@code class} of errors, by their places. */
    // @formatter:off
    static final List<String> LABELS = List.of("00", "01", "02", "03", "08", "09", "0A", "0B", "0F", "0L", "0P", "0Z",
            "10", "20", "21", "22", "23", "24", "25", "26", "27", "28", "2B", "2D", "2F", "34", "38", "39", "3B", "3D",
            "3F", "40", "42", "44", "53", "54", "55", "57", "58", "72", "F0", "HV", "P0", "XX", OTHER);
    // @formatter:on

    private static final int SYMBOLS = 36;
    private static final byte[] PLACES = places();

    private SqlStateClasses() {}

    private static byte[] places() {
        byte[] places = new byte[SYMBOLS * SYMBOLS];
        int other = LABELS.size() - 1;
        Arrays.fill(places, (byte) other);
        for (int place = 0; place < other; place++) {
            String label = LABELS.get(place);
            places[symbol((byte) label.charAt(0)) * SYMBOLS + symbol((byte) label.charAt(1))] = (byte) place;
        }
        return places;
    }

    private static int symbol(byte character) {
        if (character >= '0' && character <= '9') {
            return character - '0';
        }
        return character >= 'A' && character <= 'Z' ? character - 'A' + 10 : -1;
    }

    /** The place in {@link #LABELS} of the class with these two characters. */
    static int place(byte first, byte second) {
        int one = symbol(first);
        int two = symbol(second);
        return one < 0 || two < 0 ? LABELS.size() - 1 : PLACES[one * SYMBOLS + two];
    }
}
