package dev.turnout.admin.http;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/** Measured figures as JSON shows them: as precise as they are, and not more. */
final class Rounded {
    private static final int PERCENT_DECIMALS = 4;
    private static final int SECONDS_DECIMALS = 1;
    private static final MathContext LATENCY_DIGITS = new MathContext(3, RoundingMode.HALF_UP);
    private static final int MILLIS_PER_SECOND_DIGITS = 3;

    private Rounded() {}

    static BigDecimal percent(double percent) {
        return decimals(BigDecimal.valueOf(percent), PERCENT_DECIMALS);
    }

    static BigDecimal millis(double seconds) {
        return withDecimal(BigDecimal.valueOf(seconds).movePointRight(MILLIS_PER_SECOND_DIGITS)
                .round(LATENCY_DIGITS).stripTrailingZeros());
    }

    static BigDecimal seconds(Duration duration) {
        return decimals(BigDecimal.valueOf(duration.toMillis(), MILLIS_PER_SECOND_DIGITS), SECONDS_DECIMALS);
    }

    static @Nullable BigDecimal each(OptionalDouble figure, DoubleFunction<BigDecimal> rounded) {
        return figure.isPresent() ? rounded.apply(figure.getAsDouble()) : null;
    }

    /** With a decimal even when whole, 5.0, so that a client sees one type of number. */
    static BigDecimal withDecimal(BigDecimal number) {
        return number.scale() < 1 ? number.setScale(1) : number;
    }

    private static BigDecimal decimals(BigDecimal number, int decimals) {
        return withDecimal(number.setScale(decimals, RoundingMode.HALF_UP).stripTrailingZeros());
    }
}
