package dev.turnout.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;

/** Numbers of the admin API as a person reads them; {@code -} where there is none. */
final class Figures {
    static final String NONE = "-";

    private static final int MAX_DIGITS = 30;

    private Figures() {}

    /** {@code 90 000}. */
    static String count(JsonNode number) {
        return number.isNumber()
                ? String.format(Locale.ROOT, "%,d", number.asLong()).replace(',', ' ')
                : NONE;
    }

    /** A weight, exactly: {@code 12.5%}. */
    static String percent(JsonNode number) {
        return weight(number).map(exact -> plain(exact) + "%").orElse(NONE);
    }

    /** Two weights, exactly: {@code 87.5 / 12.5 %}. */
    static String shares(JsonNode green) {
        return weight(green)
                .map(exact -> pair(plain(BigDecimal.valueOf(100).subtract(exact)), plain(exact), " %"))
                .orElse(NONE);
    }

    /** Two measured shares: {@code 89.9 / 10.1 %}. */
    static String shares(JsonNode blue, JsonNode green) {
        return pair(rounded(blue, 1), rounded(green, 1), " %");
    }

    /** A measured share: {@code 0.01 %}. */
    static String rate(JsonNode percent) {
        return isFinite(percent) ? rounded(percent, 2) + " %" : NONE;
    }

    /** {@code 0.4 ms}, {@code 45 ms}, {@code 1.2 s}, {@code 30 s}. */
    static String time(JsonNode millis) {
        if (!isFinite(millis)) {
            return NONE;
        }
        double value = millis.doubleValue();
        return value < 999.5
                ? rounded(value, value < 9.95 ? 1 : 0) + " ms"
                : rounded(value / 1000, value < 9_950 ? 1 : 0) + " s";
    }

    /** Blue's and green's, next to each other. */
    static String pair(String blue, String green) {
        return pair(blue, green, "");
    }

    private static String pair(String blue, String green, String unit) {
        return blue.equals(NONE) && green.equals(NONE) ? NONE : blue + " / " + green + unit;
    }

    private static boolean isFinite(JsonNode number) {
        return number.isNumber() && Double.isFinite(number.doubleValue());
    }

    private static String rounded(JsonNode number, int decimals) {
        return isFinite(number) ? rounded(number.doubleValue(), decimals) : NONE;
    }

    private static String rounded(double value, int decimals) {
        BigDecimal smallest = BigDecimal.ONE.movePointLeft(decimals);
        BigDecimal rounded = BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP);
        return value > 0 && rounded.signum() == 0
                ? "<" + smallest.toPlainString()
                : plain(rounded);
    }

    /** Empty: no number, or one that no weight has, whose digits could fill the memory. */
    private static Optional<BigDecimal> weight(JsonNode number) {
        return Optional.of(number).filter(JsonNode::isNumber).map(JsonNode::decimalValue)
                .filter(exact -> Math.abs(exact.scale()) <= MAX_DIGITS && exact.precision() <= MAX_DIGITS);
    }

    private static String plain(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }
}
