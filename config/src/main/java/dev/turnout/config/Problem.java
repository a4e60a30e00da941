package dev.turnout.config;

import java.util.Optional;

/**
 * One thing wrong in a configuration, and how to mend it.
 *
 * @param file as the operator named it
 * @param line 1-based; 0 where the value has none, as one from the environment
 * @param key the full path, {@code turnout.routes.shop.listen}
 * @param found what stands there, secrets left out
 * @param allowed what may stand there
 * @param suggestion the key or value that was probably meant
 */
public record Problem(
        String file,
        int line,
        String key,
        String found,
        String allowed,
        Optional<String> suggestion) {
    @Override
    public String toString() {
        return file + (line > 0 ? ":" + line : "") + ": " + key + ": " + found + " (expected: " + allowed
                + ")"
                + suggestion.map(meant -> "; did you mean " + meant + "?").orElse("");
    }
}
