package dev.turnout.bench.http;

import java.util.Locale;

/** Why a request has no answer. Whether its waiting is recorded as a latency depends on who ended it. */
enum Failure {
    /** No connection came about. */
    CONNECT(false),
    /** The connection ended before the answer was whole. */
    RESET(false),
    /** Nothing came within the time-out. */
    TIMEOUT(true),
    /** What came is not HTTP. */
    PROTOCOL(false),
    /** Due, and still without a connection or an answer when the run ended. */
    UNFINISHED(true);

    private final boolean waited;

    Failure(boolean waited) {
        this.waited = waited;
    }

    /** Whether we gave up: it waited at least so long, and leaving that out would flatter the target. */
    boolean waited() {
        return waited;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
