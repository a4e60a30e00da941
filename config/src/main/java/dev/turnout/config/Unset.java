package dev.turnout.config;

/** A secret that is left out, most likely because its variable is not set. */
final class Unset {
    private Unset() {}

    /** Warns that what it belongs to does not count. */
    static void warn(Spot secret, String allowed, Problems problems) {
        String unset = Leftovers.substitution(secret.written())
                .map(substitution -> substitution + " is not set")
                .orElse("nothing");
        problems.warning(secret, unset + ", so this entry is ignored", allowed);
    }
}
