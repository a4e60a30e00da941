package dev.turnout.proxy.control;

import dev.turnout.admin.ChangeContext;
import dev.turnout.admin.ChangeResult;
import dev.turnout.admin.RouteControl;
import dev.turnout.admin.RouteView;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.Share;
import dev.turnout.proxy.journal.Journal;
import dev.turnout.proxy.routing.RoutingSnapshot;
import dev.turnout.proxy.routing.RoutingSnapshot.Route;
import dev.turnout.proxy.routing.Snapshots;
import dev.turnout.proxy.routing.Split;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of the routing snapshot. A change is journalled, then published, so what was acknowledged survives and
 * what is in effect was acknowledged or is about to be. Reads take no lock.
 */
public final class RouteController implements RouteControl, Snapshots {
    private static final Logger log = LoggerFactory.getLogger(RouteController.class);
    /** Beyond it the journal is rewritten to what still counts; twice as far, when that fails. */
    private static final long COMPACT_BYTES = 1 << 20;

    /** What is in effect, and what operators set to get there; together, so that no reader sees half of a change. */
    private record State(RoutingSnapshot snapshot, Map<String, SplitOverride> runtime) {}

    private final Map<String, RouteConfig> file = new TreeMap<>();
    private final Journal journal;
    private final LiveRoutes live;
    private final InstantSource clock;
    private long compactAtBytes = COMPACT_BYTES;
    private volatile State state;

    /** Takes over what the journal holds; closing the journal stays with the caller. */
    public RouteController(List<RouteConfig> routes, Journal journal, LiveRoutes live,
            InstantSource clock) {
        this.journal = journal;
        this.live = live;
        this.clock = clock;
        routes.forEach(route -> file.put(route.name(), route));
        Map<String, Route> fromFile = new HashMap<>();
        file.forEach((name, route) -> fromFile.put(name, new Route(Split.of(route.split()), 0)));
        state = replay(new State(new RoutingSnapshot(0, 0, fromFile), Map.of()));
    }

    private State replay(State fromFile) {
        State replayed = fromFile;
        for (String line : journal.replayed()) {
            SplitOverride change = SplitOverride.fromJson(line);
            RoutingSnapshot seen = replayed.snapshot;
            // Its own number, not the next: a compacted journal leaves numbers out, and clients hold them as ETags.
            RoutingSnapshot before = new RoutingSnapshot(change.version() - 1, seen.epoch(), seen.routes());
            replayed = file.containsKey(change.route())
                    ? apply(new State(before, replayed.runtime), change)
                    : keep(replayed, change);
        }
        replayed.runtime.values().stream().filter(change -> !file.containsKey(change.route())).forEach(
                change -> log.warn(
                        "runtime change ignored route={} version={}: no such route in the configuration",
                        change.route(), change.version()));
        return replayed;
    }

    private State apply(State before, SplitOverride change) {
        String route = change.route();
        Split split = before.snapshot.route(route).split().withGreen(change.green().orElse(fileShare(route)));
        Map<String, SplitOverride> runtime = new HashMap<>(before.runtime);
        runtime.put(route, change);
        return new State(before.snapshot.with(route, split), Map.copyOf(runtime));
    }

    /** Without effect while its route is gone, but not lost: the route may come back. */
    private static State keep(State before, SplitOverride change) {
        Map<String, SplitOverride> runtime = new HashMap<>(before.runtime);
        runtime.put(change.route(), change);
        RoutingSnapshot seen = before.snapshot;
        return new State(new RoutingSnapshot(change.version(), seen.epoch(), seen.routes()),
                Map.copyOf(runtime));
    }

    private Share fileShare(String route) {
        return Objects.requireNonNull(file.get(route), route).split().green();
    }

    @Override
    public RoutingSnapshot current() {
        return state.snapshot;
    }

    @Override
    public List<RouteView> routes() {
        State seen = state;
        return file.keySet().stream().map(name -> view(name, seen)).toList();
    }

    @Override
    public Optional<RouteView> route(String name) {
        return file.containsKey(name) ? Optional.of(view(name, state)) : Optional.empty();
    }

    private RouteView view(String name, State seen) {
        RouteConfig config = Objects.requireNonNull(file.get(name), name);
        Route route = seen.snapshot.route(name);
        LiveRoutes.Live now = live.of(name);
        Optional<SplitOverride> runtime = Optional.ofNullable(seen.runtime.get(name))
                .filter(change -> change.green().isPresent());
        return new RouteView(name, config.protocol().label(), now.listen(), route.version(),
                new RouteView.Split(route.split().green(), config.split().green(),
                        runtime.flatMap(SplitOverride::green),
                        runtime.flatMap(SplitOverride::reason), config.split().salt(),
                        config.split().cohort().map(Object::toString)),
                now.targets());
    }

    @Override
    public ChangeResult setSplit(String route, Share green, ChangeContext context) {
        return publish(route, Optional.of(green), context);
    }

    @Override
    public ChangeResult resetSplit(String route, ChangeContext context) {
        return publish(route, Optional.empty(), context);
    }

    private static boolean isSetAtRunTime(String route, State seen) {
        SplitOverride last = seen.runtime.get(route);
        return last != null && last.green().isPresent();
    }

    /** Operators, rollouts and cutovers all come through here. */
    private synchronized ChangeResult publish(String route, Optional<Share> green, ChangeContext context) {
        if (!file.containsKey(route)) {
            return new ChangeResult.UnknownRoute(route, List.copyOf(file.keySet()));
        }
        State before = state;
        long current = before.snapshot.route(route).version();
        if (context.ifVersion().isPresent() && context.ifVersion().getAsLong() != current) {
            return new ChangeResult.Stale(context.ifVersion().getAsLong(), current);
        }
        if (green.isEmpty() && !isSetAtRunTime(route, before)) {
            // Back to where it is: nothing to journal, and nobody's version goes stale.
            return new ChangeResult.Applied(view(route, before));
        }
        SplitOverride change = new SplitOverride(route, green, context.reason(), context.actor(),
                before.snapshot.version() + 1, clock.instant());
        try {
            journal.append(change.toJson());
        } catch (IOException e) {
            log.error("change refused route={} actor={}: {}", route, context.actor(), e.getMessage());
            return new ChangeResult.NotDurable(String.valueOf(e.getMessage()));
        }
        State after = apply(before, change);
        state = after;
        log.info("split changed route={} green={} was={} origin={} version={} actor={} reason={}", route,
                after.snapshot.route(route).split().green(), before.snapshot.route(route).split().green(),
                green.isPresent() ? "runtime" : "file", change.version(), context.actor(),
                context.reason().orElse("-"));
        compactIfLarge(after);
        return new ChangeResult.Applied(view(route, after));
    }

    /**
     * The change is durable by now. A failure to compact costs space; or, when the new journal may not last, the journal refuses
     * every later change until a restart.
     */
    private void compactIfLarge(State seen) {
        if (journal.size() < compactAtBytes) {
            return;
        }
        try {
            journal.rewrite(seen.runtime.values()
                    .stream()
                    .sorted((one, other) -> Long.compare(one.version(), other.version()))
                    .map(SplitOverride::toJson)
                    .toList());
            compactAtBytes = Math.max(COMPACT_BYTES, 2 * journal.size());
        } catch (IOException e) {
            compactAtBytes = 2 * journal.size();
            log.error("journal not compacted bytes={}: {}", journal.size(), e.getMessage());
        }
    }
}
