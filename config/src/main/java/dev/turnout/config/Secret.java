package dev.turnout.config;

/**
 * A value that is never printed.
 *
 * @param reveal the secret itself; never part of a message, a log line or an answer
 */
public record Secret(String reveal) {
    public Secret {
        if (reveal.isEmpty()) {
            throw new IllegalArgumentException("secret: empty (expected: at least one character)");
        }
    }

    @Override
    public String toString() {
        return "Secret(redacted)";
    }
}
