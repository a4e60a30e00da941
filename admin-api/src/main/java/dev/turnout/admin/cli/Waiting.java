package dev.turnout.admin.cli;

import java.time.Duration;

/**
 * How a command waits for an answer.
 *
 * @param longer than any other answer may take
 * @param every how often it shows progress meanwhile
 * @param progress on the thread that waits
 */
record Waiting(Duration longer, Duration every, Runnable progress) {
    /** For an answer that comes at once. */
    static final Waiting NONE = new Waiting(Duration.ZERO, Duration.ofDays(1), () -> {});
}
