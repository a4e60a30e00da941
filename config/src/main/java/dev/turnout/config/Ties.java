package dev.turnout.config;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The routes of one listener: of two that may want the same request one must be the more specific. */
final class Ties {
    private final Problems problems;
    /** By the names of their headers, and then by the headers: one of each. */
    private final Map<Rank, Map<Set<String>, Map<Map<String, String>, Known>>> before = new HashMap<>();

    Ties(Problems problems) {
        this.problems = problems;
    }

    /** What tells how specific a route is, beside what its headers hold. */
    private record Rank(Optional<HostPattern> host, Optional<String> pathPrefix, int headers) {}

    private record Known(Sharer sharer, MatchConfig asks) {
        /** Whether no request can fit both, because one header would have to hold two values. */
        boolean contradicts(Known other) {
            return asks.headers().entrySet().stream().anyMatch(header -> {
                String theirs = other.asks.headers().get(header.getKey());
                return theirs != null && !theirs.equals(header.getValue());
            });
        }
    }

    /** Adds a route and reports when it ties with one before it. */
    void add(Sharer sharer) {
        sharer.asks().value().ifPresent(asks -> {
            Known known = new Known(sharer, asks);
            Rank rank = new Rank(asks.host(), asks.pathPrefix(), asks.headers().size());
            Map<Set<String>, Map<Map<String, String>, Known>> equals = before.computeIfAbsent(rank,
                    first -> new LinkedHashMap<>());
            equals.entrySet().stream().flatMap(group -> tied(known, group.getKey(), group.getValue()))
                    .findFirst().ifPresent(other -> report(known, other.sharer));
            equals.computeIfAbsent(asks.headers().keySet(), names -> new LinkedHashMap<>())
                    .putIfAbsent(asks.headers(), known);
        });
    }

    /** With the same names, other values contradict, so that thousands of tenants need not be compared in pairs. */
    private static Stream<Known> tied(Known known, Set<String> names,
            Map<Map<String, String>, Known> others) {
        Map<String, String> headers = known.asks.headers();
        return headers.keySet().equals(names)
                ? Stream.ofNullable(others.get(headers))
                : others.values().stream().filter(other -> !known.contradicts(other));
    }

    private void report(Known tied, Sharer other) {
        if (tied.asks.equals(MatchConfig.ANY)) {
            problems.error(tied.sharer.listen(),
                    Shown.found(tied.sharer.listen()) + ", where " + other.listen().path() + " in "
                            + other.listen().place() + " listens with " + Shown.found(other.listen())
                            + ", and each would take every request",
                    "an address of its own, or a match that tells the two apart");
        } else {
            problems.error(tied.sharer.match(),
                    "as specific as " + other.match().path() + " in " + other.match().place()
                            + ", and a request may fit both",
                    "a host, a path prefix or headers that tell the two apart");
        }
    }
}
