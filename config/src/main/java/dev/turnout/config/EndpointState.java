package dev.turnout.config;

import java.util.Locale;

/** What operators want of an endpoint; whether it can be reached is another matter. */
public enum EndpointState {
    /** Gets requests. */
    ACTIVE,
    /** Gets no new requests; those under way end, and it is still watched. */
    DRAINED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name in API, log and journal: {@code active} or {@code drained}. */
    public String label() {
        return label;
    }
}
