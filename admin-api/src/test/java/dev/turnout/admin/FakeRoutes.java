package dev.turnout.admin;

import dev.turnout.admin.RouteView.EndpointView;
import dev.turnout.admin.RouteView.Split;
import dev.turnout.admin.RouteView.TargetView;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Routes in memory: versions rise as the port promises, changes are remembered, and the disk can be made to fail. */
public final class FakeRoutes implements RouteControl {
    private final Map<String, RouteView> routes = new TreeMap<>();
    private final List<ChangeContext> changes = new ArrayList<>();
    private long version = 1;
    private boolean diskFull;

    public FakeRoutes(String... names) {
        for (String name : names) {
            Map<Target, TargetView> targets = new EnumMap<>(Target.class);
            targets.put(Target.BLUE, new TargetView(List.of(new EndpointView("10.0.0.1:8080", true),
                    new EndpointView("10.0.0.2:8080", false)), 3, 1204, 7));
            targets.put(Target.GREEN,
                    new TargetView(List.of(new EndpointView("10.0.1.1:8080", true)), 0, 64, 0));
            Share file = Share.ofPercent("5");
            routes.put(name, new RouteView(name, "http", "127.0.0.1:8080", version,
                    new Split(file, file, Optional.empty(), Optional.empty(), name,
                            Optional.of("cookie uid")),
                    targets));
        }
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
        return change(route, Optional.of(green), context);
    }

    @Override
    public ChangeResult resetSplit(String route, ChangeContext context) {
        return change(route, Optional.empty(), context);
    }

    private synchronized ChangeResult change(String name, Optional<Share> runtime, ChangeContext context) {
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
        version++;
        Split split = new Split(runtime.orElse(old.split().file()), old.split().file(), runtime,
                context.reason(),
                old.split().salt(), old.split().cohort());
        RouteView changed = new RouteView(name, old.protocol(), old.listen(), version, split, old.targets());
        routes.put(name, changed);
        changes.add(context);
        return new ChangeResult.Applied(changed);
    }
}
