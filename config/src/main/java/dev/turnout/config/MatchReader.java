package dev.turnout.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads what is asked of a request: the section {@code match} of a route and {@code when} of a rule. */
final class MatchReader {
    private static final int MAX_VALUES = 1000;
    private static final int MAX_CONDITIONS = 100;

    private final Problems problems;

    MatchReader(Problems problems) {
        this.problems = problems;
    }

    Read<MatchConfig> match(Section match) {
        Read<Optional<HostPattern>> host = match.readIfSet("host", Kinds.HOST);
        Read<Optional<String>> pathPrefix = match.readIfSet("path-prefix", Kinds.PATH_PREFIX);
        Read<Map<String, String>> headers = headers(match.section("headers"));
        return match.isDoubtful()
                ? Read.failed()
                : Read.of(
                        () -> new MatchConfig(host.get(), pathPrefix.get(), headers.get()),
                        host, pathPrefix, headers);
    }

    Read<RequestMatch> when(Section when) {
        Read<List<String>> methods = when.readOneOrMore("method", Kinds.METHOD, MAX_VALUES);
        Read<List<HostPattern>> hosts = when.readOneOrMore("host", Kinds.HOST, MAX_VALUES);
        Read<Optional<String>> pathPrefix = when.readIfSet("path-prefix", Kinds.PATH_PREFIX);
        Read<Map<String, String>> headers = headers(when.section("header"));
        Read<Map<String, String>> query = query(when.section("query"));
        Read<List<AddressRange>> clients = when.readOneOrMore("client", Kinds.ADDRESS_RANGE, MAX_VALUES);
        Read<Map<String, List<String>>> startup = startup(when);
        return when.isDoubtful()
                ? Read.failed()
                : Read.of(
                        () -> new RequestMatch(Set.copyOf(methods.get()), hosts.get(), pathPrefix.get(),
                                headers.get(),
                                query.get(), startup.get(), clients.get()),
                        methods, hosts, pathPrefix, headers, query, startup, clients);
    }

    /** By startup parameter; the three that most rules ask for have keys of their own. */
    private Read<Map<String, List<String>>> startup(Section when) {
        Map<String, Read<List<String>>> own = new TreeMap<>();
        own.put("user", when.readOneOrMore("user", PostgresKinds.NAME, MAX_VALUES));
        own.put("database", when.readOneOrMore("database", PostgresKinds.NAME, MAX_VALUES));
        own.put("application_name",
                when.readOneOrMore("application", PostgresKinds.PARAMETER_VALUE, MAX_VALUES));
        Section others = when.section("startup");
        Read<Map<String, String>> named = conditions(others, PostgresKinds.PARAMETER,
                PostgresKinds.PARAMETER_VALUE, name -> name.toLowerCase(Locale.ROOT));
        named.value().ifPresent(values -> values.keySet().stream().filter(own::containsKey)
                .forEach(name -> problems.error(others.spot(), name + ", which has a key of its own",
                        "user, database or application beside startup")));
        Read<?>[] all = Stream.concat(own.values().stream(), Stream.of(named)).toArray(Read<?>[]::new);
        return Read.of(() -> {
            Map<String, List<String>> wanted = new TreeMap<>();
            own.forEach((name, values) -> wanted.put(name, values.get()));
            wanted.values().removeIf(List::isEmpty);
            named.get().forEach((name, value) -> wanted.put(name, List.of(value)));
            return wanted;
        }, all);
    }

    private Read<Map<String, String>> headers(Section section) {
        return conditions(section, Kinds.HEADER_NAME, Kinds.FIELD_VALUE,
                name -> name.toLowerCase(Locale.ROOT));
    }

    private Read<Map<String, String>> query(Section section) {
        return conditions(section, Kinds.QUERY_NAME, Kinds.QUERY_VALUE, name -> name);
    }

    /** Exact values by name; no two names may be the same once they are folded. */
    private Read<Map<String, String>> conditions(Section section, Kind<String> name, Kind<String> value,
            UnaryOperator<String> fold) {
        if (section.size() > MAX_CONDITIONS) {
            problems.error(section.spot(), section.size() + " names", "at most " + MAX_CONDITIONS);
        }
        Map<String, Section.Item<String>> conditions = new TreeMap<>();
        section.values(value).forEach((written, item) -> {
            if (name.fit(written).isEmpty()) {
                problems.error(item.spot(), "the name " + Shown.text(written), name.allowed());
            }
            Section.Item<String> before = conditions.putIfAbsent(fold.apply(written), item);
            if (before != null) {
                problems.error(item.spot(), "the same as " + before.spot().path() + " in "
                        + before.spot().place(), "each name once, whatever its letter case");
            }
        });
        boolean whole = conditions.values().stream().allMatch(item -> item.read().value().isPresent());
        return section.isDoubtful() || !whole
                ? Read.failed()
                : Read.of(conditions.entrySet().stream().collect(
                        Collectors.toMap(Map.Entry::getKey, condition -> condition.getValue().read().get())));
    }
}
