package dev.turnout.proxy.metrics;

import dev.turnout.proxy.failure.Kind;

/** What one event loop counts of one route before a side is chosen. Written by that loop only, read by any thread. */
public final class ListenerMeters {
    private static final int CONNECTIONS = Outcome.values().size();
    private static final int CONNECTIONS_OPENED = CONNECTIONS + 1;
    private static final int DROPPED_FIELDS = CONNECTIONS_OPENED + 1;
    private static final int COHORT_COOKIES = DROPPED_FIELDS + 1;

    private final OwnedCounters counters = new OwnedCounters(COHORT_COOKIES + 1);

    /** A client connected, and counts for this route until it {@linkplain #connectionLeft leaves} it or closes. */
    public void connectionOpened() {
        counters.add(CONNECTIONS_OPENED, 1);
        counters.add(CONNECTIONS, 1);
    }

    public void connectionClosed() {
        counters.add(CONNECTIONS, -1);
    }

    /** An open connection counts for this route from now on, as its last request was for it. */
    public void connectionJoined() {
        counters.add(CONNECTIONS, 1);
    }

    /** An open connection counts for another route from now on. */
    public void connectionLeft() {
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

    /** A client was given the cookie that tells it apart. */
    public void cookieMinted() {
        counters.add(COHORT_COOKIES, 1);
    }

    long connections() {
        return counters.get(CONNECTIONS);
    }

    long connectionsOpened() {
        return counters.get(CONNECTIONS_OPENED);
    }

    long refusals(Kind kind) {
        return counters.get(Outcome.of(kind).index());
    }

    long droppedFields() {
        return counters.get(DROPPED_FIELDS);
    }

    long cohortCookies() {
        return counters.get(COHORT_COOKIES);
    }
}
