package dev.turnout.admin.http;

import dev.turnout.admin.http.Problem.Kind;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A duration that a client may choose, written as in the configuration.
 *
 * @param range both ends, as messages show them
 */
record Times(String name, Duration min, Duration max, String range) {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?) ?(ms|s|m|h)");

    Duration parse(String text) {
        Matcher parts = DURATION.matcher(text.strip());
        if (!parts.matches()) {
            throw refused('"' + text + '"');
        }
        long unitNanos = switch (parts.group(2)) {
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            default -> 3_600_000_000_000L;
        };
        BigDecimal nanos = new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(unitNanos));
        if (nanos.compareTo(BigDecimal.valueOf(min.toNanos())) < 0
                || nanos.compareTo(BigDecimal.valueOf(max.toNanos())) > 0) {
            throw refused('"' + text + '"');
        }
        return Duration.ofNanos(nanos.longValue());
    }

    ProblemException refused(String found) {
        return new Problem(Kind.BAD_REQUEST,
                name + ": " + Problem.shortened(found) + " (expected: a text, " + range
                        + ", with its unit: ms, s, m or h)")
                .raised();
    }
}
