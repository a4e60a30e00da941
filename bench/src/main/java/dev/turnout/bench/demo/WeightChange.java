package dev.turnout.bench.demo;

/**
 * A change of the weight as its operator saw it: in force at the latest when it was acknowledged, and not before
 * it was requested.
 *
 * @param requestedNanos before the change was sent, by the load's ticker
 * @param acknowledgedNanos after its answer was read
 * @param greenPpm green's share from then on; 0..1 000 000
 */
record WeightChange(long requestedNanos, long acknowledgedNanos, int greenPpm) {
    WeightChange {
        if (acknowledgedNanos - requestedNanos < 0) {
            throw new IllegalArgumentException("acknowledged: " + acknowledgedNanos
                    + " (expected: not before requested, " + requestedNanos + ")");
        }
    }
}
