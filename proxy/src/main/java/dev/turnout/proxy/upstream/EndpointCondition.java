package dev.turnout.proxy.upstream;

import dev.turnout.proxy.upstream.health.Checks.Watch;
import dev.turnout.proxy.upstream.health.Verdict;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What an {@link EndpointSet} knows about an endpoint. Guarded by its lock. */
final class EndpointCondition {
    /** How often it may be said of one that flaps that it cannot be reached. */
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

    final Ejection ejection;
    Verdict verdict;
    private boolean reachable = true;
    boolean drained;
    boolean removed;
    /** How long its slow start takes; 0 when none is under way. */
    long slowStartNanos;
    long warmAtNanos;
    String lastCheck = "";
    @Nullable
    private Watch watch;
    /** Which of its watches is listened to. */
    private int watchNumber;

    /** Whether operators were told that it cannot be reached, and not yet that it can be. */
    private boolean lossTold;
    private boolean quiet;
    private long quietUntilNanos;

    EndpointCondition(Ejection ejection, Verdict verdict) {
        this.ejection = ejection;
        this.verdict = verdict;
    }

    /** What an earlier watch still has to say counts no more. Answers the number of the next. */
    int endWatch() {
        if (watch != null) {
            watch.end();
            watch = null;
        }
        return ++watchNumber;
    }

    void watchedBy(Watch next) {
        watch = next;
    }

    boolean listensTo(int number) {
        return watchNumber == number;
    }

    boolean warming() {
        return slowStartNanos > 0;
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

    /** Whether it would be ready, but for the failures of earlier requests. */
    boolean ejected() {
        return active() && !trusted();
    }

    boolean healthy() {
        return verdict.passed() && trusted() && reachable;
    }

    /** Whether a success would be news. */
    boolean troubled() {
        return !reachable || !trusted() || ejection.failures() > 0;
    }

    /** Answers whether operators should be told. */
    boolean unreachable(long nowNanos) {
        boolean news = reachable && (!quiet || nowNanos - quietUntilNanos >= 0);
        reachable = false;
        if (news) {
            lossTold = true;
            quiet = true;
            quietUntilNanos = nowNanos + QUIET_NANOS;
        }
        return news;
    }

    /** Answers whether operators should be told. */
    boolean reachedAgain() {
        boolean news = lossTold;
        reachable = true;
        lossTold = false;
        return news;
    }
}
