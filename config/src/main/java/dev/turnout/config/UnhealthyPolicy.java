package dev.turnout.config;

import java.util.Locale;

/** What becomes of a request whose side has no healthy endpoint. */
public enum UnhealthyPolicy {
    /** It is answered with 503. */
    FAIL,
    /** It goes to the other side. */
    SPILL;

    /** The name in configuration. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
