package dev.turnout.bench.http;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * How often requests are due.
 *
 * @param perSecond 1..1 000 000 requests; null: as fast as the answers come (closed loop)
 */
record Rate(@Nullable Integer perSecond) {
    static final Rate MAX = new Rate(null);
    private static final int MOST = 1_000_000;

    boolean closedLoop() {
        return perSecond == null;
    }

    /** Reads {@code 5000} or {@code max}. */
    static final class Converter implements ITypeConverter<Rate> {
        @Override
        public Rate convert(String text) {
            if (text.equals("max")) {
                return MAX;
            }
            if (text.matches("[1-9]\\d{0,6}") && Integer.parseInt(text) <= MOST) {
                return new Rate(Integer.valueOf(text));
            }
            throw new TypeConversionException(text + " (expected: 1 to " + MOST + " requests/s, or max)");
        }
    }
}
