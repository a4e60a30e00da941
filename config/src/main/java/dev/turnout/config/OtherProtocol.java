package dev.turnout.config;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which keys of a route only one protocol has: such a key is an error in a route that speaks another one. */
final class OtherProtocol {
    private static final String ROUTE = "turnout.routes.<name>";
    private static final String SPLIT = ROUTE + ".split.";

    /** By the path of the section in {@code reference.conf}. */
    private static final Map<String, Set<String>> HTTP = Map.of(
            ROUTE, Set.of("expose-target", "headers", "match"),
            ROUTE + ".timeouts", Set.of("head", "idle", "pool", "request", "tunnel"),
            ROUTE + ".limits", Set.of("body"),
            ROUTE + ".health", Set.of("path"),
            SPLIT + "overrides[]", Set.of("cookie", "header"),
            SPLIT + "rules[].when", Set.of("header", "host", "method", "path-prefix", "query"),
            SPLIT + "cohort", Set.of("cookie", "header", "mint", "query"));
    private static final Map<String, Set<String>> POSTGRESQL = Map.of(
            ROUTE, Set.of("auth", "data", "mode", "slow-statement"),
            ROUTE + ".timeouts", Set.of("authenticate"),
            ROUTE + ".limits", Set.of("unauthenticated"),
            SPLIT + "overrides[]", Set.of("read-only", "startup-option"),
            SPLIT + "rules[]", Set.of("read-only"),
            SPLIT + "rules[].when", Set.of("application", "database", "startup", "user"),
            SPLIT + "cohort", Set.of("application", "startup-parameter", "user"));
    /** What HTTP will have as well. */
    private static final Map<String, Set<String>> NOT_YET_HTTP = Map.of(
            ROUTE, Set.of("tls"),
            ROUTE + ".blue", Set.of("tls"),
            ROUTE + ".green", Set.of("tls"));

    private OtherProtocol() {}

    /** The keys of a section that a protocol does not have, and what is said of one that stands there. */
    static Map<String, String> keys(String section, Protocol spoken) {
        Map<String, String> keys = new TreeMap<>();
        switch (spoken) {
            case HTTP -> {
                put(keys, POSTGRESQL.get(section), found(Protocol.POSTGRESQL, spoken));
                put(keys, NOT_YET_HTTP.get(section), NotYet.FOUND + " on a route that speaks http");
            }
            case POSTGRESQL -> put(keys, HTTP.get(section), found(Protocol.HTTP, spoken));
        }
        return keys;
    }

    private static String found(Protocol has, Protocol spoken) {
        return "a key for " + has.label() + ", on a route that speaks " + spoken.label();
    }

    private static void put(Map<String, String> keys, @Nullable Set<String> some, String found) {
        if (some != null) {
            some.forEach(key -> keys.put(key, found));
        }
    }
}
