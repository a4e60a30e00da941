package dev.turnout.proxy.upstream;

import dev.turnout.proxy.upstream.health.Checks.Watch;
import dev.turnout.proxy.upstream.health.Verdict;
import org.jspecify.annotations.Nullable;

/** What an {@link EndpointSet} knows about an endpoint. Guarded by its lock. */
final class EndpointState {
    final Ejection ejection;
    final Verdict verdict;
    boolean reachable = true;
    boolean drained;
    boolean removed;
    boolean warming;
    long warmAtNanos;
    String lastCheck = "";
    @Nullable
    Watch watch;

    EndpointState(Ejection ejection, Verdict verdict) {
        this.ejection = ejection;
        this.verdict = verdict;
    }

    /** Whether it counts when shares of the side are reckoned. */
    boolean active() {
        return !drained && !removed && verdict.passed();
    }

    boolean ready() {
        return active() && trusted();
    }

    boolean trusted() {
        return ejection.trust() == Trust.TRUSTED;
    }

    boolean healthy() {
        return verdict.passed() && trusted() && reachable;
    }

    /** Whether a success would be news. */
    boolean troubled() {
        return !reachable || !trusted() || ejection.failures() > 0;
    }
}
