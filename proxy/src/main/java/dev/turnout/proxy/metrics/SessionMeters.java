package dev.turnout.proxy.metrics;

import java.util.List;

/**
 * What one event loop counts of the PostgreSQL sessions of one side of one route. Written by that loop only, read by any
 * thread.
 */
public final class SessionMeters {
    /** What moving a session would take: the values of the label {@code class}. */
    public static final List<String> CLASSES = List.of("stateless", "replayable", "pinned");
    /** What a server connection does: the values of the label {@code state}. */
    public static final List<String> STATES = List.of("starting", "idle", "active", "idle-in-transaction",
            "failed-transaction", "closing");

    static final int PINNED = CLASSES.indexOf("pinned");
    static final int ACTIVE = STATES.indexOf("active");
    static final int IDLE_IN_TRANSACTION = STATES.indexOf("idle-in-transaction");
    static final int FAILED_TRANSACTION = STATES.indexOf("failed-transaction");
    static final int SPILL = RequestMeters.RUNGS.indexOf("spill");

    private static final int SESSIONS = 0;
    private static final int SERVERS = SESSIONS + CLASSES.size();
    private static final int COMMITTED = SERVERS + STATES.size();
    private static final int ROLLED_BACK = COMMITTED + 1;
    private static final int QUERIES = ROLLED_BACK + 1;
    private static final int SERVED = QUERIES + 1;
    private static final int FAILED = SERVED + 1;
    private static final int DECISIONS = FAILED + 1;
    private static final int ERRORS = DECISIONS + RequestMeters.RUNGS.size();

    private static final String[] FAULTS = {"08", "53", "57P", "58", "XX"};
    private final OwnedCounters counters = new OwnedCounters(ERRORS + SqlStateClasses.LABELS.size());
    private final DurationHistogram durations = new DurationHistogram();

    /** A step of the ladder chose this side; {@code rung} is its place in {@link RequestMeters#RUNGS}. */
    public void decided(int rung) {
        counters.add(DECISIONS + rung, 1);
    }

    /** One session more, or with -1 one less, of the class with this place in {@link #CLASSES}. */
    public void sessions(int category, int change) {
        counters.add(SESSIONS + category, change);
    }

    /** One server connection more, or with -1 one less, in the state with this place in {@link #STATES}. */
    public void servers(int state, int change) {
        counters.add(SERVERS + state, change);
    }

    /** A transaction ended, one of a single statement too. */
    public void transaction(boolean committed) {
        counters.add(committed ? COMMITTED : ROLLED_BACK, 1);
    }

    /** As many queries ended, in whatever way. */
    public void queries(int ended) {
        counters.add(QUERIES, ended);
    }

    /** The server answered with an error whose SQLSTATE begins with these two. */
    public void error(byte first, byte second) {
        counters.add(ERRORS + SqlStateClasses.place(first, second), 1);
    }

    /**
     * Whether an error with this SQLSTATE is the server's fault and not the statement's: connection (08), resources (53), an
     * operator or a crash (57P; what a user cancelled is 57014), the system (58), a defect (XX).
     */
    public static boolean isServerFault(String sqlState) {
        for (String fault : FAULTS) {
            if (sqlState.startsWith(fault)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The server was at work for the session for this long, from the first message to ReadyForQuery, or until it went
     * away.
     *
     * @param failed whether it went away, or answered an error that is {@linkplain #isServerFault its fault}
     */
    public void served(long nanos, boolean failed) {
        counters.add(SERVED, 1);
        if (failed) {
            counters.add(FAILED, 1);
        }
        durations.record(nanos);
    }

    long decisions(int rung) {
        return counters.get(DECISIONS + rung);
    }

    long sessions(int category) {
        return counters.get(SESSIONS + category);
    }

    long servers(int state) {
        return counters.get(SERVERS + state);
    }

    long transactions(boolean committed) {
        return counters.get(committed ? COMMITTED : ROLLED_BACK);
    }

    long queries() {
        return counters.get(QUERIES);
    }

    /** @param place in {@link SqlStateClasses#LABELS} */
    long errors(int place) {
        return counters.get(ERRORS + place);
    }

    /** Spans in which the server was at work. */
    long served() {
        return counters.get(SERVED);
    }

    /** Of those, the ones that failed. */
    long failed() {
        return counters.get(FAILED);
    }

    DurationHistogram durations() {
        return durations;
    }
}
