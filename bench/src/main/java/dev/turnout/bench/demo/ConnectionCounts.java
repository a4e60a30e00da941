package dev.turnout.bench.demo;

/**
 * The connections of a load so far.
 *
 * @param lost those that the other end closed, or on which a request failed
 */
record ConnectionCounts(long opened, long lost) {}
