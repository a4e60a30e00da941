package dev.turnout.config;

import java.util.Locale;

/** What the holder of an admin token may do; each role may also do what the ones before it may. */
public enum Role {
    /** Reads everything that holds no secret. */
    VIEWER,
    /** Changes where traffic goes. */
    OPERATOR,
    /** Overrides what protects an operator from a mistake. */
    ADMIN;

    /** The name in configuration. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }
}
