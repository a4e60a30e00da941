package dev.turnout.config;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A share of traffic or of endpoints: percent outside, whole parts per million inside, so that no share is ever rounded.
 *
 * @param ppm parts per million; 0..1 000 000
 */
public record Share(int ppm) implements Comparable<Share> {
    /** One whole, in parts per million. */
    public static final int WHOLE_PPM = 1_000_000;
    public static final Share NONE = new Share(0);
    public static final Share ALL = new Share(WHOLE_PPM);
    /** What {@link #ofPercent} accepts, for messages. */
    public static final String ALLOWED = "0% to 100%, at most four decimals";

    private static final int PPM_PER_PERCENT_DIGITS = 4;

    public Share {
        if (ppm < 0 || ppm > WHOLE_PPM) {
            throw new IllegalArgumentException("share: " + ppm + " ppm (expected: 0..1000000)");
        }
    }

    /** Reads {@code 12.5%} or {@code 12.5}. Throws IllegalArgumentException with the value and what is allowed. */
    public static Share ofPercent(String text) {
        String number = text.strip();
        if (number.endsWith("%")) {
            number = number.substring(0, number.length() - 1).strip();
        }
        // Plain decimals only: "1e-3" and "0x5" would be numbers to BigDecimal, but to no operator.
        if (!number.matches("\\d{1,3}(\\.\\d{1,12})?")) {
            throw refused(text);
        }
        return ofPercent(new BigDecimal(number), text);
    }

    /** Takes a share in percent. Throws IllegalArgumentException with the value and what is allowed. */
    public static Share ofPercent(BigDecimal percent) {
        return ofPercent(percent, percent.toPlainString());
    }

    private static Share ofPercent(BigDecimal percent, String text) {
        if (percent.signum() < 0 || percent.compareTo(BigDecimal.valueOf(100)) > 0) {
            throw refused(text);
        }
        try {
            return new Share(percent.movePointRight(PPM_PER_PERCENT_DIGITS)
                    .setScale(0, RoundingMode.UNNECESSARY)
                    .intValueExact());
        } catch (ArithmeticException e) {
            throw refused(text);
        }
    }

    private static IllegalArgumentException refused(String text) {
        return new IllegalArgumentException("share: " + text + " (expected: " + ALLOWED + ")");
    }

    /** The share in percent, with as many decimals as it needs: 5, 12.5, 0.0001. */
    public BigDecimal percent() {
        BigDecimal percent = BigDecimal.valueOf(ppm, PPM_PER_PERCENT_DIGITS).stripTrailingZeros();
        return percent.scale() < 0 ? percent.setScale(0) : percent;
    }

    /** The share as a number from 0 to 1. */
    public double ratio() {
        return (double) ppm / WHOLE_PPM;
    }

    @Override
    public int compareTo(Share other) {
        return Integer.compare(ppm, other.ppm);
    }

    /** As an operator writes it: {@code 12.5%}. */
    @Override
    public String toString() {
        return percent().toPlainString() + "%";
    }
}
