package dev.turnout.proxy.routing;

import dev.turnout.config.Target;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * Where a request would go, and why.
 *
 * @param target the side; the one that more such requests go to, where it is not certain
 * @param certain false where each such request, or each such user, is decided anew
 * @param readOnly whether it was declared that it only reads
 * @param rung the step of the ladder that decides
 * @param sentence all of it, for people
 * @param inputs what was looked at, by name, in the order in which it counted: texts, numbers and flags
 */
public record Explained(
        Target target,
        boolean certain,
        boolean readOnly,
        Rung rung,
        String sentence,
        SequencedMap<String, Object> inputs) {
    public Explained {
        inputs = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(inputs));
    }
}
