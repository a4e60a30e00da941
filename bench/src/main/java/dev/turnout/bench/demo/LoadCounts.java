package dev.turnout.bench.demo;

import java.util.Optional;

/**
 * How the answers of a load were spread so far.
 *
 * @param firstFailure the first one that failed, in words; empty while none did
 */
record LoadCounts(long blue, long green, long failed, Optional<String> firstFailure) {
    long answers() {
        return blue + green + failed;
    }
}
