package dev.turnout.admin;

import dev.turnout.admin.ChangeResult.Applied;
import dev.turnout.admin.RouteView.EndpointView;
import dev.turnout.admin.RouteView.Origin;
import dev.turnout.admin.RouteView.RemovedView;
import dev.turnout.admin.RouteView.Split;
import dev.turnout.admin.RouteView.TargetView;
import dev.turnout.config.Address;
import dev.turnout.config.EndpointState;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Routes in memory: versions rise as the port promises, changes are remembered, and the disk can be made to fail. */
public final class FakeRoutes implements RouteControl {
    private final Map<String, RouteView> routes = new TreeMap<>();
    private final List<ChangeContext> changes = new ArrayList<>();
    private long version = 1;
    private boolean diskFull;

    public FakeRoutes(String... names) {
        for (String name : names) {
            Map<Target, TargetView> targets = new EnumMap<>(Target.class);
            targets.put(Target.BLUE, new TargetView(
                    List.of(endpoint("10.0.0.1:8080", true, 3), endpoint("10.0.0.2:8080", false, 0)),
                    List.of(new RemovedView("10.0.0.9:8080", Optional.of("gone"))), 3, 1204, 7));
            targets.put(Target.GREEN, new TargetView(List.of(endpoint("10.0.1.1:8080", true, 0)),
                    List.of(new RemovedView("10.0.1.9:8080", Optional.empty())), 0, 64, 0));
            Share file = Share.ofPercent("5");
            routes.put(name, new RouteView(name, "http", "127.0.0.1:8080", version,
                    new Split(file, file, Optional.empty(), Optional.empty(), name,
                            Optional.of("cookie uid")),
                    targets));
        }
    }

    private static EndpointView endpoint(String address, boolean healthy, long inFlight) {
        return new EndpointView(address, EndpointState.ACTIVE, healthy, inFlight, Origin.FILE,
                Optional.empty());
    }

    public synchronized void fillTheDisk() {
        diskFull = true;
    }

    /** Every change that was applied, oldest first. */
    public synchronized List<ChangeContext> changes() {
        return List.copyOf(changes);
    }

    @Override
    public synchronized List<RouteView> routes() {
        return List.copyOf(routes.values());
    }

    @Override
    public synchronized Optional<RouteView> route(String name) {
        return Optional.ofNullable(routes.get(name));
    }

    @Override
    public ChangeResult setSplit(String route, Share green, ChangeContext context) {
        return change(route, context, old -> split(old, Optional.of(green), context));
    }

    @Override
    public ChangeResult resetSplit(String route, ChangeContext context) {
        return change(route, context, old -> split(old, Optional.empty(), context));
    }

    private ChangeResult split(RouteView old, Optional<Share> runtime, ChangeContext context) {
        Split split = new Split(runtime.orElse(old.split().file()), old.split().file(), runtime,
                context.reason(), old.split().salt(), old.split().cohort());
        return new Applied(new RouteView(old.name(), old.protocol(), old.listen(), ++version, split,
                old.targets()));
    }

    @Override
    public ChangeResult setEndpoint(EndpointKey endpoint, EndpointState state, ChangeContext context) {
        return change(endpoint.route(), context, old -> endpoint(old, endpoint, Optional.of(state), context));
    }

    @Override
    public ChangeResult removeEndpoint(EndpointKey endpoint, ChangeContext context) {
        return change(endpoint.route(), context, old -> endpoint(old, endpoint, Optional.empty(), context));
    }

    private ChangeResult endpoint(RouteView old, EndpointKey key, Optional<EndpointState> state,
            ChangeContext context) {
        String address = key.address().toString();
        List<EndpointView> side = new ArrayList<>(
                Objects.requireNonNull(old.targets().get(key.target())).endpoints());
        Optional<EndpointView> known = side.stream().filter(view -> view.address().equals(address))
                .findFirst();
        if (known.isEmpty() && !state.equals(Optional.of(EndpointState.ACTIVE))) {
            return new ChangeResult.UnknownEndpoint(key,
                    side.stream().map(view -> Address.parseEndpoint(view.address())).toList());
        }
        if (known.isPresent() && known.map(EndpointView::state).equals(state)) {
            return new Applied(old);
        }
        if (address.equals(old.listen())) {
            return new ChangeResult.Circle(key, old.name());
        }
        known.ifPresent(side::remove);
        state.ifPresent(next -> side.add(new EndpointView(address, next, true,
                known.map(EndpointView::inFlight).orElse(0L),
                known.map(EndpointView::origin).orElse(Origin.RUNTIME), context.reason())));
        return side.stream().noneMatch(view -> view.state() == EndpointState.ACTIVE)
                ? new ChangeResult.LastEndpoint(key)
                : new Applied(with(old, key.target(), side));
    }

    private RouteView with(RouteView old, Target target, List<EndpointView> endpoints) {
        Map<Target, TargetView> targets = new EnumMap<>(old.targets());
        targets.computeIfPresent(target, (_, side) -> new TargetView(endpoints, side.removed(),
                side.inFlight(), side.requests(), side.failures()));
        return new RouteView(old.name(), old.protocol(), old.listen(), ++version, old.split(), targets);
    }

    private synchronized ChangeResult change(String name, ChangeContext context,
            Function<RouteView, ChangeResult> change) {
        RouteView old = routes.get(name);
        if (old == null) {
            return new ChangeResult.UnknownRoute(name, List.copyOf(routes.keySet()));
        }
        if (context.ifVersion().isPresent() && context.ifVersion().getAsLong() != old.version()) {
            return new ChangeResult.Stale(context.ifVersion().getAsLong(), old.version());
        }
        if (diskFull) {
            return new ChangeResult.NotDurable("no space left on device");
        }
        ChangeResult result = change.apply(old);
        if (result instanceof Applied(RouteView changed) && changed.version() != old.version()) {
            routes.put(name, changed);
            changes.add(context);
        }
        return result;
    }
}
