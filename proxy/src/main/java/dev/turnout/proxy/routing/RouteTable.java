package dev.turnout.proxy.routing;

import dev.turnout.config.HostPattern;
import dev.turnout.config.MatchConfig;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The routes that share a listener, the most specific first: an exact host before the longest wildcard before none,
 * then the longest path prefix, then the most headers. When all that a host has do not fit, the next host is asked.
 * Immutable.
 */
public final class RouteTable<T> {
    private final List<Entry<T>> entries;
    private final FirstMatch matches;

    /**
     * One route.
     *
     * @param match which requests are its own
     */
    public record Entry<T>(MatchConfig match, T route) {}

    private RouteTable(List<Entry<T>> entries) {
        this.entries = entries;
        matches = new FirstMatch(entries.stream().map(entry -> Condition.of(entry.match())).toList());
    }

    /**
     * Puts the most specific first.
     *
     * @param entries at least one; those that are as specific as each other stay in this order
     */
    public static <T> RouteTable<T> of(List<Entry<T>> entries) {
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("entries: 0 (expected: at least 1)");
        }
        Comparator<Entry<T>> specific = Comparator
                .comparingInt((Entry<T> entry) -> host(entry.match().host()))
                .thenComparingInt(entry -> path(entry.match().pathPrefix()))
                .thenComparingInt(entry -> entry.match().headers().size());
        return new RouteTable<>(entries.stream().sorted(specific.reversed()).toList());
    }

    private static int host(Optional<HostPattern> host) {
        if (host.isEmpty()) {
            return -1;
        }
        return host.get().wildcard() ? host.get().name().length() : Integer.MAX_VALUE;
    }

    private static int path(Optional<String> prefix) {
        return prefix.map(path -> Condition.withoutSlashAtEnd(path).length()).orElse(-1);
    }

    /** The route that has this request; null: none has. */
    public @Nullable T find(RequestFacts facts, Scratch scratch) {
        int found = matches.find(facts, scratch);
        return found == FirstMatch.NONE ? null : entries.get(found).route();
    }

    /** The least specific of them. */
    public T lead() {
        return entries.getLast().route();
    }
}
