package dev.turnout.bench.report;

import java.util.Locale;

/** Numbers as people read them. */
final class Text {
    private static final String[] SIZES = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Text() {}

    /** With the unit that suits: {@code 850 µs}, {@code 12.3 ms}, {@code 4.56 s}. */
    static String time(double millis) {
        if (millis < 1) {
            return digits(millis * 1000) + " µs";
        }
        return millis < 1000 ? digits(millis) + " ms" : digits(millis / 1000) + " s";
    }

    /** Three digits, or all in front of the point. */
    static String digits(double value) {
        if (value >= 100 || value == Math.rint(value)) {
            return count(Math.round(value));
        }
        return String.format(Locale.ROOT, value >= 10 ? "%.1f" : "%.2f", value);
    }

    /** With thin gaps between thousands that do not break. */
    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value).replace(',', '\u202f');
    }

    static String size(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < SIZES.length - 1) {
            value /= 1024;
            unit++;
        }
        return digits(value) + " " + SIZES[unit];
    }

    static String percent(long part, long whole) {
        return digits(whole == 0 ? 0 : 100.0 * part / whole) + " %";
    }
}
