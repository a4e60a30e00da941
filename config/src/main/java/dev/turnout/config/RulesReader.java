package dev.turnout.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads the rules of a route, which may stand in {@code split} or beside it. */
final class RulesReader {
    private static final String RULES = "rules";
    private static final int MAX_RULES = 1000;
    private static final List<String> THEN = List.of("to", "split");

    private final Problems problems;
    private final boolean oneWriter;
    private boolean shareReads;

    /**
     * Reads rules.
     *
     * @param oneWriter whether what may write must stay on blue
     */
    RulesReader(Problems problems, boolean oneWriter) {
        this.problems = problems;
        this.oneWriter = oneWriter;
    }

    /** Whether one that was read divides sessions that are held to reading, as far as can be said. */
    boolean shareReads() {
        return shareReads;
    }

    Supplier<List<RuleConfig>> read(Section route, Section split) {
        if (route.has(RULES) && split.has(RULES)) {
            Spot inside = split.member(RULES);
            problems.error(route.member(RULES), "rules, where " + inside.path() + " in " + inside.place()
                    + " has rules as well", "one of the two");
        }
        Supplier<List<RuleConfig>> beside = rules(route.member(RULES), route.sectionListAsIn(split, RULES));
        Supplier<List<RuleConfig>> within = rules(split.member(RULES), split.sectionList(RULES));
        return route.has(RULES) ? beside : within;
    }

    private Supplier<List<RuleConfig>> rules(Spot list, List<Section> entries) {
        if (entries.size() > MAX_RULES) {
            problems.error(list, entries.size() + " rules", "at most " + MAX_RULES);
        }
        List<Supplier<RuleConfig>> rules = new ArrayList<>();
        Optional<Spot> last = Optional.empty();
        for (Section entry : entries) {
            last.ifPresent(all -> problems.error(entry.spot(), "never reached, because " + all.path() + " in "
                    + all.place() + " matches every request", "no rule behind one without conditions"));
            Read<RequestMatch> when = new MatchReader(problems).when(entry.section("when"));
            rules.add(rule(entry, when));
            if (last.isEmpty() && when.value().filter(RequestMatch.ANY::equals).isPresent()) {
                last = Optional.of(entry.spot());
            }
        }
        return () -> rules.stream().map(Supplier::get).toList();
    }

    private Supplier<RuleConfig> rule(Section entry, Read<RequestMatch> when) {
        Read<Optional<Target>> to = entry.readIfSet("to", Kinds.TARGET);
        Read<Optional<Share>> split = entry.readIfSet("split", Kinds.SHARE);
        Read<Boolean> readOnly = entry.read("read-only", Kinds.FLAG);
        boolean mayWrite = readOnly.value().equals(Optional.of(false));
        boolean weight = !entry.has("to") && !entry.has("split");
        if ((mayWrite && !entry.isDoubtful()) || !weight) {
            entry.requireOneOf(THEN);
        }
        shareReads |= entry.isDoubtful() || (!mayWrite && !entry.has("to"));
        if (oneWriter && mayWrite && !entry.isDoubtful()) {
            to.value().flatMap(side -> side).filter(Target.GREEN::equals)
                    .ifPresent(_ -> refuse(entry.member("to"), "green"));
            split.value().flatMap(share -> share).filter(share -> !share.equals(Share.NONE))
                    .ifPresent(share -> refuse(entry.member("split"), share.toString()));
        }
        return () -> new RuleConfig(when.get(), then(to.get(), split.get()), readOnly.get());
    }

    private void refuse(Spot spot, String what) {
        problems.error(spot, what + " for sessions that may write, where data = replicated",
                "read-only = true beside it; or " + OneWriter.INSTEAD);
    }

    private static RuleConfig.Then then(Optional<Target> to, Optional<Share> split) {
        return to.<RuleConfig.Then>map(RuleConfig.Then.To::new)
                .or(() -> split.map(RuleConfig.Then.Split::new))
                .orElseGet(RuleConfig.Then.Weight::new);
    }
}
