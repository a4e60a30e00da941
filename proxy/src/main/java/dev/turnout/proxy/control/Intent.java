package dev.turnout.proxy.control;

import dev.turnout.config.OneWriter;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.Target;
import dev.turnout.proxy.routing.RoutingSnapshot;
import dev.turnout.proxy.routing.RoutingSnapshot.Route;
import dev.turnout.proxy.routing.Split;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is in effect, and the two layers that lead there: the file, and what operators decided over it. Together, so that
 * no reader sees half of a change. Immutable.
 *
 * @param file by name, in the order of the names
 * @param runtime by route, also of routes that are gone from the file: they may come back
 */
record Intent(Map<String, RouteConfig> file, Map<String, RuntimeLayer> runtime, RoutingSnapshot snapshot) {
    Intent {
        file = Collections.unmodifiableMap(new TreeMap<>(file));
        runtime = Map.copyOf(runtime);
    }

    /** Of a file, before any change. */
    static Intent of(List<RouteConfig> file) {
        Map<String, RouteConfig> byName = byName(file);
        Map<String, Route> routes = new HashMap<>();
        byName.forEach((name, config) -> routes.put(name, effective(config, RuntimeLayer.NONE)));
        return new Intent(byName, Map.of(), new RoutingSnapshot(0, 0, routes));
    }

    private static Map<String, RouteConfig> byName(List<RouteConfig> routes) {
        Map<String, RouteConfig> byName = new TreeMap<>();
        routes.forEach(route -> byName.put(route.name(), route));
        return byName;
    }

    /** Throws NullPointerException for a route that the file does not have. */
    RouteConfig config(String route) {
        return Objects.requireNonNull(file.get(route), route);
    }

    /** Throws NullPointerException for a route that the file does not have. */
    Route effective(String route) {
        return Objects.requireNonNull(snapshot.route(route), route);
    }

    RuntimeLayer runtime(String route) {
        return Objects.requireNonNullElse(runtime.get(route), RuntimeLayer.NONE);
    }

    Side side(String route, Target target) {
        return new Side(config(route), target, runtime(route));
    }

    /** The next one, at the version of the change. */
    Intent with(RuntimeChange change) {
        return with(file, change);
    }

    /** The next one, with another file. */
    Intent with(List<RouteConfig> routes, FileChange change) {
        return with(byName(routes), change);
    }

    private Intent with(Map<String, RouteConfig> nextFile, RuntimeChange change) {
        Map<String, RuntimeLayer> layers = new HashMap<>(runtime);
        change.routes().forEach(route -> layers.put(route, runtime(route).with(change)));
        Map<String, Route> routes = new HashMap<>(snapshot.routes());
        // One that leaves the file stays until the next file comes: until then some request may still be for it.
        routes.keySet().removeIf(route -> !file.containsKey(route) && !nextFile.containsKey(route)
                && change instanceof FileChange);
        change.routes().stream().filter(nextFile::containsKey).forEach(route -> routes.put(route, effective(
                Objects.requireNonNull(nextFile.get(route)), Objects.requireNonNull(layers.get(route)))));
        // The change's own number, not the next: a compacted journal leaves numbers out, and clients hold them as ETags.
        return new Intent(nextFile, layers,
                new RoutingSnapshot(change.version(), snapshot.epoch(), routes));
    }

    private static Route effective(RouteConfig config, RuntimeLayer layer) {
        Optional<SplitOverride> inForce = layer.split().filter(set -> refusal(config, set).isEmpty());
        Split split = Split.of(config);
        return new Route(inForce.flatMap(SplitOverride::green).map(split::withGreen).orElse(split),
                inForce.flatMap(SplitOverride::drained), layer.version());
    }

    /** Why the file forbids what an operator decided; empty: it does not. */
    static Optional<String> refusal(RouteConfig config, SplitOverride set) {
        return set.drained()
                .flatMap(side -> OneWriter.drainRefusal(config, side))
                .or(() -> set.green().flatMap(green -> OneWriter.refusal(config, green)));
    }

    /**
     * Why what an operator decided about the share is not in force: the file has come to forbid it since. Empty: it is in
     * force, or there is nothing of the sort.
     */
    Optional<String> hidden(String route) {
        return runtime(route).split().flatMap(set -> refusal(config(route), set));
    }

    /** The fewest changes that lead here, oldest first. */
    List<RuntimeChange> changes() {
        return runtime.values()
                .stream()
                .flatMap(RuntimeLayer::changes)
                .distinct()
                .sorted(Comparator.comparingLong(RuntimeChange::version))
                .toList();
    }
}
