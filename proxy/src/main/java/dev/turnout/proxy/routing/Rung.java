package dev.turnout.proxy.routing;

import java.util.Locale;

/** The step of the ladder that decided, the strongest first. */
public enum Rung {
    /** A header forced the side. */
    OVERRIDE,
    /** The hash of the user's key stood against the weight. */
    COHORT,
    /** There was no key: requests are dealt out one by one, exactly in proportion. */
    UNKEYED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name in API, log and metrics. */
    public String label() {
        return label;
    }
}
