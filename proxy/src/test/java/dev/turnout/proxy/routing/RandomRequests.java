package dev.turnout.proxy.routing;

import dev.turnout.config.AddressRange;
import dev.turnout.config.HostPattern;
import dev.turnout.config.RequestMatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Requests and conditions of so few words that they often meet, and just as often nearly do. */
final class RandomRequests {
    private static final List<String> WORDS = List.of("a", "b", "ab", "ba", "Aa", "BB", "%61");
    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "get");
    private static final List<String> PREFIXES = List.of("/0", "/8", "/9", "/15", "/16", "/31", "/32");
    private static final List<String> LONG_PREFIXES = List.of("/0", "/1", "/32", "/63", "/64", "/127",
            "/128");

    private final SplittableRandom random;

    RandomRequests(SplittableRandom random) {
        this.random = random;
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private String word() {
        return one(WORDS);
    }

    private List<String> words(int least, int most) {
        return some(random.nextInt(least, most + 1), this::word);
    }

    private static <T> List<T> some(int count, Supplier<T> one) {
        List<T> some = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            some.add(one.get());
        }
        return some;
    }

    private String host() {
        return String.join(".", words(1, 4));
    }

    private String path() {
        return random.nextInt(20) == 0
                ? "*"
                : "/" + String.join("/", words(0, 4)) + one(List.of("", "", "/", "//a"));
    }

    private String ipv4() {
        return "10." + random.nextInt(2) * 128 + "." + random.nextInt(2) + "." + random.nextInt(3);
    }

    private String ipv6() {
        return one(List.of("2001:db8", "a001:db8", "2001:db9")) + "::" + one(List.of("", "1:0:0:0:"))
                + random.nextInt(3);
    }

    private AddressRange range() {
        return AddressRange
                .parse(random.nextBoolean() ? ipv4() + one(PREFIXES) : ipv6() + one(LONG_PREFIXES));
    }

    private Map<String, String> pairs(int most) {
        Map<String, String> pairs = new HashMap<>();
        words(0, most).forEach(name -> pairs.put(name.toLowerCase(Locale.ROOT), word()));
        return pairs;
    }

    Optional<HostPattern> pattern() {
        return maybe(() -> new HostPattern(host(), random.nextBoolean()));
    }

    Optional<String> prefix() {
        return maybe(() -> "/" + String.join("/", words(0, 3)) + one(List.of("", "/")));
    }

    Map<String, String> headers() {
        return random.nextInt(3) == 0 ? pairs(2) : Map.of();
    }

    private <T> Optional<T> maybe(Supplier<T> value) {
        return random.nextInt(3) == 0 ? Optional.empty() : Optional.of(value.get());
    }

    private boolean rarely() {
        return random.nextInt(4) == 0;
    }

    RequestMatch match() {
        return new RequestMatch(rarely() ? new HashSet<>(some(2, () -> one(METHODS))) : Set.of(),
                rarely() ? some(2, () -> new HostPattern(host(), random.nextBoolean())) : List.of(),
                rarely() ? prefix() : Optional.empty(), rarely() ? pairs(2) : Map.of(),
                rarely() ? pairs(1) : Map.of(), Map.of(), rarely() ? some(2, this::range) : List.of());
    }

    FakeFacts request() {
        FakeFacts facts = new FakeFacts().method(one(METHODS)).host(host()).path(path())
                .client(random.nextBoolean() ? ipv4() : ipv6());
        pairs(4).forEach(facts::header);
        pairs(3).forEach(facts::query);
        pairs(3).forEach(facts::cookie);
        pairs(3).forEach(facts::startup);
        return facts;
    }
}
