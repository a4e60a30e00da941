package dev.turnout.proxy.upstream;

import dev.turnout.config.EjectConfig;
import dev.turnout.proxy.upstream.Trust.Event;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Failures in a row of one endpoint, and how long they keep it out. Pure; guarded by the lock of its
 * {@link EndpointSet}.
 */
final class Ejection {
    /** However often in a row, it is not out for longer; unless the first time is configured to be. */
    static final long MOST_NANOS = TimeUnit.MINUTES.toNanos(5);
    /** After this another request may try: the first may run long, or its client may have gone away. */
    static final long TRIAL_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** Part of the time that is added at random, so that what failed together is not tried together. */
    private static final double JITTER = 0.1;

    private EjectConfig config;
    private final RandomGenerator random;
    private Trust trust = Trust.TRUSTED;
    private int failures;
    private int timesInRow;
    private long nextTryNanos;

    Ejection(EjectConfig config, RandomGenerator random) {
        this.config = config;
        this.random = random;
    }

    /** Holds from now on; one that is out stays so for as long as it was told. */
    void rules(EjectConfig rules) {
        config = rules;
    }

    Trust trust() {
        return trust;
    }

    int failures() {
        return failures;
    }

    /** Only while it is not trusted. */
    long nextTryNanos() {
        return nextTryNanos;
    }

    /** Answers whether it has earned ejection. */
    boolean failed() {
        failures++;
        return switch (trust) {
            case TRUSTED -> failures >= config.failures();
            case ON_TRIAL -> true;
            case EJECTED -> false;
        };
    }

    /** Answers whether it has earned ejection: one failed connect is enough. */
    boolean connectFailed() {
        failures++;
        return trust != Trust.EJECTED;
    }

    /** It earned ejection, but cannot be spared: it has to earn it anew. */
    void spare() {
        failures = 0;
    }

    /** Answers for how long, in nanoseconds. */
    long eject(long nowNanos) {
        trust = trust.on(Event.EJECT);
        failures = 0;
        long first = config.duration().toNanos();
        long most = Math.max(first, MOST_NANOS);
        long nanos = first;
        for (int time = 0; time < timesInRow && nanos < most; time++) {
            nanos *= 2;
        }
        nanos = Math.min(nanos, most);
        nanos += (long) (nanos * JITTER * random.nextDouble());
        timesInRow++;
        nextTryNanos = nowNanos + nanos;
        return nanos;
    }

    /** It can no longer be spared. The next time it is ejected counts as one more in a row. */
    void forgive() {
        trust = trust.on(Event.FORGIVE);
    }

    /** A request is about to try it. */
    void tryOut(long nowNanos) {
        trust = trust.on(Event.TRY);
        nextTryNanos = nowNanos + TRIAL_NANOS;
    }

    /** Answers whether this brings it back. */
    boolean succeeded() {
        boolean onTrial = trust == Trust.ON_TRIAL;
        trust = trust.on(Event.SUCCESS);
        failures = 0;
        if (onTrial) {
            timesInRow = 0;
        }
        return onTrial;
    }
}
