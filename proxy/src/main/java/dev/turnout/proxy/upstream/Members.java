package dev.turnout.proxy.upstream;

import java.util.List;

/**
 * The endpoints of a side as they stand between two changes of state. Immutable; read once per choice. The arrays are
 * nobody's to write to.
 */
final class Members {
    static final Members NONE = of(List.of());

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

    private Members(List<Endpoint> all, Endpoint[] ready, Endpoint[] ejected, boolean warming,
            long warmAtNanos) {
        this.all = all;
        this.ready = ready;
        this.ejected = ejected;
        this.warming = warming;
        this.warmAtNanos = warmAtNanos;
        plain = ejected.length == 0 && !warming;
    }

    /** Under the lock of the set. */
    static Members of(List<Endpoint> all) {
        List<Endpoint> ready = all.stream().filter(endpoint -> endpoint.state().ready()).toList();
        boolean warming = false;
        long warmAtNanos = 0;
        for (Endpoint endpoint : ready) {
            EndpointCondition state = endpoint.state();
            if (state.warming() && (!warming || state.warmAtNanos - warmAtNanos > 0)) {
                warming = true;
                warmAtNanos = state.warmAtNanos;
            }
        }
        return new Members(all, ready.toArray(Endpoint[]::new),
                all.stream().filter(endpoint -> endpoint.state().ejected()).toArray(Endpoint[]::new), warming,
                warmAtNanos);
    }
}
