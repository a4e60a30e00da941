package dev.turnout.admin;

import dev.turnout.admin.ChangeResult.Applied;
import dev.turnout.admin.RouteView.EndpointView;
import dev.turnout.admin.RouteView.Origin;
import dev.turnout.admin.RouteView.RemovedView;
import dev.turnout.admin.RouteView.SessionsView;
import dev.turnout.admin.RouteView.Split;
import dev.turnout.admin.RouteView.TargetView;
import dev.turnout.config.Address;
import dev.turnout.config.DataKind;
import dev.turnout.config.EndpointState;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;

/** Routes in memory: versions rise as the port promises, changes are remembered, and the disk can be made to fail. */
public final class FakeRoutes implements RouteControl {
    private final Map<String, RouteView> routes = new TreeMap<>();
    private final List<ChangeContext> changes = new ArrayList<>();
    private final Map<String, String> keys = new HashMap<>();
    private final Map<String, List<SessionView>> sessions = new HashMap<>();
    private long version = 1;
    private boolean diskFull;
    private Function<RouteView, DrainResult> draining = route -> new DrainResult.Drained(route,
            Duration.ofMillis(1500));
    private Duration timeout = Duration.ZERO;
    private Duration window = Duration.ZERO;

    public FakeRoutes(String... names) {
        for (String name : names) {
            Map<Target, TargetView> targets = new EnumMap<>(Target.class);
            targets.put(Target.BLUE, new TargetView(
                    List.of(endpoint("10.0.0.1:8080", true, 3), endpoint("10.0.0.2:8080", false, 0)),
                    List.of(new RemovedView("10.0.0.9:8080", Optional.of("gone"))), 3, 1204, 7, 1,
                    recent(1190, 7, 94.9, 0.012, 0.045), Optional.empty()));
            targets.put(Target.GREEN, new TargetView(List.of(endpoint("10.0.1.1:8080", true, 0)),
                    List.of(new RemovedView("10.0.1.9:8080", Optional.empty())), 0, 64, 0, 0,
                    recent(64, 0, 5.1, 0.011, 0.038), Optional.empty()));
            Share file = Share.ofPercent("5");
            routes.put(name, new RouteView(name, "http", "127.0.0.1:8080", version,
                    new Split(file, file, Optional.empty(), Optional.empty(), Optional.empty(),
                            Optional.empty(), name,
                            Optional.of("cookie uid"), Optional.empty()),
                    targets, Optional.empty()));
        }
    }

    private static EndpointView endpoint(String address, boolean healthy, long inFlight) {
        return new EndpointView(address, EndpointState.ACTIVE, healthy, inFlight, Origin.FILE,
                Optional.empty());
    }

    private static RouteView.Recent recent(long requests, long errors, double share, double p50, double p99) {
        return new RouteView.Recent(Duration.ofMinutes(1), requests, errors, OptionalDouble.of(share),
                OptionalDouble.of(p50), OptionalDouble.of(p99));
    }

    public synchronized void fillTheDisk() {
        diskFull = true;
    }

    /** Every change that was applied, oldest first. */
    public synchronized List<ChangeContext> changes() {
        return List.copyOf(changes);
    }

    /** What becomes of every drain from now on, given the route whose side is drained already; may block. */
    public synchronized void drainsEndAs(Function<RouteView, DrainResult> result) {
        draining = result;
    }

    /** How long the last drain was to wait. */
    public synchronized Duration timeout() {
        return timeout;
    }

    /** What the last reader wanted to look back on. */
    public synchronized Duration window() {
        return window;
    }

    @Override
    public synchronized List<RouteView> routes(Duration lookBack) {
        window = lookBack;
        return List.copyOf(routes.values());
    }

    @Override
    public synchronized Optional<RouteView> route(String name, Duration lookBack) {
        window = lookBack;
        return Optional.ofNullable(routes.get(name));
    }

    @Override
    public ChangeResult setSplit(String route, Share green, ChangeContext context) {
        return change(route, context, old -> split(old, Optional.of(green), Optional.empty(), context));
    }

    @Override
    public ChangeResult resetSplit(String route, ChangeContext context) {
        return change(route, context, old -> split(old, Optional.empty(), Optional.empty(), context));
    }

    private ChangeResult split(RouteView old, Optional<Share> runtime, Optional<Target> drained,
            ChangeContext context) {
        if (old.data().equals(Optional.of(DataKind.REPLICATED))) {
            return new ChangeResult.OneWriter("green: not with data = replicated");
        }
        Split split = new Split(runtime.orElse(old.split().file()), old.split().file(), runtime,
                context.reason(), old.split().fileThen(), drained, old.split().salt(), old.split().cohort(),
                Optional.empty());
        return new Applied(new RouteView(old.name(), old.protocol(), old.listen(), ++version, split,
                old.targets(), old.data()), false);
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
            return new Applied(old, false);
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
                : new Applied(with(old, key.target(), side), false);
    }

