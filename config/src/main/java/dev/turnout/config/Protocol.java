package dev.turnout.config;

/** What a route speaks with its clients and its endpoints. */
public enum Protocol {
    HTTP,
    /** The wire protocol of PostgreSQL, versions 3.0 and 3.2. */
    POSTGRESQL;

    /** The name in configuration and API. */
    public String label() {
        return switch (this) {
            case HTTP -> "http";
            case POSTGRESQL -> "postgresql";
        };
    }
}
