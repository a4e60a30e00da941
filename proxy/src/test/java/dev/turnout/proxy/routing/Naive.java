package dev.turnout.proxy.routing;

import dev.turnout.config.AddressRange;
import dev.turnout.config.HostPattern;
import dev.turnout.config.MatchConfig;
import dev.turnout.config.RequestMatch;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the configuration says of conditions, word for word and as slow as it reads. */
final class Naive {
    private Naive() {}

    static boolean meets(RequestMatch match, FakeFacts facts) {
        return (match.methods().isEmpty() || match.methods().contains(facts.method))
                && (match.hosts().isEmpty()
                        || match.hosts().stream().anyMatch(host -> fits(host, facts.host)))
                && match.pathPrefix().map(prefix -> begins(facts.path, prefix)).orElse(true)
                && has(facts.headers, match.headers())
                && has(facts.query, match.query())
                && match.startup().entrySet().stream()
                        .allMatch(asked -> asked.getValue().contains(facts.startup.get(asked.getKey())))
                && (match.clients().isEmpty()
                        || match.clients().stream().anyMatch(range -> contains(range, facts.client)));
    }

    private static boolean has(Map<String, String> sent, Map<String, String> wanted) {
        return sent.entrySet().containsAll(wanted.entrySet());
    }

    private static boolean fits(HostPattern pattern, String host) {
        return pattern.wildcard() ? host.endsWith("." + pattern.name()) : host.equals(pattern.name());
    }

    private static boolean begins(String path, String prefix) {
        String bare = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
        return path.equals(bare) || path.startsWith(bare + "/");
    }

    private static boolean contains(AddressRange range, byte[] client) {
        try {
            return range.contains(InetAddress.getByAddress(client));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** Goes from host to wider host, and for each from prefix to shorter prefix. */
    static <T> @Nullable T find(List<RouteTable.Entry<T>> entries, FakeFacts facts) {
        for (Optional<HostPattern> host : hosts(facts.host)) {
            for (Optional<String> prefix : prefixes(facts.path)) {
                Optional<RouteTable.Entry<T>> found = entries.stream()
                        .filter(entry -> entry.match().host().equals(host))
                        .filter(entry -> bare(entry.match().pathPrefix()).equals(prefix))
                        .filter(entry -> has(facts.headers, entry.match().headers()))
                        .min(Comparator.comparingInt((RouteTable.Entry<T> entry) -> -headers(entry.match())));
                if (found.isPresent()) {
                    return found.get().route();
                }
            }
        }
        return null;
    }

    private static int headers(MatchConfig match) {
        return match.headers().size();
    }

    private static Optional<String> bare(Optional<String> prefix) {
        return prefix.map(text -> text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    }

    private static List<Optional<HostPattern>> hosts(String host) {
        List<Optional<HostPattern>> hosts = new ArrayList<>();
        hosts.add(Optional.of(new HostPattern(host, false)));
        for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            hosts.add(Optional.of(new HostPattern(host.substring(dot + 1), true)));
        }
        hosts.add(Optional.empty());
        return hosts;
    }

    private static List<Optional<String>> prefixes(String path) {
        List<Optional<String>> prefixes = new ArrayList<>();
        prefixes.add(Optional.of(path));
        for (int slash = path.lastIndexOf('/'); slash >= 0; slash = path.lastIndexOf('/', slash - 1)) {
            prefixes.add(Optional.of(path.substring(0, slash)));
        }
        prefixes.add(Optional.empty());
        return prefixes;
    }
}
