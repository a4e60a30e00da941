package dev.turnout.proxy.app;

import dev.turnout.admin.AdminPorts;
import dev.turnout.admin.http.AdminServer;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.Target;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.proxy.control.LiveRoutes;
import dev.turnout.proxy.control.RouteController;
import dev.turnout.proxy.journal.Journal;
import dev.turnout.proxy.journal.StateDirectory;
import dev.turnout.proxy.metrics.Meters;
import dev.turnout.proxy.metrics.access.AccessLog;
import dev.turnout.proxy.net.EventLoops;
import dev.turnout.proxy.net.Listener;
import dev.turnout.proxy.upstream.Endpoint;
import dev.turnout.proxy.upstream.EndpointSet;
import dev.turnout.proxy.upstream.Surroundings;
import dev.turnout.proxy.upstream.dns.EventLoopNames;
import dev.turnout.proxy.upstream.health.EventLoopChecks;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running proxy with its admin API. Starts in this order: state, listeners, admin API; ends in the opposite one. Any
 * thread, one at a time.
 */
public final class Turnout implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(Turnout.class);

    /** What has started, the newest first: closed in this order, also when a later step fails. */
    private final Deque<Closeable> started = new ArrayDeque<>();
    private final Map<String, LiveRoute> routes = new TreeMap<>();
    private final Map<String, Listener> listeners = new LinkedHashMap<>();
    private final SecureRandom random = new SecureRandom();
    private volatile boolean ready;
    private @Nullable HttpFront http;
    private URI admin = URI.create("http://127.0.0.1");

    private Turnout() {}

    /** Returns when every route accepts connections. Throws IOException that names what was in the way. */
    public static Turnout start(TurnoutConfig config) throws IOException {
        Turnout turnout = new Turnout();
        try {
            turnout.startAll(config);
            return turnout;
        } catch (IOException | RuntimeException e) {
            turnout.close();
            throw e;
        }
    }

    private void startAll(TurnoutConfig config) throws IOException {
        // It is bound last, off the path; that it cannot be is known before the first request.
        Listener.requireFree(config.admin().listen());
        StateDirectory state = begun(StateDirectory.hold(config.stateDir()));
        Journal journal = begun(Journal.open(state.path()));
        if (journal.tornBytes() > 0) {
            log.warn("journal: {} bytes of a change that was never acknowledged were cut off",
                    journal.tornBytes());
        }
        AccessLog accessLog = config.accessLog().isPresent()
                ? begun(AccessLog.open(config.accessLog().get()))
                : null;
        EventLoops loops = begin(config, config.eventLoops(), "turnout-loop");
        EventLoops watch = begin(config, 1, "turnout-watch");
        EventLoop watching = watch.each().getFirst();
        EventLoopNames names = EventLoopNames.on(watching, watch, config.dns());
        Surroundings around = new Surroundings(names, new EventLoopChecks(watching, watch.channel(), random),
                System::nanoTime, random);
        for (RouteConfig route : config.routes()) {
            LiveRoute live = LiveRoute.of(route, config.eventLoops(), around);
            routes.put(route.name(), live);
            started.push(live::close);
        }
        RouteController controller = new RouteController(config.routes(), journal, this::look,
                (route, target, endpoints) -> live(route).apply(target, endpoints), InstantSource.system());
        names.firstLookUps().awaitUninterruptibly();
        HttpFront front = begun(
                new HttpFront(loops, controller, config.limits(), accessLog, random));
        listen(front, controller);
        http = front;
        Meters meters = meters(loops, controller);
        if (accessLog != null) {
            meters.accessLog(accessLog);
        }
        ready = true;
        log.info("ready routes={} transport={} loops={}", listeners.size(), loops.transport().label(),
                config.eventLoops());
        startAdmin(config, state.path(), new AdminPorts(controller, () -> ready, meters::scrape));
    }

    private <T extends Closeable> T begun(T part) {
        started.push(part);
        return part;
    }

    private EventLoops begin(TurnoutConfig config, int threads, String name) throws IOException {
        try {
            EventLoops loops = EventLoops.start(config.transport(), threads, name);
            started.push(() -> loops.stop().awaitUninterruptibly());
            return loops;
        } catch (IllegalStateException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void listen(HttpFront front, RouteController controller) throws IOException {
        for (LiveRoute live : routes.values()) {
            String route = live.config().name();
            Listener listener = front.listen(live);
            listeners.put(route, listener);
            started.push(() -> listener.close().awaitUninterruptibly());
            log.info("route={} listening address={} green={}", route,
                    NetUtil.toSocketAddressString(listener.address()),
                    controller.current().route(route).split().green());
        }
    }

    private Meters meters(EventLoops loops, RouteController controller) {
        Meters meters = new Meters();
        routes.forEach((name, live) -> meters.route(name, live.meters(),
                () -> controller.current().route(name).split().green().ratio()));
        routes.forEach((name, live) -> live.endpoints()
                .forEach((target, side) -> meters.endpoints(name, target, figures(side))));
        for (int number = 0; number < loops.each().size(); number++) {
            meters.eventLoop(number, LoopLag.watch(loops.each().get(number)));
        }
        return meters;
    }

    private static Meters.EndpointFigures figures(EndpointSet side) {
        return new Meters.EndpointFigures(() -> side.endpoints().size(),
                () -> side.endpoints().stream().filter(Endpoint::healthy).count(), side::passedChecks,
                side::failedChecks, side::ejections);
    }

    private void startAdmin(TurnoutConfig config, Path stateDir, AdminPorts ports) throws IOException {
        AdminServer server = AdminServer.start(config.admin(), stateDir, ports, random);
        started.push(server::close);
        admin = server.uri();
    }

    private LiveRoutes.Live look(String route) {
        return new LiveRoutes.Live(NetUtil.toSocketAddressString(address(route)), live(route).sides());
    }

    private LiveRoute live(String route) {
        return Objects.requireNonNull(routes.get(route), route);
    }

    /** Where a route listens; with the port that the system chose, where 0 was asked for. */
    public InetSocketAddress address(String route) {
        return Objects.requireNonNull(listeners.get(route), route).address();
    }

    /** The admin API, without a path. */
    public URI admin() {
        return admin;
    }

    private long connections() {
        return routes.values().stream().mapToLong(route -> route.meters().connections()).sum();
    }

    private long inFlight() {
        return routes.values()
                .stream()
                .mapToLong(
                        route -> route.meters().inFlight(Target.BLUE) + route.meters().inFlight(Target.GREEN))
                .sum();
    }

    /**
     * Accepts nothing more, lets every request end that is under way, and tells clients to go elsewhere. Answers whether
     * all of them had by the end of {@code limit}. To be closed in either case.
     */
    public boolean drain(Duration limit) {
        HttpFront front = http;
        if (front == null) {
            return true;
        }
        ready = false;
        log.info("draining, requests in flight={} limit={}s", inFlight(), limit.toSeconds());
        CompletableFuture<Void> drained = front.drain();
        listeners.values().forEach(listener -> listener.close().awaitUninterruptibly());
        try {
            // Once more, for those who came until nobody listened any more.
            drained.thenCompose(ended -> front.drain()).get(limit.toNanos(), TimeUnit.NANOSECONDS);
            log.info("drained");
            return true;
        } catch (TimeoutException e) {
            log.warn("not drained in time, connections left={} requests in flight={}", connections(),
                    inFlight());
        } catch (ExecutionException e) {
            log.error("not drained", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** Closes every connection and ends every thread. */
    @Override
    public void close() {
        if (ready) {
            log.info("stopping, requests in flight={}", inFlight());
        }
        ready = false;
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (IOException | RuntimeException e) {
                log.warn("not closed in order: {}", e.toString());
            }
        }
    }
}
