package dev.turnout.config;

/**
 * Decides requests of one sort.
 *
 * @param when which requests
 * @param then what becomes of them
 * @param readOnly whether such sessions only read, and are held to it; only for PostgreSQL
 */
public record RuleConfig(RequestMatch when, Then then, boolean readOnly) {
    /** What a rule says. */
    public sealed interface Then {
        /** They go to this side. */
        record To(Target side) implements Then {}

        /** They have a weight of their own; the cohort is the route's. */
        record Split(Share green) implements Then {}

        /** They have the weight of the route; only for sessions that read. */
        record Weight() implements Then {}
    }
}
