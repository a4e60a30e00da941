package dev.turnout.bench.pg;

import dev.turnout.bench.load.Pace;

/**
 * What is done, how often and for how long. A value out of range is an IllegalArgumentException that names it.
 *
 * @param clients how many, each with one connection; 1..10 000
 * @param scale for how many branches {@code init} makes tables; 1..10 000
 * @param init whether the tables are made anew first
 */
record PgPlan(
        PgTarget target,
        Pace pace,
        int clients,
        Workload workload,
        QueryMode mode,
        int scale,
        boolean init) {
    private static final int MOST_CLIENTS = 10_000;
    static final int MOST_BRANCHES = 10_000;

    PgPlan {
        if (clients < 1 || clients > MOST_CLIENTS) {
            throw new IllegalArgumentException(
                    "clients: " + clients + " (expected: 1 to " + MOST_CLIENTS + ")");
        }
        if (scale < 1 || scale > MOST_BRANCHES) {
            throw new IllegalArgumentException("scale: " + scale + " (expected: 1 to " + MOST_BRANCHES + ")");
        }
    }
}
