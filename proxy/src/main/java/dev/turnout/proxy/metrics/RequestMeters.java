package dev.turnout.proxy.metrics;

/** What one event loop counts of one side of one route. Written by that loop only, read by any thread. */
public final class RequestMeters {
    private static final int IN_FLIGHT = Outcome.values().size();

    private final OwnedCounters counters = new OwnedCounters(IN_FLIGHT + 1);
    private final DurationHistogram durations = new DurationHistogram();

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
