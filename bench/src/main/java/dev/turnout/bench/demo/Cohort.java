package dev.turnout.bench.demo;

/** Says on which side of a weight a user is: the documented hash, computed apart from the proxy that is checked. */
@FunctionalInterface
interface Cohort {
    boolean isGreen(String user, int greenPpm);
}
