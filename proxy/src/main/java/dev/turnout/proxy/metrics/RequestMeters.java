package dev.turnout.proxy.metrics;

import java.util.List;

/** What one event loop counts of one side of one route. Written by that loop only, read by any thread. */
public final class RequestMeters {
    /** The steps of the ladder by their numbers, the strongest first: the values of the label {@code rung}. */
    public static final List<String> RUNGS = List.of("drained", "override", "rule", "writer", "cohort",
            "unkeyed",
            "spill");

    private static final int IN_FLIGHT = Outcome.values().size();
    private static final int TUNNELS = IN_FLIGHT + 1;
    private static final int RETRIES = TUNNELS + 1;
    private static final int SPILLED = RETRIES + 1;
    private static final int DECISIONS = SPILLED + 1;

    private final OwnedCounters counters = new OwnedCounters(DECISIONS + RUNGS.size());
    private final DurationHistogram durations = new DurationHistogram();

    /** A step of the ladder chose this side. Once for each request; {@code rung} is its place in {@link #RUNGS}. */
    public void decided(int rung) {
        counters.add(DECISIONS + rung, 1);
    }

    /** A request was decided for this side. Followed by exactly one {@link #ended}. */
    public void started() {
        counters.add(IN_FLIGHT, 1);
    }

    /** It ended, {@code nanos} after its head was complete. */
    public void ended(Outcome outcome, long nanos) {
        counters.add(IN_FLIGHT, -1);
        counters.add(outcome.index(), 1);
        durations.record(nanos);
    }

    /** A connection was upgraded. Followed by exactly one {@link #tunnelClosed}. */
    public void tunnelOpened() {
        counters.add(TUNNELS, 1);
    }

    public void tunnelClosed() {
        counters.add(TUNNELS, -1);
    }

    /** A request went to another endpoint, or on another connection, after the first attempt failed. */
    public void retried() {
        counters.add(RETRIES, 1);
    }

    /** A request came from the other side, which had no healthy endpoint. */
    public void spilled() {
        counters.add(SPILLED, 1);
    }

    long decisions(int rung) {
        return counters.get(DECISIONS + rung);
    }

    long tunnels() {
        return counters.get(TUNNELS);
    }

    long retries() {
        return counters.get(RETRIES);
    }

    long spills() {
        return counters.get(SPILLED);
    }

    long inFlight() {
        return counters.get(IN_FLIGHT);
    }

    long count(Outcome outcome) {
        return counters.get(outcome.index());
    }

    DurationHistogram durations() {
        return durations;
    }
}
