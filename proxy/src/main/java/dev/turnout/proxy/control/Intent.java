package dev.turnout.proxy.control;

import dev.turnout.config.RouteConfig;
import dev.turnout.config.Target;
import dev.turnout.proxy.routing.RoutingSnapshot;
import dev.turnout.proxy.routing.Split;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What is in effect, and what operators decided to get there; together, so that no reader sees half of a change.
 * Immutable.
 *
 * @param runtime by route, also of routes that are gone from the file: they may come back
 */
record Intent(RoutingSnapshot snapshot, Map<String, RuntimeLayer> runtime) {
    Intent {
        runtime = Map.copyOf(runtime);
    }

    RuntimeLayer runtime(String route) {
        return Objects.requireNonNullElse(runtime.get(route), RuntimeLayer.NONE);
    }

    Side side(RouteConfig route, Target target) {
        return new Side(route, target, runtime(route.name()));
    }

    /** The next one, at the version of the change. */
    Intent with(RuntimeChange change, Map<String, RouteConfig> file) {
        Map<String, RuntimeLayer> next = new HashMap<>(runtime);
        next.put(change.route(), runtime(change.route()).with(change));
        RouteConfig config = file.get(change.route());
        if (config == null) {
            return new Intent(at(change.version()), next);
        }
        Split split = snapshot.route(change.route()).split();
        Split changed = switch (change) {
            case SplitOverride share -> split.withGreen(share.green().orElse(config.split().green()));
            case EndpointOverride _ -> split;
        };
        // Its own number, not the next: a compacted journal leaves numbers out, and clients hold them as ETags.
        return new Intent(at(change.version() - 1).with(change.route(), changed), next);
    }

    private RoutingSnapshot at(long version) {
        return new RoutingSnapshot(version, snapshot.epoch(), snapshot.routes());
    }

    /** The fewest changes that lead here, oldest first. */
    List<RuntimeChange> changes() {
        return runtime.values()
                .stream()
                .flatMap(layer -> layer.changes().stream())
                .sorted(Comparator.comparingLong(RuntimeChange::version))
                .toList();
    }
}
