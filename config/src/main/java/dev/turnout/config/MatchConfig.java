package dev.turnout.config;

import java.util.Map;
import java.util.Optional;

/**
 * Which requests of a listener are a route's, when several routes share it. The most specific one has a request: an
 * exact host before a wildcard before none, then the longest path prefix, then the most headers.
 *
 * @param host empty: any
 * @param pathPrefix as in {@link RequestMatch}; empty: any
 * @param headers as in {@link RequestMatch}
 */
public record MatchConfig(
        Optional<HostPattern> host,
        Optional<String> pathPrefix,
        Map<String, String> headers) {
    /** Every request. */
    public static final MatchConfig ANY = new MatchConfig(Optional.empty(), Optional.empty(), Map.of());

    public MatchConfig {
        headers = Map.copyOf(headers);
    }
}
