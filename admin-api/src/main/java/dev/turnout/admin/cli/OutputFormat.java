package dev.turnout.admin.cli;

import java.util.Locale;

/** What a command prints: for people, or for programs. */
enum OutputFormat {
    TABLE, JSON;

    /** As it is typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
