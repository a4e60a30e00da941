package dev.turnout.proxy.app;

import dev.turnout.admin.AdminPorts;
import dev.turnout.admin.ReloadControl;
import dev.turnout.admin.cli.VersionCommand;
import dev.turnout.admin.http.AdminServer;
import dev.turnout.config.ConfigResult;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.proxy.control.Audit;
import dev.turnout.proxy.control.Events;
import dev.turnout.proxy.control.RouteController;
import dev.turnout.proxy.journal.AuditFile;
import dev.turnout.proxy.journal.Journal;
import dev.turnout.proxy.journal.StateDirectory;
import dev.turnout.proxy.metrics.Meters;
import dev.turnout.proxy.metrics.access.AccessLog;
import dev.turnout.proxy.net.Deadlines;
import dev.turnout.proxy.net.EventLoops;
import dev.turnout.proxy.net.Listener;
import dev.turnout.proxy.upstream.Surroundings;
import dev.turnout.proxy.upstream.dns.EventLoopNames;
import dev.turnout.proxy.upstream.health.EventLoopChecks;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.netty.util.internal.PlatformDependent;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running proxy with its admin API. Starts in this order: state, listeners, admin API; ends in the opposite one. Any
 * thread, one at a time.
 */
public final class Turnout implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(Turnout.class);
    private static final long HISTORY_SECONDS = 10;
    private static final long TLS_SECONDS = 5;

    /** What has started, the newest first: closed in this order, also when a later step fails. */
    private final Deque<Closeable> started = new ArrayDeque<>();
    private final SecureRandom random = new SecureRandom();
    private final Events events = new Events(InstantSource.system());
    private final LiveTraffic traffic = new LiveTraffic();
    private volatile boolean ready;
    private @Nullable Fronts fronts;
    private @Nullable Reload reload;
    private URI admin = URI.create("http://127.0.0.1");

    private Turnout() {}

    /** As {@link #start(TurnoutConfig, Supplier)}, for a configuration that never changes. */
    public static Turnout start(TurnoutConfig config) throws IOException {
        return start(config, () -> new ConfigResult.Valid(config, List.of()));
    }

    /**
     * Returns when every route accepts connections. Throws IOException that names what was in the way.
     *
     * @param file reads the configuration again, for a reload
     */
    public static Turnout start(TurnoutConfig config, Supplier<ConfigResult> file) throws IOException {
        Turnout turnout = new Turnout();
        try {
            turnout.startAll(config, file);
            return turnout;
        } catch (IOException | RuntimeException e) {
            turnout.close();
            throw e;
        }
    }

    private void startAll(TurnoutConfig config, Supplier<ConfigResult> file) throws IOException {
        // It is bound last, off the path; that it cannot be is known before the first request.
        Listener.requireFree(config.admin().listen());
        StateDirectory state = begun(StateDirectory.hold(config.stateDir()));
        Journal journal = begun(Journal.open(state.path()));
        if (journal.tornBytes() > 0) {
            log.warn("journal: {} bytes of a change that was never acknowledged were cut off",
                    journal.tornBytes());
        }
        AuditFile audit = begun(AuditFile.open(state.path()));
        AccessLog accessLog = config.accessLog().isPresent()
                ? begun(AccessLog.open(config.accessLog().get()))
                : null;
        EventLoops loops = begin(config, config.eventLoops(), "turnout-loop");
        EventLoops watch = begin(config, 1, "turnout-watch");
        EventLoop watching = watch.each().getFirst();
        EventLoopNames names = EventLoopNames.on(watching, watch, config.dns());
        Surroundings around = new Surroundings(names, new EventLoopChecks(watching, watch.channel(), random),
                System::nanoTime, random, (route, target, sentence) -> events.add("health",
                        Optional.of(route), Optional.empty(), route + ": " + sentence));
        started.push(traffic::close);
        config.routes().forEach(route -> traffic.add(new LiveRoute(route, config.eventLoops(), around)));
        RouteController controller = new RouteController(config.routes(), journal, audit, events, traffic,
                InstantSource.system());
        Map<EventLoop, Deadlines> wheels = Wheels.turning(loops);
        Fronts front = begun(new Fronts(loops,
                new HttpFront(loops, wheels, controller, config.limits(), accessLog, random),
                new PgFront(loops, wheels, controller, random)));
        traffic.servedBy(front);
        Runnable firstLookUps = () -> names.firstLookUps().awaitUninterruptibly();
        firstLookUps.run();
        front.prepare(traffic.routes()).serve();
        fronts = front;
        Meters meters = meters(loops, controller, journal);
        if (accessLog != null) {
            meters.accessLog(accessLog);
        }
        Reload again = new Reload(file, config, new Reload.Running(traffic, front, controller, events,
                route -> new LiveRoute(route, config.eventLoops(), around), firstLookUps));
        reload = again;
        watching.scheduleAtFixedRate(this::keepHistory, HISTORY_SECONDS, HISTORY_SECONDS, TimeUnit.SECONDS)
                .addListener(ended -> {
                    if (!ended.isCancelled()) {
                        log.error("what sides did lately is no longer kept", ended.cause());
                    }
                });
        watching.scheduleAtFixedRate(() -> Thread.ofVirtual().start(front::refreshTls), TLS_SECONDS,
                TLS_SECONDS,
                TimeUnit.SECONDS).addListener(ended -> {
                    if (!ended.isCancelled()) {
                        log.error("changed certificates are no longer noticed", ended.cause());
                    }
                });
        ready = true;
        tellReady(config, loops, controller);
        startAdmin(config, state.path(),
                new AdminPorts(controller, events, new Audit(audit), again, () -> ready,
                        meters::scrape),
                again, controller);
    }

    private void keepHistory() {
        traffic.routes().forEach(LiveRoute::keepHistory);
    }

    private void tellReady(TurnoutConfig config, EventLoops loops, RouteController controller) {
        traffic.routes().forEach(route -> log.info("route={} listening address={} green={}",
                route.config().name(), NetUtil.toSocketAddressString(address(route.config().name())),
                Objects.requireNonNull(controller.current().route(route.config().name())).split().green()));
        log.info("ready routes={} transport={} loops={}", config.routes().size(), loops.transport().label(),
                config.eventLoops());
        events.add("proxy", Optional.empty(), Optional.empty(), "started with " + config.routes().size()
                + (config.routes().size() == 1 ? " route" : " routes"));
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

    private Meters meters(EventLoops loops, RouteController controller, Journal journal) {
        Meters meters = new Meters();
        meters.process(VersionCommand.version(), PlatformDependent::usedDirectMemory);
        meters.control(controller.meters());
        meters.journal(journal::size);
        meters.routes(() -> traffic.routes()
                .stream()
                .flatMap(live -> live.metered(controller.current()).stream())
                .toList());
        for (int number = 0; number < loops.each().size(); number++) {
            meters.eventLoop(number, LoopLag.watch(loops.each().get(number)));
        }
        return meters;
    }

    private void startAdmin(TurnoutConfig config, Path stateDir, AdminPorts ports, Reload again,
            RouteController controller) throws IOException {
        AdminServer server = AdminServer.start(config.admin(), stateDir, ports, random);
        started.push(server::close);
        // First: the server waits for whoever waits for it.
        started.push(controller::endWaiting);
        again.alsoFor(server);
        admin = server.uri();
    }

    /** Reads the configuration file again. Any thread. */
    public ReloadControl.Result reload(String actor) {
        return Objects.requireNonNull(reload, "reload").reload(actor);
    }

    /** What holds now. */
    TurnoutConfig config() {
        return Objects.requireNonNull(reload, "reload").config();
    }

    /** Where a route listens; with the port that the system chose, where 0 was asked for. */
    public InetSocketAddress address(String route) {
        LiveRoute live = Objects.requireNonNull(traffic.find(route), route);
        return Objects.requireNonNull(fronts, "fronts").address(live.config()).orElseThrow();
    }

    /** The admin API, without a path. */
    public URI admin() {
        return admin;
    }

    /**
     * Accepts nothing more, lets every request end that is under way, and tells clients to go elsewhere; upgraded
     * connections are closed one after the other. Answers whether all of them had by the end of {@code limit}. To be
     * closed in either case.
     */
    public boolean drain(Duration limit) {
        Fronts front = fronts;
        if (front == null) {
            return true;
        }
        ready = false;
        endReloads();
        log.info("draining, requests in flight={} limit={}s", traffic.inFlight(), limit.toSeconds());
        CompletableFuture<Void> drained = front.drain(traffic.routes(), limit);
        try {
            drained.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            log.info("drained");
            return true;
        } catch (TimeoutException e) {
            log.warn("not drained in time, connections left={} requests in flight={}", traffic.connections(),
                    traffic.inFlight());
        } catch (ExecutionException e) {
            log.error("not drained", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private void endReloads() {
        Reload running = reload;
        if (running != null) {
            running.end();
        }
    }

    /** Closes every connection and ends every thread. */
    @Override
    public void close() {
        endReloads();
        if (ready) {
            log.info("stopping, requests in flight={}", traffic.inFlight());
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
