package dev.turnout.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads the section {@code split} of a route, and the rules that may stand beside it. */
final class SplitReader {
    private final Problems problems;

    SplitReader(Problems problems) {
        this.problems = problems;
    }

    Supplier<SplitConfig> read(String name, Section route) {
        Section split = route.section("split");
        Read<Share> green = split.read("green", Kinds.SHARE);
        Read<Optional<String>> salt = split.readIfSet("salt", Kinds.SALT);
        Supplier<List<ForcedSide>> overrides = new OverridesReader(problems).read(split);
        Supplier<List<RuleConfig>> rules = new RulesReader(problems).read(route, split);
        Supplier<Optional<CohortConfig>> cohort = new CohortReader(problems).read(split.section("cohort"));
        Read<UnhealthyPolicy> unhealthy = split.read("unhealthy", Kinds.UNHEALTHY);
        return () -> new SplitConfig(green.get(), salt.get().orElse(name), overrides.get(), rules.get(),
                cohort.get(), unhealthy.get());
    }
}
