package dev.turnout.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads the list {@code split.overrides} of a route. */
final class OverridesReader {
    private static final int MAX_OVERRIDES = 1000;
    private static final int MAX_RANGES = 1000;
    private static final String STARTUP_OPTION = "startup-option";
    private static final List<String> SOURCES = List.of("header", "cookie", STARTUP_OPTION);

    private final Problems problems;
    private final boolean oneWriter;

    /**
     * Reads overrides.
     *
     * @param oneWriter whether what may write must stay on blue
     */
    OverridesReader(Problems problems, boolean oneWriter) {
        this.problems = problems;
        this.oneWriter = oneWriter;
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
        Read<Optional<String>> option = entry.readIfSet(STARTUP_OPTION, PostgresKinds.PARAMETER);
        entry.requireOneOf(SOURCES);
        Read<String> value = entry.read("value", Kinds.FIELD_VALUE);
        Read<Target> to = entry.read("to", Kinds.TARGET);
        Read<List<AddressRange>> from = entry.readOneOrMore("from", Kinds.ADDRESS_RANGE, MAX_RANGES);
        Read<Boolean> readOnly = entry.read("read-only", Kinds.FLAG);
        warnIfOpen(entry);
        if (oneWriter && to.value().equals(Optional.of(Target.GREEN))
                && readOnly.value().equals(Optional.of(false)) && !entry.isDoubtful()) {
            problems.error(entry.member("to"), "green for sessions that may write, where data = replicated",
                    "read-only = true beside it; or " + OneWriter.INSTEAD);
        }
        return () -> new ForcedSide(
                header.get().<RequestKey>map(RequestKey.Header::new)
                        .or(() -> cookie.get().map(RequestKey.Cookie::new))
                        .orElseGet(() -> new RequestKey.Startup(option.get().orElseThrow())),
                value.get(), to.get(), from.get(), readOnly.get());
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
