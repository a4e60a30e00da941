package dev.turnout.config;

/**
 * Decides requests of one sort.
 *
 * @param when which requests
 * @param then what becomes of them
 */
public record RuleConfig(RequestMatch when, Then then) {
    /** What a rule says. */
    public sealed interface Then {
        /** They go to this side. */
        record To(Target side) implements Then {}

        /** They have a weight of their own; the cohort is the route's. */
        record Split(Share green) implements Then {}
    }
}
