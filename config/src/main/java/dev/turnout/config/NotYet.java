package dev.turnout.config;

import java.util.Map;
import java.util.Set;

/**
 * What is designed but not in this version: such a key is an error that says so, and is one problem whatever it
 * holds.
 */
final class NotYet {
    static final String FOUND = "not in this version of Turnout yet";
    static final String ALLOWED = "nothing, leave it out";

    /** By the path of the section in {@code reference.conf}. */
    private static final Map<String, Set<String>> KEYS = Map.of(
            "turnout", Set.of("cutovers", "rollouts", "jwt"),
            "turnout.routes.<name>",
            Set.of("jwt", "reads", "shadow"),
            "turnout.routes.<name>.split.cohort", Set.of("jwt-claim"));

    private NotYet() {}

    static Set<String> keys(String section) {
        return KEYS.getOrDefault(section, Set.of());
    }
}