    @Override
    public DrainResult drain(String route, Target target, Duration limit, ChangeContext context) {
        Share green = target == Target.BLUE ? Share.ALL : Share.NONE;
        ChangeResult change = change(route, context,
                old -> split(old, Optional.of(green), Optional.of(target), context));
        return change instanceof Applied(RouteView drained, boolean _)
                ? ending(limit).apply(drained)
                : new DrainResult.Refused(change);
    }

    @Override
    public synchronized Optional<List<SessionView>> sessions(String route) {
        if (!routes.containsKey(route)) {
            return Optional.empty();
        }
        return Optional.of(Optional.ofNullable(sessions.get(route)).orElseThrow(
                () -> new IllegalArgumentException(
                        "route: " + route + " (expected: one that speaks postgresql)")));
    }

    /** There is a PostgreSQL route besides, with replicated data; whatever would change its weight is refused. */
    public synchronized void speaksPostgres(String name, SessionView... open) {
        Map<Target, TargetView> targets = new EnumMap<>(Target.class);
        for (Target target : Target.values()) {
            targets.put(target,
                    new TargetView(List.of(endpoint("10.0.0.1:5432", true, 2)), List.of(), 2, 900, 1, 0,
                            recent(900, 1, 50, 0.001, 0.002),
                            Optional.of(new SessionsView(7, 1, 2, 3, 800, 4))));
        }
        routes.put(name, new RouteView(name, "postgresql", "127.0.0.1:6432", version,
                new Split(Share.NONE, Share.NONE, Optional.empty(), Optional.empty(), Optional.empty(),
                        Optional.empty(), name, Optional.empty(), Optional.empty()),
                targets, Optional.of(DataKind.REPLICATED)));
        sessions.put(name, List.of(open));
    }

    private synchronized Function<RouteView, DrainResult> ending(Duration limit) {
        timeout = limit;
        return draining;
    }

    @Override
    public Optional<Explanation> explain(String route, SampleRequest request) {
        Map<String, Object> inputs = new LinkedHashMap<>();
        inputs.put("asked", request.method() + " " + request.target());
        request.host().ifPresent(host -> inputs.put("host", host));
        request.client().ifPresent(client -> inputs.put("client", client.getHostAddress()));
        inputs.putAll(new TreeMap<>(request.headers()));
        inputs.putAll(new TreeMap<>(request.cookies()));
        inputs.putAll(new TreeMap<>(request.startup()));
        inputs.put("bucket", 41_234);
        inputs.put("keyed", true);
        return route(route, window()).map(view -> new Explanation(Target.GREEN, true, "cohort",
                "green, by the cohort", inputs));
    }

    private RouteView with(RouteView old, Target target, List<EndpointView> endpoints) {
        Map<Target, TargetView> targets = new EnumMap<>(old.targets());
        targets.computeIfPresent(target, (_, side) -> new TargetView(endpoints, side.removed(),
                side.inFlight(), side.requests(), side.failures(), side.tunnels(), side.recent(),
                side.sessions()));
        return new RouteView(old.name(), old.protocol(), old.listen(), ++version, old.split(), targets,
                old.data());
    }

    private synchronized ChangeResult change(String name, ChangeContext context,
            Function<RouteView, ChangeResult> change) {
        RouteView old = routes.get(name);
        if (old == null) {
            return new ChangeResult.UnknownRoute(name, List.copyOf(routes.keySet()));
        }
        Optional<String> known = context.key().map(key -> keys.get(context.actor() + " " + key.key()));
        if (known.isPresent()) {
            return known.equals(context.key().map(ChangeContext.IdempotencyKey::request))
                    ? new Applied(old, true)
                    : new ChangeResult.KeyReused(context.key().orElseThrow().key());
        }
        if (context.ifVersion().isPresent() && context.ifVersion().getAsLong() != old.version()) {
            return new ChangeResult.Stale(context.ifVersion().getAsLong(), old.version());
        }
        if (diskFull) {
            return new ChangeResult.NotDurable("no space left on device");
        }
        ChangeResult result = change.apply(old);
        if (result instanceof Applied(RouteView changed, boolean _) && changed.version() != old.version()) {
            routes.put(name, changed);
            changes.add(context);
            context.key().ifPresent(key -> keys.put(context.actor() + " " + key.key(), key.request()));
        }
        return result;
    }
}
