package dev.turnout.proxy.routing;

import dev.turnout.config.AddressRange;
import dev.turnout.config.CohortConfig;
import dev.turnout.config.ForcedSide;
import dev.turnout.config.RequestKey;
import dev.turnout.config.RequestMatch;
import dev.turnout.config.RuleConfig;
import dev.turnout.config.Share;
import dev.turnout.config.SplitConfig;
import dev.turnout.config.Target;
import dev.turnout.config.UnhealthyPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One route, and what is decided by it. */
final class Routing {
    static final String ROUTE = "shop";
    static final Optional<CohortConfig> NO_COHORT = Optional.empty();

    private Routing() {}

    /** As {@link #cookie}, and a user without one gets one. */
    static Optional<CohortConfig> minted(String name) {
        return Optional.of(new CohortConfig(new RequestKey.Cookie(name), true));
    }

    static Optional<CohortConfig> cookie(String name) {
        return Optional.of(new CohortConfig(new RequestKey.Cookie(name), false));
    }

    static Optional<CohortConfig> header(String name) {
        return Optional.of(new CohortConfig(new RequestKey.Header(name), false));
    }

    static Optional<CohortConfig> query(String name) {
        return Optional.of(new CohortConfig(new RequestKey.Query(name), false));
    }

    static Optional<CohortConfig> clientAddress() {
        return Optional.of(new CohortConfig(new RequestKey.ClientAddress(), false));
    }

    static RequestMatch path(String prefix) {
        return new RequestMatch(Set.of(), List.of(), Optional.of(prefix), Map.of(), Map.of(), Map.of(),
                List.of());
    }

    static RequestMatch header(String name, String value) {
        return new RequestMatch(Set.of(), List.of(), Optional.empty(), Map.of(name, value), Map.of(),
                Map.of(),
                List.of());
    }

    static RequestMatch client(String range) {
        return new RequestMatch(Set.of(), List.of(), Optional.empty(), Map.of(), Map.of(), Map.of(),
                List.of(AddressRange.parse(range)));
    }

    static RequestMatch startup(String name, String... values) {
        return new RequestMatch(Set.of(), List.of(), Optional.empty(), Map.of(), Map.of(),
                Map.of(name, List.of(values)), List.of());
    }

    static RuleConfig rule(RequestMatch when, Target to) {
        return new RuleConfig(when, new RuleConfig.Then.To(to), false);
    }

    static RuleConfig rule(RequestMatch when, Share green) {
        return new RuleConfig(when, new RuleConfig.Then.Split(green), false);
    }

    static ForcedSide forced(String header, String value, Target to) {
        return new ForcedSide(new RequestKey.Header(header), value, to, List.of(), false);
    }

    static Split split(Share green, String salt, List<ForcedSide> overrides, List<RuleConfig> rules,
            Optional<CohortConfig> cohort) {
        return Split.of(new SplitConfig(green, salt, overrides, rules, cohort, Optional.empty(),
                UnhealthyPolicy.FAIL));
    }

    static Split split(Share green, List<RuleConfig> rules, Optional<CohortConfig> cohort) {
        return split(green, ROUTE, List.of(), rules, cohort);
    }

    static Split split(Share green, Optional<CohortConfig> cohort) {
        return split(green, ROUTE, List.of(), List.of(), cohort);
    }

    static RoutingSnapshot.Route route(Split split) {
        return new RoutingSnapshot.Route(split, Optional.empty(), 1);
    }

    static RoutingSnapshot snapshot(Split split) {
        return new RoutingSnapshot(1, 0, Map.of(ROUTE, route(split)));
    }

    static Decision decide(Split split, RequestFacts facts) {
        return decide(decider(), snapshot(split), ROUTE, facts);
    }

    static Decider decider() {
        return new Decider(4096, 0, () -> 0);
    }

    static Decision decide(Decider decider, RoutingSnapshot snapshot, String route, RequestFacts facts) {
        Decision decision = new Decision();
        if (!decider.decide(snapshot, route, facts, decision)) {
            throw new AssertionError("no route " + route);
        }
        return decision;
    }
}
