package dev.turnout.config;

import java.util.Optional;

/**
 * While green is a replica of blue, what may write has one side, and only a cutover moves it: what would send it across
 * is refused, with what to do instead. Pure.
 */
public final class OneWriter {
    /** What to do instead, for messages. */
    static final String INSTEAD = "a share of the reads, by a rule with read-only = true and no to; a cutover, which"
            + " moves the writers; or data = shared or independent";

    private OneWriter() {}

    /** Why green's share may not be this one; empty when it may. */
    public static Optional<String> refusal(RouteConfig route, Share green) {
        return route.split().writers().filter(writers -> !green.equals(Share.NONE) && !sharesReads(route))
                .map(writers -> "green: " + green + ", where data = replicated, so that writers stay on "
                        + writers.label() + ", and no rule shares out reads (expected: " + INSTEAD + ")");
    }

    /** Why a side may not be drained; empty when it may. */
    public static Optional<String> drainRefusal(RouteConfig route, Target side) {
        return route.split().writers().filter(side::equals)
                .map(writers -> "drain: " + side.label()
                        + ", where data = replicated, so that writers stay on it"
                        + " (expected: " + INSTEAD + ")");
    }

    private static boolean sharesReads(RouteConfig route) {
        return route.split().rules().stream()
                .anyMatch(rule -> rule.readOnly() && !(rule.then() instanceof RuleConfig.Then.To));
    }
}
