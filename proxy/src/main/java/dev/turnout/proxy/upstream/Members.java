package dev.turnout.proxy.upstream;

import java.util.List;

/**
 * The endpoints of a side as they stand between two changes of state. Immutable; read once per choice. The arrays are
 * nobody's to write to.
 */
final class Members {
    static final Members NONE = new Members(List.of(), new Endpoint[0], new Endpoint[0], false, 0);

    /** All but those that were removed, in a stable order. */
    final List<Endpoint> all;
    /** Those that a new request may go to. */
    final Endpoint[] ready;
    /** Those that would be ready, but for the failures of earlier requests. */
    final Endpoint[] ejected;
    /** Whether at least one of those ready gets less than its full share. */
    final boolean warming;
    /** When the last of them has warmed up. */
    final long warmAtNanos;
    /** Whether there is nothing to look at but {@link #ready}. */
    final boolean plain;

    Members(List<Endpoint> all, Endpoint[] ready, Endpoint[] ejected, boolean warming, long warmAtNanos) {
        this.all = all;
        this.ready = ready;
        this.ejected = ejected;
        this.warming = warming;
        this.warmAtNanos = warmAtNanos;
        plain = ejected.length == 0 && !warming;
    }
}
