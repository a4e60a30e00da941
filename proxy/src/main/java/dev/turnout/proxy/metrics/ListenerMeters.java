package dev.turnout.proxy.metrics;

import dev.turnout.proxy.failure.Kind;

/** What one event loop counts of one route before a side is chosen. Written by that loop only, read by any thread. */
public final class ListenerMeters {
    private static final int CONNECTIONS = Outcome.values().size();
    private static final int DROPPED_FIELDS = CONNECTIONS + 1;

    private final OwnedCounters counters = new OwnedCounters(DROPPED_FIELDS + 1);

    public void connectionOpened() {
        counters.add(CONNECTIONS, 1);
    }

    public void connectionClosed() {
        counters.add(CONNECTIONS, -1);
    }

    /** A request was refused before it could be decided. */
    public void refused(Kind kind) {
        counters.add(Outcome.of(kind).index(), 1);
    }

    /** Fields were left out of a request for the underscore in their name. */
    public void fieldsDropped(int fields) {
        counters.add(DROPPED_FIELDS, fields);
    }

    long connections() {
        return counters.get(CONNECTIONS);
    }

    long refusals(Kind kind) {
        return counters.get(Outcome.of(kind).index());
    }

    long droppedFields() {
        return counters.get(DROPPED_FIELDS);
    }
}
