package dev.turnout.bench.load;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * How often something is due.
 *
 * @param perSecond 1..1 000 000; null: as fast as the answers come (closed loop)
 */
public record Rate(@Nullable Integer perSecond) {
    public static final Rate MAX = new Rate(null);
    private static final int MOST = 1_000_000;

    public boolean closedLoop() {
        return perSecond == null;
    }

    /** For a heading; {@code unit} is of what, as in {@code requests}. */
    public String text(String unit) {
        return perSecond == null
                ? "as fast as it answers (closed loop)"
                : perSecond + " " + unit + "/s (open loop)";
    }

    /** As it was given. */
    public Object given() {
        return perSecond == null ? "max" : perSecond;
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
            throw new TypeConversionException(text + " (expected: 1 to " + MOST + " a second, or max)");
        }
    }
}
