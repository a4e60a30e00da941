package dev.turnout.proxy.control;

import dev.turnout.admin.RouteView;
import dev.turnout.admin.RouteView.EndpointView;
import dev.turnout.admin.RouteView.Origin;
import dev.turnout.admin.RouteView.RemovedView;
import dev.turnout.admin.RouteView.SessionsView;
import dev.turnout.admin.RouteView.TargetView;
import dev.turnout.config.Address;
import dev.turnout.config.EndpointState;
import dev.turnout.config.PostgresConfig;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.Target;
import dev.turnout.proxy.control.Traffic.LiveEndpoint;
import dev.turnout.proxy.control.Traffic.LiveSide;
import dev.turnout.proxy.metrics.SideSessions;
import dev.turnout.proxy.routing.RoutingSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Routes as operators see them: the file, what was decided over it, and what is going on. Any thread. */
final class RouteViews {
    private final Traffic traffic;

    RouteViews(Traffic traffic) {
        this.traffic = traffic;
    }

    /** One route; all of it from the same intent. */
    RouteView of(RouteConfig config, Intent intent, Duration window) {
        Traffic.Live now = traffic.of(config.name(), window);
        Map<Target, TargetView> targets = new EnumMap<>(Target.class);
        for (Target target : Target.values()) {
            LiveSide side = Objects.requireNonNull(now.targets().get(target), target::label);
            targets.put(target, target(intent.side(config.name(), target), side));
        }
        return new RouteView(config.name(), config.protocol().label(), now.listen(),
                intent.effective(config.name()).version(), split(config, intent), targets,
                config.postgres().map(PostgresConfig::data));
    }

    private static RouteView.Split split(RouteConfig config, Intent intent) {
        RoutingSnapshot.Route route = intent.effective(config.name());
        Optional<SplitOverride> runtime = intent.runtime(config.name()).split();
        return new RouteView.Split(route.split().green(), config.split().green(),
                runtime.flatMap(SplitOverride::green), runtime.flatMap(set -> set.stamp().reason()),
                runtime.flatMap(set -> set.fileThen(config.split().green())),
                route.drained(), config.split().salt(),
                config.split().cohort().map(cohort -> cohort.key().toString()), intent.hidden(config.name()));
    }

    private static TargetView target(Side side, LiveSide live) {
        List<EndpointView> endpoints = new ArrayList<>();
        side.endpoints().forEach((address, state) -> endpoints.add(endpoint(side, address, state,
                live.endpoints().getOrDefault(address, LiveEndpoint.UNSEEN))));
        List<RemovedView> removed = side.removed()
                .stream()
                .map(address -> new RemovedView(address.toString(), reason(side, address)))
                .toList();
        return new TargetView(endpoints, removed, live.inFlight(), live.requests(), live.failures(),
                live.tunnels(), live.recent(), live.sessions().map(RouteViews::sessions));
    }

    private static SessionsView sessions(SideSessions live) {
        return new SessionsView(live.open(), live.pinned(), live.active(), live.inTransaction(),
                live.transactions(), live.errors());
    }

    private static EndpointView endpoint(Side side, Address address, EndpointState state, LiveEndpoint now) {
        return new EndpointView(address.toString(), state, now.healthy(), now.inFlight(),
                side.isInFile(address) ? Origin.FILE : Origin.RUNTIME, reason(side, address));
    }

    private static Optional<String> reason(Side side, Address address) {
        return side.override(address).flatMap(set -> set.stamp().reason());
    }
}
