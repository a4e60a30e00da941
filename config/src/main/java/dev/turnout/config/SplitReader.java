package dev.turnout.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads the section {@code split} of a route. */
final class SplitReader {
    private static final int MAX_OVERRIDES = 1000;

    private final Problems problems;

    SplitReader(Problems problems) {
        this.problems = problems;
    }

    Supplier<SplitConfig> read(String route, Section split) {
        Read<Share> green = split.read("green", Kinds.SHARE);
        Read<Optional<String>> salt = split.readIfSet("salt", Kinds.SALT);
        List<Section> entries = split.sectionList("overrides");
        if (entries.size() > MAX_OVERRIDES) {
            problems.error(split.member("overrides"), entries.size() + " entries",
                    "at most " + MAX_OVERRIDES);
        }
        List<Supplier<HeaderOverride>> overrides = entries.stream().map(SplitReader::override).toList();
        Supplier<Optional<CohortKey>> cohort = cohort(split.section("cohort"));
        Read<UnhealthyPolicy> unhealthy = split.read("unhealthy", Kinds.UNHEALTHY);
        return () -> new SplitConfig(green.get(), salt.get().orElse(route),
                overrides.stream().map(Supplier::get).toList(), cohort.get(), unhealthy.get());
    }

    private static Supplier<HeaderOverride> override(Section entry) {
        // A later version takes a cookie instead, which is one problem, not two.
        Read<String> header = entry.readUnlessReplaced("header", Kinds.HEADER_NAME);
        Read<String> value = entry.read("value", Kinds.FIELD_VALUE);
        Read<Target> to = entry.read("to", Kinds.TARGET);
        return () -> new HeaderOverride(header.get(), value.get(), to.get());
    }

    private Supplier<Optional<CohortKey>> cohort(Section cohort) {
        Read<Optional<String>> cookie = cohort.readIfSet("cookie", Kinds.FIELD_NAME);
        Read<Optional<String>> header = cohort.readIfSet("header", Kinds.HEADER_NAME);
        boolean written = !cohort.spot().isAbsent() && !cohort.isDoubtful();
        boolean one = cohort.has("cookie") != cohort.has("header");
        if (written && !one) {
            problems.error(cohort.spot(), cohort.has("cookie") ? "a cookie and a header" : "neither",
                    "a cookie or a header");
        }
        return () -> cookie.get().<CohortKey>map(CohortKey.Cookie::new)
                .or(() -> header.get().map(CohortKey.Header::new));
    }
}
