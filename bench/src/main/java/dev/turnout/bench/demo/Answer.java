package dev.turnout.bench.demo;

import dev.turnout.config.Target;

/**
 * One request of the load and what became of it.
 *
 * @param user the cohort key that was sent
 * @param sentNanos before the first byte was written, by the load's ticker
 * @param doneNanos after the last byte was read, or when it failed
 */
record Answer(String user, long sentNanos, long doneNanos, Outcome outcome) {
    sealed interface Outcome {}

    /** A whole answer with status 200, by this side. */
    record AnsweredBy(Target side) implements Outcome {}

    /** Anything else, in words: another status, a broken connection, nobody's name in the answer. */
    record Failed(String why) implements Outcome {}

    Answer {
        if (doneNanos - sentNanos < 0) {
            throw new IllegalArgumentException(
                    "done: " + doneNanos + " (expected: not before sent, " + sentNanos + ")");
        }
    }
}
