package dev.turnout.proxy.routing;

import java.util.Locale;

/** The step of the ladder that decided, the strongest first. */
public enum Rung {
    /** The other side is drained. */
    DRAINED(0),
    /** A header or a cookie forced the side. */
    OVERRIDE(1),
    /** A rule said which side, or had a weight of its own. */
    RULE(2),
    /** The session may write, and writers have one side. */
    WRITER(3),
    /** The hash of the user's key stood against the weight. */
    COHORT(4),
    /** There was no key: requests are dealt out one by one, exactly in proportion. */
    UNKEYED(5),
    /** The side that was decided had no healthy endpoint and left the request to this one. */
    SPILL(6);

    private final int number;
    private final String label = name().toLowerCase(Locale.ROOT);

    Rung(int number) {
        this.number = number;
    }

    /** Its place among all of them, from 0. */
    public int number() {
        return number;
    }

    /** The name in API, log and metrics. */
    public String label() {
        return label;
    }
}
