package dev.turnout.config;

/** What a route speaks with its clients and its endpoints. */
public enum Protocol {
    HTTP;

    /** The name in configuration and API. */
    public String label() {
        return switch (this) {
            case HTTP -> "http";
        };
    }
}
