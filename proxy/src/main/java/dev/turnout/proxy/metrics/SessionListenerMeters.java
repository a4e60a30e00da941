package dev.turnout.proxy.metrics;

import dev.turnout.proxy.failure.SessionFailure;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What one event loop counts of the clients of a PostgreSQL route, whatever their side. Written by that loop only, read
 * by any thread.
 */
public final class SessionListenerMeters {
    /** What became of a cancel request: the values of the label {@code result}. */
    public static final List<String> CANCELS = List.of("sent", "unknown", "failed");

    private static final Map<SessionFailure, Integer> PLACES = places();
    private static final int CONNECTIONS = 0;
    private static final int OPENED = 1;
    private static final int TLS = 2;
    private static final int CANCELLED = 3;
    private static final int FAILURES = CANCELLED + CANCELS.size();

    private final OwnedCounters counters = new OwnedCounters(FAILURES + PLACES.size());

    private static Map<SessionFailure, Integer> places() {
        Map<SessionFailure, Integer> places = new EnumMap<>(SessionFailure.class);
        Arrays.stream(SessionFailure.values()).forEach(failure -> places.put(failure, places.size()));
        return places;
    }

    private static int place(SessionFailure failure) {
        return Objects.requireNonNull(PLACES.get(failure));
    }

    /** Followed by exactly one {@link #closed}. */
    public void opened() {
        counters.add(CONNECTIONS, 1);
        counters.add(OPENED, 1);
    }

    public void closed() {
        counters.add(CONNECTIONS, -1);
    }

    /** A client speaks TLS from now on. */
    public void tls() {
        counters.add(TLS, 1);
    }

    /** A cancel request was dealt with; {@code result} is its place in {@link #CANCELS}. */
    public void cancelled(int result) {
        counters.add(CANCELLED + result, 1);
    }

    /** The proxy refused or ended a session. */
    public void failed(SessionFailure failure) {
        counters.add(FAILURES + place(failure), 1);
    }

    long connections() {
        return counters.get(CONNECTIONS);
    }

    long connectionsOpened() {
        return counters.get(OPENED);
    }

    long handshakes() {
        return counters.get(TLS);
    }

    long cancels(int result) {
        return counters.get(CANCELLED + result);
    }

    long failures(SessionFailure failure) {
        return counters.get(FAILURES + place(failure));
    }
}
