package dev.turnout.admin;

import dev.turnout.config.Target;
import java.util.Map;

/**
 * Where a request would go, and why.
 *
 * @param target the side; the one that more such requests go to, where it is not certain
 * @param certain false where each request is decided anew, by the weight
 * @param rung the step of the ladder that decides: drained, override, rule, writer, cohort, unkeyed or spill
 * @param sentence all of it, for people
 * @param inputs what was looked at, by name: texts, numbers and flags, in the order in which they counted
 */
public record Explanation(
        Target target,
        boolean certain,
        String rung,
        String sentence,
        Map<String, Object> inputs) {}
