package dev.turnout.proxy.upstream;

/**
 * What the traffic itself has taught about an endpoint.
 *
 * <pre>
 *             EJECT     TRY        SUCCESS    FORGIVE
 * TRUSTED     EJECTED   -          TRUSTED    -
 * EJECTED     -         ON_TRIAL   EJECTED    TRUSTED
 * ON_TRIAL    EJECTED   ON_TRIAL   TRUSTED    TRUSTED
 * </pre>
 */
enum Trust {
    /** Gets requests like any other. */
    TRUSTED,
    /** Gets none until its time is over. */
    EJECTED,
    /** One request finds out whether it is back. */
    ON_TRIAL;

    /** What happens to it. */
    enum Event {
        /** It failed too often, and may be spared. */
        EJECT,
        /** A request is about to try it; perhaps since an earlier one came to no verdict in time. */
        TRY,
        /** A request was answered; while it is ejected: one from before. */
        SUCCESS,
        /** It can no longer be spared. */
        FORGIVE
    }

    /** Throws IllegalStateException, with both names, for what cannot happen. */
    Trust on(Event event) {
        return switch (event) {
            case EJECT -> this == EJECTED ? illegal(event) : EJECTED;
            case TRY -> this == TRUSTED ? illegal(event) : ON_TRIAL;
            case FORGIVE -> this == TRUSTED ? illegal(event) : TRUSTED;
            case SUCCESS -> this == EJECTED ? EJECTED : TRUSTED;
        };
    }

    private Trust illegal(Event event) {
        throw new IllegalStateException("endpoint is " + this + ": " + event);
    }
}
