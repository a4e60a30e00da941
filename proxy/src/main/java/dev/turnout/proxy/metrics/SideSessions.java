package dev.turnout.proxy.metrics;

/**
 * The PostgreSQL sessions of one side, summed up.
 *
 * @param open now
 * @param pinned of those, the ones that cannot be moved
 * @param active server connections at work now
 * @param inTransaction server connections that wait within a transaction for their client, failed ones too
 * @param transactions that ended since the start
 * @param errors that servers answered since the start, whatever their class
 */
public record SideSessions(
        long open,
        long pinned,
        long active,
        long inTransaction,
        long transactions,
        long errors) {}
