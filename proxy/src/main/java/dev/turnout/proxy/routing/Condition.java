package dev.turnout.proxy.routing;

import dev.turnout.config.AddressRange;
import dev.turnout.config.ForcedSide;
import dev.turnout.config.HostPattern;
import dev.turnout.config.MatchConfig;
import dev.turnout.config.RequestMatch;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is asked of a request: of each of these facts that it fits one of these keys. Asks nothing when empty.
 *
 * @param asked the cheapest first
 */
record Condition(Map<Fact, List<byte[]>> asked) {
    private static Condition empty() {
        return new Condition(new TreeMap<>());
    }

    static Condition of(RequestMatch match) {
        return empty()
                .with(Fact.of(Fact.Kind.METHOD), match.methods().stream().map(Condition::bytes).toList())
                .hosts(match.hosts())
                .path(match.pathPrefix())
                .clients(match.clients())
                .startup(match.startup())
                .headers(match.headers())
                .query(match.query());
    }

    static Condition of(MatchConfig match) {
        return empty().hosts(match.host().stream().toList()).path(match.pathPrefix())
                .headers(match.headers());
    }

    static Condition of(ForcedSide override) {
        return empty().with(Fact.of(override.source()), List.of(bytes(override.value())))
                .clients(override.from());
    }

    private Condition with(Fact fact, Collection<byte[]> keys) {
        if (!keys.isEmpty()) {
            asked.put(fact, List.copyOf(keys));
        }
        return this;
    }

    private Condition hosts(List<HostPattern> hosts) {
        return with(Fact.of(Fact.Kind.HOST),
                hosts.stream().map(host -> bytes(host.wildcard() ? "." + host.name() : host.name()))
                        .toList());
    }

    private Condition path(Optional<String> prefix) {
        return with(Fact.of(Fact.Kind.PATH),
                prefix.stream().map(path -> bytes(withoutSlashAtEnd(path))).toList());
    }

    /** {@code /api/} means what {@code /api} means. */
    static String withoutSlashAtEnd(String prefix) {
        return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }

    private Condition clients(List<AddressRange> ranges) {
        return with(Fact.of(Fact.Kind.CLIENT), ranges.stream().map(Condition::bytes).toList());
    }

    private Condition startup(Map<String, List<String>> parameters) {
        parameters.forEach((name, values) -> with(Fact.startup(name),
                values.stream().map(Condition::bytes).toList()));
        return this;
    }

    private Condition headers(Map<String, String> headers) {
        headers.forEach((name, value) -> with(Fact.header(name), List.of(bytes(value))));
        return this;
    }

    private Condition query(Map<String, String> query) {
        query.forEach((name, value) -> with(Fact.query(name), List.of(bytes(value))));
        return this;
    }

    private static byte[] bytes(AddressRange range) {
        byte[] address = range.network().getAddress();
        byte[] key = Arrays.copyOf(address, address.length + 1);
        key[address.length] = (byte) range.prefix();
        return key;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
