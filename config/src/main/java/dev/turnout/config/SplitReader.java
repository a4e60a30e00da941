package dev.turnout.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads the section {@code split} of a route, and the rules that may stand beside it. */
final class SplitReader {
    private final Problems problems;
    private final boolean oneWriter;

    /**
     * Reads splits.
     *
     * @param oneWriter whether what may write has one side, and may not be split
     */
    SplitReader(Problems problems, boolean oneWriter) {
        this.problems = problems;
        this.oneWriter = oneWriter;
    }

    Supplier<SplitConfig> read(String name, Section route) {
        Section split = route.section("split");
        Read<Share> green = split.read("green", Kinds.SHARE);
        Read<Optional<String>> salt = split.readIfSet("salt", Kinds.SALT);
        Supplier<List<ForcedSide>> overrides = new OverridesReader(problems, oneWriter).read(split);
        RulesReader reader = new RulesReader(problems, oneWriter);
        Supplier<List<RuleConfig>> rules = reader.read(route, split);
        green.value().filter(share -> oneWriter && !share.equals(Share.NONE) && !reader.shareReads())
                .ifPresent(share -> problems.error(split.member("green"), share
                        + ", where data = replicated keeps writers on blue, and no rule shares out reads",
                        "0%; or " + OneWriter.INSTEAD));
        Supplier<Optional<CohortConfig>> cohort = new CohortReader(problems).read(split.section("cohort"));
        Optional<Target> writers = oneWriter ? Optional.of(Target.BLUE) : Optional.empty();
        Read<UnhealthyPolicy> unhealthy = split.read("unhealthy", Kinds.UNHEALTHY);
        return () -> new SplitConfig(green.get(), salt.get().orElse(name), overrides.get(), rules.get(),
                cohort.get(), writers, unhealthy.get());
    }
}
