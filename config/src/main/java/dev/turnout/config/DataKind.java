package dev.turnout.config;

import java.util.Locale;

/** What the databases of the two sides are to each other. */
public enum DataKind {
    /** Green is a replica of blue: writers have one side, and only a cutover moves them. */
    REPLICATED,
    /** Two ways to one database. */
    SHARED,
    /** Two databases, whose owner knows what it means that either is written to. */
    INDEPENDENT;

    /** The name in configuration and API. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
