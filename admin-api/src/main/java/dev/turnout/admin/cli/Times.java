package dev.turnout.admin.cli;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;

/** Moments of the admin API as a person reads them. */
final class Times {
    private Times() {}

    /** {@code 2026-11-20T19:02:19Z}: fractions only crowd a table. What is no time stays as it is. */
    static String toSeconds(String at) {
        try {
            return Instant.parse(at).truncatedTo(ChronoUnit.SECONDS).toString();
        } catch (DateTimeParseException e) {
            return Table.printable(at);
        }
    }
}
