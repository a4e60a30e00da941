package dev.turnout.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads the list {@code split.overrides} of a route. */
final class OverridesReader {
    private static final int MAX_OVERRIDES = 1000;
    private static final int MAX_RANGES = 1000;
    private static final List<String> SOURCES = List.of("header", "cookie");

    private final Problems problems;

    OverridesReader(Problems problems) {
        this.problems = problems;
    }

    Supplier<List<ForcedSide>> read(Section split) {
        List<Section> entries = split.sectionList("overrides");
        if (entries.size() > MAX_OVERRIDES) {
            problems.error(split.member("overrides"), entries.size() + " entries",
                    "at most " + MAX_OVERRIDES);
        }
        List<Supplier<ForcedSide>> overrides = entries.stream().map(this::override).toList();
        return () -> overrides.stream().map(Supplier::get).toList();
    }

    private Supplier<ForcedSide> override(Section entry) {
        Read<Optional<String>> header = entry.readIfSet("header", Kinds.HEADER_NAME);
        Read<Optional<String>> cookie = entry.readIfSet("cookie", Kinds.FIELD_NAME);
        entry.requireOneOf(SOURCES);
        Read<String> value = entry.read("value", Kinds.FIELD_VALUE);
        Read<Target> to = entry.read("to", Kinds.TARGET);
        Read<List<AddressRange>> from = entry.readOneOrMore("from", Kinds.ADDRESS_RANGE, MAX_RANGES);
        warnIfOpen(entry);
        return () -> new ForcedSide(header.get().<RequestKey>map(RequestKey.Header::new)
                .orElseGet(() -> new RequestKey.Cookie(cookie.get().orElseThrow())),
                value.get(), to.get(), from.get());
    }

    /** Leaving a variable unset must not silently let everyone choose the side. */
    private void warnIfOpen(Section entry) {
        Spot from = entry.member("from");
        if (from.isAbsent()) {
            Leftovers.substitution(from.written()).ifPresent(substitution -> problems.warning(from,
                    substitution + " is not set, so anyone may choose the side", AddressRange.ALLOWED));
        }
    }
}
