package dev.turnout.bench.http;

/** What there is to send, and since when it is due. Pure: times come in, by one ticker. Confined by its caller. */
sealed interface Demand permits Backlog, ClosedLoop {
    /** Takes note of what has become due. */
    void advance(long nowNanos);

    /** Whether a request is due that was not taken. */
    boolean isDue();

    /** Takes the oldest request that is due, which there must be; returns when it was due. */
    long take(long nowNanos);

    /** When {@link #advance} should be called next; some time later when nothing more will become due. */
    long nextNanos(long nowNanos);

    /** Whether nothing is due, or will be. */
    boolean isOver();

    /** Nothing that would be due later will be. */
    void endAt(long nowNanos);
}
