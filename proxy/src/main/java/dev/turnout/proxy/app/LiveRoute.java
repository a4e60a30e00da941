package dev.turnout.proxy.app;

import dev.turnout.admin.RouteView.Recent;
import dev.turnout.config.Address;
import dev.turnout.config.EndpointState;
import dev.turnout.config.HealthConfig;
import dev.turnout.config.PostgresConfig;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.Target;
import dev.turnout.proxy.control.Traffic.LiveEndpoint;
import dev.turnout.proxy.control.Traffic.LiveSide;
import dev.turnout.proxy.metrics.MeteredRoute;
import dev.turnout.proxy.metrics.RouteMeters;
import dev.turnout.proxy.net.ConnectionLimit;
import dev.turnout.proxy.net.LongLived;
import dev.turnout.proxy.pg.Roles;
import dev.turnout.proxy.routing.RoutingSnapshot;
import dev.turnout.proxy.upstream.Endpoint;
import dev.turnout.proxy.upstream.EndpointSet;
import dev.turnout.proxy.upstream.EndpointView;
import dev.turnout.proxy.upstream.Surroundings;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What lives as long as a route does, of all event loops together. Any thread, but where it says otherwise. */
final class LiveRoute {
    private final Map<Target, EndpointSet> endpoints = new EnumMap<>(Target.class);
    /** Upgraded connections, or sessions. */
    private final Map<Target, List<LongLived>> longLived = new EnumMap<>(Target.class);
    private final Map<Target, Roles> roles = new EnumMap<>(Target.class);
    private final RouteMeters meters;
    private final LongSupplier nanos;
    private final ConnectionLimit connections;
    private final ConnectionLimit unauthenticated;
    private volatile RouteConfig config;

    /** Without endpoints until they are {@linkplain #apply applied}. */
    LiveRoute(RouteConfig config, int loops, Surroundings around) {
        this.config = config;
        nanos = around.nanos();
        meters = new RouteMeters(config.protocol(), loops, nanos.getAsLong());
        connections = new ConnectionLimit(connections(config));
        unauthenticated = new ConnectionLimit(unauthenticated(config));
        for (Target target : Target.values()) {
            endpoints.put(target, new EndpointSet(config.name(), target, config.health(), loops, around));
            roles.put(target, new Roles());
            longLived.put(target, Stream.generate(LongLived::new).limit(loops).toList());
        }
    }

    RouteConfig config() {
        return config;
    }

    /** From now on it is as this says, but for the endpoints, and what is {@linkplain #served served} by. */
    void reconfigure(RouteConfig next) {
        config = next;
    }

    /** Requests are served by its configuration from now on. */
    void served() {
        connections.set(connections(config));
        unauthenticated.set(unauthenticated(config));
    }

    private static int connections(RouteConfig config) {
        return config.postgres().map(PostgresConfig::connections)
                .orElse(config.http().limits().connections());
    }

    private static int unauthenticated(RouteConfig config) {
        return config.postgres().map(PostgresConfig::unauthenticated).orElse(connections(config));
    }

    Map<Target, EndpointSet> endpoints() {
        return endpoints;
    }

    private EndpointSet side(Target target) {
        return Objects.requireNonNull(endpoints.get(target), target.label());
    }

    /** What only the loop with this number may touch. */
    LongLived longLived(Target target, int loop) {
        return Objects.requireNonNull(longLived.get(target), target.label()).get(loop);
    }

    RouteMeters meters() {
        return meters;
    }

    ConnectionLimit connections() {
        return connections;
    }

    ConnectionLimit unauthenticated() {
        return unauthenticated;
    }

    Roles roles(Target target) {
        return Objects.requireNonNull(roles.get(target), target.label());
    }

    /** An endpoint is no longer of this route. */
    void forget(Endpoint endpoint) {
        roles.values().forEach(each -> each.forget(endpoint));
    }

    /** From now on the side has these endpoints. */
    synchronized void apply(Target target, Map<Address, EndpointState> wanted) {
        side(target).configure(wanted, config.health());
    }

    /** Names of endpoints that come are looked up, so that they are there at once when they are applied. */
    synchronized void anticipate(Target target, List<Address> coming, HealthConfig rules) {
        Map<Address, EndpointState> both = new LinkedHashMap<>();
        side(target).views().forEach(known -> both.put(known.address(),
                known.drained() ? EndpointState.DRAINED : EndpointState.ACTIVE));
        coming.forEach(address -> both.putIfAbsent(address, EndpointState.DRAINED));
        side(target).configure(both, rules);
    }

    Map<Target, LiveSide> sides(Duration window) {
        Map<Target, dev.turnout.proxy.metrics.Recent> recent = meters.recent(window, nanos.getAsLong());
        long all = recent.values().stream().mapToLong(one -> one.requests()).sum();
        Map<Target, LiveSide> sides = new EnumMap<>(Target.class);
        endpoints.forEach((target, side) -> sides.put(target, new LiveSide(
                side.views().stream().collect(Collectors.toMap(EndpointView::address,
                        endpoint -> new LiveEndpoint(endpoint.healthy(), endpoint.drained(),
                                endpoint.inFlight()))),
                meters.inFlight(target), meters.requests(target), meters.failures(target),
                meters.tunnels(target), view(Objects.requireNonNull(recent.get(target)), all),
                meters.sessions(target))));
        return sides;
    }

    private static Recent view(dev.turnout.proxy.metrics.Recent recent, long all) {
        return new Recent(recent.over(), recent.requests(), recent.errors(),
                all == 0 ? OptionalDouble.empty() : OptionalDouble.of(100.0 * recent.requests() / all),
                recent.p50Seconds(), recent.p99Seconds());
    }

    /** To be called every 10 seconds: what it did lately is kept. */
    void keepHistory() {
        meters.tick(nanos.getAsLong());
    }

    /** What is counted of it; empty for a route that the snapshot does not have. */
    Optional<MeteredRoute> metered(RoutingSnapshot snapshot) {
        Map<Target, MeteredRoute.Endpoints> figures = new EnumMap<>(Target.class);
        endpoints.forEach((target, side) -> figures.put(target, figures(side)));
        return Optional.ofNullable(snapshot.route(config.name()))
                .map(route -> new MeteredRoute(config.name(), meters, () -> route.split().green().ratio(),
                        figures,
                        route::drained));
    }

    private static MeteredRoute.Endpoints figures(EndpointSet side) {
        return new MeteredRoute.Endpoints(() -> side.endpoints().size(),
                () -> side.endpoints().stream().filter(Endpoint::healthy).count(), side::passedChecks,
                side::failedChecks, side::ejections);
    }

    /** Follows no names and checks nothing any more. */
    void close() {
        endpoints.values().forEach(EndpointSet::close);
    }
}
