package dev.turnout.proxy.routing;

import dev.turnout.config.ForcedSide;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.RuleConfig;
import dev.turnout.config.Share;
import dev.turnout.config.SplitConfig;
import dev.turnout.config.Target;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How one route divides its traffic, in the form in which requests are decided. Immutable. */
public final class Split {
    private static final String REQUEST = "request";

    private final SplitConfig config;
    private final Share green;
    /** The overrides, and behind them the rules. */
    private final FirstMatch matches;
    private final @Nullable UserKey user;
    /** What is decided, in words. */
    private final String unit;

    private Split(SplitConfig config, String unit, Share green, FirstMatch matches, @Nullable UserKey user) {
        this.config = config;
        this.unit = unit;
        this.green = green;
        this.matches = matches;
        this.user = user;
    }

    /** The split of a route in the configuration file. */
    public static Split of(RouteConfig route) {
        return of(route.split(), switch (route.protocol()) {
            case HTTP -> REQUEST;
            case POSTGRESQL -> "session";
        });
    }

    /** The split of a route that speaks HTTP. */
    public static Split of(SplitConfig config) {
        return of(config, REQUEST);
    }

    private static Split of(SplitConfig config, String unit) {
        List<Condition> conditions = Stream.concat(config.overrides().stream().map(Condition::of),
                config.rules().stream().map(rule -> Condition.of(rule.when()))).toList();
        return new Split(config, unit, config.green(), new FirstMatch(conditions),
                config.cohort().map(cohort -> new UserKey(cohort, config.salt())).orElse(null));
    }

    /** The same but for green's share. Rules keep weights of their own. */
    public Split withGreen(Share share) {
        return new Split(config, unit, share, matches, user);
    }

    public Share green() {
        return green;
    }

    /** What is decided: a request or a session. */
    String unit() {
        return unit;
    }

    /** As the file has it, green's share too. */
    SplitConfig config() {
        return config;
    }

    @Nullable
    UserKey user() {
        return user;
    }

    /** Green's share where no side is forced: of the rule, if one has a weight, else of the route. */
    Share share(int rule) {
        return rule != Decision.NONE && config.rules().get(rule).then() instanceof RuleConfig.Then.Split split
                ? split.green()
                : green;
    }

    /**
     * Walks the ladder down to the user's key. Answers false, with no target yet, when there is none: the request is to
     * be dealt out by {@link #share} of the decision's entry.
     *
     * @param random for new ids
     */
    boolean decide(RequestFacts facts, Scratch scratch, LongSupplier random, Decision decision) {
        int found = matches.find(facts, scratch);
        if (found == FirstMatch.NONE) {
            decision.rung = Rung.COHORT;
            return config.writers().isPresent()
                    ? decided(decision, Rung.WRITER, Decision.NONE, config.writers().get())
                    : byKey(facts, scratch.bytes, random, decision);
        }
        if (found < config.overrides().size()) {
            ForcedSide override = config.overrides().get(found);
            decision.readOnly = override.readOnly();
            return decided(decision, Rung.OVERRIDE, found, override.to());
        }
        int rule = found - config.overrides().size();
        RuleConfig matched = config.rules().get(rule);
        decision.readOnly = matched.readOnly();
        if (matched.then() instanceof RuleConfig.Then.To to) {
            return decided(decision, Rung.RULE, rule, to.side());
        }
        if (config.writers().isPresent() && !matched.readOnly()) {
            return decided(decision, Rung.WRITER, rule, config.writers().get());
        }
        decision.rung = Rung.RULE;
        decision.entry = rule;
        return byKey(facts, scratch.bytes, random, decision);
    }

    private static boolean decided(Decision decision, Rung rung, int entry, Target target) {
        decision.rung = rung;
        decision.entry = entry;
        decision.target = target;
        return true;
    }

    private boolean byKey(RequestFacts facts, byte[] scratch, LongSupplier random, Decision decision) {
        if (user == null) {
            return false;
        }
        int length = user.read(facts, scratch);
        if (length == 0) {
            if (!user.mints()) {
                return false;
            }
            length = decision.mint(user.name(), random, scratch, user.start());
        }
        decision.bucket = user.bucket(scratch, length);
        decision.target = decision.bucket < share(decision.entry).ppm() ? Target.GREEN : Target.BLUE;
        return true;
    }
}
