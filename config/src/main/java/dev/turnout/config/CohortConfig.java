package dev.turnout.config;

/**
 * What users are told apart by, so that each stays on one side.
 *
 * @param key where the key stands in a request
 * @param mint whether a user without the cookie gets one with a random id; only for a cookie; default true
 */
public record CohortConfig(RequestKey key, boolean mint) {
    public CohortConfig {
        if (mint && !(key instanceof RequestKey.Cookie)) {
            throw new IllegalArgumentException("mint: true for " + key + " (expected: only for a cookie)");
        }
    }

    @Override
    public String toString() {
        return key + (key instanceof RequestKey.Cookie && !mint ? ", not minted" : "");
    }
}
