package dev.turnout.config;

import java.util.List;
import java.util.Optional;

/**
 * How a route divides its traffic.
 *
 * @param green green's share; default 0%
 * @param salt makes the cohorts of this split its own; routes with the same salt agree about every key; default the
 *     route's name
 * @param overrides in the order in which they are asked; the first that matches decides
 * @param rules asked behind the overrides, in this order; the first that matches decides
 * @param cohort what tells users apart; empty: each request is decided by itself
 * @param writers the side of all sessions that are not declared read-only; empty: they are split as any other
 * @param unhealthy what becomes of a request whose side has no healthy endpoint; default fail
 */
public record SplitConfig(
        Share green,
        String salt,
        List<ForcedSide> overrides,
        List<RuleConfig> rules,
        Optional<CohortConfig> cohort,
        Optional<Target> writers,
        UnhealthyPolicy unhealthy) {
    public SplitConfig {
        overrides = List.copyOf(overrides);
        rules = List.copyOf(rules);
    }
}
