package dev.turnout.proxy.routing;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;

/** Decides requests, one after the other, without allocating. Confined to one event loop. */
public final class Decider {
    private final Scratch scratch;
    private final LongSupplier random;
    private final Map<String, Draws> draws = new HashMap<>();
    private final long start;

    /**
     * @param longestValue what a request may be asked for, in bytes; the size of a head
     * @param start differs from loop to loop, so that they do not deal in step
     * @param random for the ids of new users; never the same on two loops or instances
     */
    public Decider(int longestValue, long start, LongSupplier random) {
        scratch = new Scratch(longestValue);
        this.start = start;
        this.random = random;
    }

    /**
     * Decides one request, by a snapshot that was read once for it. Answers false, and decides nothing, when the
     * snapshot has no such route.
     */
    public boolean decide(RoutingSnapshot snapshot, String route, RequestFacts facts, Decision decision) {
        RoutingSnapshot.Route known = snapshot.route(route);
        if (known == null) {
            return false;
        }
        decision.reset(snapshot);
        if (known.drained().isPresent()) {
            decision.target = known.drained().get().other();
            decision.rung = Rung.DRAINED;
        } else if (!known.split().decide(facts, scratch, random, decision)) {
            deal(snapshot, route, decision);
        }
        return true;
    }

    private void deal(RoutingSnapshot snapshot, String route, Decision decision) {
        long draw = draws(snapshot, route).next(decision.entry);
        Split split = Objects.requireNonNull(snapshot.route(route)).split();
        decision.target = Cohort.side(draw, split.share(decision.entry).ppm());
        decision.rung = decision.entry == Decision.NONE ? Rung.UNKEYED : Rung.RULE;
    }

    private Draws draws(RoutingSnapshot snapshot, String route) {
        Draws known = draws.get(route);
        if (known == null) {
            draws.keySet().retainAll(snapshot.routes().keySet());
            known = new Draws(start);
            draws.put(route, known);
        }
        return known;
    }
}
