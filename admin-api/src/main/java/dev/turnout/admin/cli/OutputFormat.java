package dev.turnout.admin.cli;

/** What a command prints: for people, or for programs. */
enum OutputFormat {
    TABLE, JSON
}
