package dev.turnout.config;

import java.util.Locale;

/** One of the two environments: blue is today's, green is tomorrow's. */
public enum Target {
    BLUE, GREEN;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name in configuration, API, log and metrics: {@code blue} or {@code green}. */
    public String label() {
        return label;
    }

    public Target other() {
        return this == BLUE ? GREEN : BLUE;
    }
}
