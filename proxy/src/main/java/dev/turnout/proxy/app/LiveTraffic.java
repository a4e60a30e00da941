package dev.turnout.proxy.app;

import dev.turnout.admin.RouteView.Recent;
import dev.turnout.admin.SessionView;
import dev.turnout.config.Address;
import dev.turnout.config.EndpointState;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.Target;
import dev.turnout.proxy.control.Traffic;
import dev.turnout.proxy.upstream.Endpoint;
import io.netty.util.NetUtil;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The routes that run. Any thread; routes come and go by one thread at a time. */
final class LiveTraffic implements Traffic {
    private static final LiveSide NOTHING = new LiveSide(Map.of(), 0, 0, 0, 0, new Recent(Duration.ZERO, 0, 0,
            OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty()));
    private static final Live GONE = new Live("-", Map.of(Target.BLUE, NOTHING, Target.GREEN, NOTHING));

    private final Map<String, LiveRoute> routes = new ConcurrentSkipListMap<>();
    private volatile @Nullable Fronts front;

    /** Set once, before the first request. */
    void servedBy(Fronts all) {
        front = all;
    }

    void add(LiveRoute route) {
        route.endpoints().values().forEach(side -> {
            side.onRemoved(this::removed);
            side.onRemoved(route::forget);
        });
        routes.put(route.config().name(), route);
    }

    private void removed(Endpoint endpoint) {
        Fronts all = front;
        if (all != null) {
            all.retire(endpoint);
        }
    }

    /** Follows no names of it and checks nothing any more. */
    void remove(String route) {
        LiveRoute gone = routes.remove(route);
        if (gone != null) {
            gone.close();
        }
    }

    /** In the order of their names. */
    Collection<LiveRoute> routes() {
        return routes.values();
    }

    @Nullable
    LiveRoute find(String route) {
        return routes.get(route);
    }

    private LiveRoute route(String name) {
        return Objects.requireNonNull(routes.get(name), name);
    }

    private Fronts front() {
        return Objects.requireNonNull(front, "front");
    }

    @Override
    public void apply(String route, Target target, Map<Address, EndpointState> endpoints) {
        route(route).apply(target, endpoints);
    }

    @Override
    public CompletableFuture<Void> retire(String route, Target target, Duration window) {
        LiveRoute live = routes.get(route);
        return live == null
                ? CompletableFuture.completedFuture(null)
                : front().retire(live, target, window);
    }

    @Override
    public void keep(String route, Target target) {
        LiveRoute live = routes.get(route);
        if (live != null) {
            front().keep(live, target);
        }
    }

    @Override
    public List<SessionView> sessions(String route) {
        return front().sessions(route);
    }

    @Override
    public Live of(String route, Duration window) {
        LiveRoute live = routes.get(route);
        // It may have been removed since the caller heard of it.
        return live == null ? GONE : new Live(listen(live.config()), live.sides(window));
    }

    private String listen(RouteConfig config) {
        Fronts all = front;
        return all == null
                ? config.listen().toString()
                : all.address(config).map(NetUtil::toSocketAddressString).orElse(config.listen().toString());
    }

    long connections() {
        return routes.values().stream().mapToLong(route -> route.meters().connections()).sum();
    }

    long inFlight() {
        return routes.values()
                .stream()
                .mapToLong(
                        route -> route.meters().inFlight(Target.BLUE) + route.meters().inFlight(Target.GREEN))
                .sum();
    }

    /** Follows no names and checks nothing any more. */
    void close() {
        routes.values().forEach(LiveRoute::close);
    }
}
