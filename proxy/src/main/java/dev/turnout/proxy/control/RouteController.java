package dev.turnout.proxy.control;

import dev.turnout.admin.ChangeContext;
import dev.turnout.admin.ChangeContext.IdempotencyKey;
import dev.turnout.admin.ChangeResult;
import dev.turnout.admin.DrainResult;
import dev.turnout.admin.EndpointKey;
import dev.turnout.admin.Explanation;
import dev.turnout.admin.RouteControl;
import dev.turnout.admin.RouteView;
import dev.turnout.admin.SampleRequest;
import dev.turnout.admin.SessionView;
import dev.turnout.config.EndpointState;
import dev.turnout.config.OneWriter;
import dev.turnout.config.Protocol;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import dev.turnout.proxy.control.EndpointOverride.Value;
import dev.turnout.proxy.journal.AuditFile;
import dev.turnout.proxy.journal.Journal;
import dev.turnout.proxy.metrics.ControlMeters;
import dev.turnout.proxy.metrics.ControlMeters.Change;
import dev.turnout.proxy.routing.RoutingSnapshot;
import dev.turnout.proxy.routing.Snapshots;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators may ask of the routes. A change is journalled, then published, so what was acknowledged survives and
 * what is in effect was acknowledged or is about to be. Reads take no lock.
 */
public final class RouteController implements RouteControl, Snapshots {
    private static final Logger log = LoggerFactory.getLogger(RouteController.class);
    /** What an answer to a change shows of the last while. */
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final IntentWriter writer;
    private final RouteViews views;
    private final Traffic traffic;
    private final InstantSource clock;
    private final DrainWait drains;
    private final ControlMeters meters = new ControlMeters();

    /**
     * Takes over what the journal holds, and tells the traffic; closing the files stays with the caller. Throws
     * IOException, with the place, for a record that this version did not write.
     */
    public RouteController(List<RouteConfig> file, Journal journal, AuditFile audit, Events events,
            Traffic traffic, InstantSource clock) throws IOException {
        this(new IntentWriter(file, journal, new Audit(audit), events, clock), traffic, clock,
                PollTimer.SYSTEM);
    }

    RouteController(IntentWriter writer, Traffic traffic, InstantSource clock, PollTimer timer) {
        this.writer = writer;
        this.traffic = traffic;
        this.clock = clock;
        views = new RouteViews(traffic);
        drains = new DrainWait(timer);
        Intent intent = writer.intent();
        intent.runtime().keySet().stream().filter(route -> !intent.file().containsKey(route)).forEach(
                route -> log.warn("runtime changes ignored route={}: no such route in the configuration",
                        route));
        intent.file().values().forEach(route -> tellHidden(route, intent));
        applyEndpoints();
    }

    private static void tellHidden(RouteConfig route, Intent intent) {
        intent.hidden(route.name()).ifPresent(why -> log.warn(
                "what an operator set is not in force, the file's share holds route={} file={} version={}: one_writer: {}",
                route.name(), route.split().green(),
                intent.runtime(route.name()).split().map(SplitOverride::version).orElse(0L),
                why));
        Share now = route.split().green();
        intent.runtime(route.name()).split()
                .filter(set -> set.fileThen(now).isPresent() && intent.hidden(route.name()).isEmpty())
                .ifPresent(set -> log.warn(
                        "the file has changed under what an operator set route={} file={} runtime={} actor={} version={}",
                        route.name(), now, set.green().orElse(now), set.stamp().actor(), set.version()));
    }

    /** Tells the traffic of every endpoint. */
    public synchronized void applyEndpoints() {
        writer.intent().file().keySet().forEach(this::applyEndpoints);
    }

    private void applyEndpoints(String route) {
        for (Target target : Target.values()) {
            Side side = writer.intent().side(route, target);
            if (!side.hasActive()) {
                log.error(
                        "no active endpoint route={} target={}: the configuration changed under what operators"
                                + " drained or removed; add or activate one",
                        route, target.label());
            }
            traffic.apply(route, target, side.endpoints());
        }
    }

    @Override
    public RoutingSnapshot current() {
        return writer.intent().snapshot();
    }

    @Override
    public List<RouteView> routes(Duration window) {
        Intent seen = writer.intent();
        return seen.file().values().stream().map(route -> views.of(route, seen, window)).toList();
    }

    @Override
    public Optional<RouteView> route(String name, Duration window) {
        Intent seen = writer.intent();
        return Optional.ofNullable(seen.file().get(name)).map(route -> views.of(route, seen, window));
    }

    @Override
    public Optional<List<SessionView>> sessions(String route) {
        return Optional.ofNullable(writer.intent().file().get(route)).map(config -> {
            if (config.protocol() != Protocol.POSTGRESQL) {
                throw new IllegalArgumentException("route: " + route + " speaks " + config.protocol().label()
                        + " (expected: a route that speaks postgresql)");
            }
            return traffic.sessions(route).stream()
                    .sorted(Comparator.comparing(SessionView::since).thenComparingLong(SessionView::id))
                    .toList();
        });
    }

    @Override
    public Optional<Explanation> explain(String route, SampleRequest request) {
        Intent seen = writer.intent();
        return Optional.ofNullable(seen.file().get(route))
                .map(config -> Explanations.of(config, seen.snapshot(), traffic.of(route, WINDOW), request));
    }

    @Override
    public synchronized ChangeResult setSplit(String route, Share green, ChangeContext context) {
        return change(route, context, () -> unless(OneWriter.refusal(config(route), green),
                () -> publishSplit(route, Optional.of(green), Optional.empty(), context)));
    }

    @Override
    public synchronized ChangeResult resetSplit(String route, ChangeContext context) {
        return change(route, context, () -> writer.intent().runtime(route).split().isEmpty()
                ? unchanged(route, context)
                : unless(OneWriter.refusal(config(route), config(route).split().green()),
                        () -> publishSplit(route, Optional.empty(), Optional.empty(), context)));
    }

    private static ChangeResult unless(Optional<String> twoWriters, Supplier<ChangeResult> change) {
        return twoWriters.<ChangeResult>map(ChangeResult.OneWriter::new).orElseGet(change);
    }

    private RouteConfig config(String route) {
        return writer.intent().config(route);
    }

    private ChangeResult publishSplit(String route, Optional<Share> green, Optional<Target> drained,
            ChangeContext context) {
        Optional<Target> before = writer.intent().effective(route).drained();
        ChangeResult result = publish(route, new SplitOverride(route, green, drained,
                Optional.of(config(route).split().green()), writer.stamp(context)));
        if (result instanceof ChangeResult.Applied) {
            before.filter(side -> !drained.equals(before)).ifPresent(side -> traffic.keep(route, side));
        }
        return result;
    }

    @Override
    public DrainResult drain(String route, Target target, Duration timeout, ChangeContext context)
            throws InterruptedException {
        CompletableFuture<Void> begun;
        synchronized (this) {
            ChangeResult result = change(route, context,
                    () -> unless(OneWriter.drainRefusal(config(route), target),
                            () -> markDrained(route, target, context)));
            if (!(result instanceof ChangeResult.Applied)) {
                return new DrainResult.Refused(result);
            }
            // A repetition may come when somebody has undone what it asks for.
            begun = isDrained(route, target)
                    ? traffic.retire(route, target, timeout)
                    : CompletableFuture.completedFuture(null);
        }
        return drains.await(begun, route, target, timeout, () -> isDrained(route, target),
                () -> route(route, WINDOW));
    }

    private ChangeResult markDrained(String route, Target target, ChangeContext context) {
        return isDrained(route, target)
                ? unchanged(route, context)
                : publishSplit(route, Optional.of(target == Target.BLUE ? Share.ALL : Share.NONE),
                        Optional.of(target), context);
    }

    private boolean isDrained(String route, Target target) {
        RoutingSnapshot.Route now = writer.intent().snapshot().route(route);
        return now != null && now.drained().equals(Optional.of(target));
    }

    @Override
    public synchronized ChangeResult setEndpoint(EndpointKey endpoint, EndpointState state,
            ChangeContext context) {
        return change(endpoint.route(), context, () -> {
            Side side = side(endpoint);
            Optional<EndpointState> now = side.state(endpoint.address());
            if (now.equals(Optional.of(state))) {
                return unchanged(endpoint.route(), context);
            }
            if (now.isPresent()) {
                return publishEndpoint(endpoint, side, side.toHave(endpoint.address(), state), context);
            }
            return switch (state) {
                case ACTIVE -> add(endpoint, side, context);
                case DRAINED -> unknown(endpoint, side);
            };
        });
    }

    private ChangeResult add(EndpointKey endpoint, Side side, ChangeContext context) {
        return writer.intent()
                .file()
                .values()
                .stream()
                .filter(route -> route.takes(endpoint.address()))
                .findFirst()
                .<ChangeResult>map(route -> new ChangeResult.Circle(endpoint, route.name()))
                .orElseGet(() -> publishEndpoint(endpoint, side,
                        side.toHave(endpoint.address(), EndpointState.ACTIVE), context));
    }

    @Override
    public synchronized ChangeResult removeEndpoint(EndpointKey endpoint, ChangeContext context) {
        return change(endpoint.route(), context, () -> {
            Side side = side(endpoint);
            return side.state(endpoint.address()).isEmpty()
                    ? unknown(endpoint, side)
                    : publishEndpoint(endpoint, side, side.toLack(endpoint.address()), context);
        });
    }

    private Side side(EndpointKey endpoint) {
        return writer.intent().side(endpoint.route(), endpoint.target());
    }

    private static ChangeResult unknown(EndpointKey endpoint, Side side) {
        return new ChangeResult.UnknownEndpoint(endpoint, List.copyOf(side.endpoints().keySet()));
    }

    /** Refuses what would take the last active endpoint of its side. */
    private ChangeResult publishEndpoint(EndpointKey endpoint, Side side, Value value,
            ChangeContext context) {
        if (side.isLastActive(endpoint.address())) {
            return new ChangeResult.LastEndpoint(endpoint);
        }
        ChangeResult result = publish(endpoint.route(),
                new EndpointOverride(endpoint, value, writer.stamp(context)));
        if (result instanceof ChangeResult.Applied) {
            traffic.apply(endpoint.route(), endpoint.target(), side(endpoint).endpoints());
        }
        return result;
    }

    /** As an operator may not take the last active endpoint, so may no file. */
    private static void refuseEmptySides(Intent next, List<String> routes) throws IOException {
        for (String route : routes) {
            for (Target target : Target.values()) {
                if (!next.side(route, target).hasActive()) {
                    throw new IOException("route " + route + ": " + target.label()
                            + " would be left without an active endpoint, since operators drained or removed what the"
                            + " file has for it (expected: an active one; turnout endpoint activates or adds one)");
                }
            }
        }
    }

    /** What is in force now has sessions on both sides, which a file that forbids it would send across. */
    private static void refuseMovingWriters(Intent now, Intent next, List<String> routes) throws IOException {
        for (String route : routes) {
            Optional<String> why = next.hidden(route);
            if (why.isPresent() && now.file().containsKey(route) && now.hidden(route).isEmpty()) {
                throw new IOException(
                        "route " + route + ": one_writer: what was set at run time cannot hold over this"
                                + " file: " + why.get() + "; turnout split " + route
                                + " --reset goes back to the file first");
            }
        }
    }

    /**
     * The configuration file has been read again. The traffic knows the routes of the new file already, and learns
     * their endpoints here; those that are gone it may forget afterwards. Throws IOException when the change could
     * not be made durable, would leave a side without an active endpoint, or would forbid what operators decided about
     * a share that is in force: nothing happened.
     */
    public synchronized FileResult replaceFile(List<RouteConfig> file, String actor) throws IOException {
        FileDifference difference = FileDifference.between(writer.intent(), file);
        if (!difference.isEmpty()) {
            ChangeContext context = new ChangeContext(actor, Optional.empty(), OptionalLong.empty(),
                    Optional.empty());
            FileChange change = new FileChange(difference.changed(), writer.stamp(context));
            Intent next = writer.intent().with(file, change);
            refuseEmptySides(next, difference.touched());
            refuseMovingWriters(writer.intent(), next, difference.touched());
            writer.publish(file, change, difference.sentences());
            difference.touched().forEach(this::applyEndpoints);
        }
        return new FileResult(difference.sentences(), difference.overridden(),
                writer.intent().snapshot().version());
    }

    /** Nobody waits any longer for a side to be drained: the proxy is about to end. */
    public void endWaiting() {
        drains.end();
    }

    /** What became of what operators asked for. */
    public ControlMeters meters() {
        return meters;
    }

    private ChangeResult change(String route, ChangeContext context, Supplier<ChangeResult> change) {
        ChangeResult result = checked(route, context, change);
        meters.changed(switch (result) {
            case ChangeResult.Applied applied -> applied.replayed() ? Change.REPLAYED : Change.APPLIED;
            case ChangeResult.NotDurable _ -> Change.NOT_DURABLE;
            case ChangeResult.UnknownRoute _,ChangeResult.Stale _,ChangeResult.KeyReused _,ChangeResult.UnknownEndpoint _,ChangeResult.Circle _,ChangeResult.LastEndpoint _,ChangeResult.OneWriter _ ->
                Change.REFUSED;
        });
        return result;
    }

    private ChangeResult checked(String route, ChangeContext context, Supplier<ChangeResult> change) {
        Intent now = writer.intent();
        if (!now.file().containsKey(route)) {
            return new ChangeResult.UnknownRoute(route, List.copyOf(now.file().keySet()));
        }
        if (context.key().isPresent()) {
            IdempotencyKey key = context.key().get();
            Optional<IdempotencyKey> done = writer.idempotency()
                    .find(context.actor(), key.key(), clock.instant());
            if (done.isPresent()) {
                return done.get().equals(key)
                        ? new ChangeResult.Applied(view(route), true)
                        : new ChangeResult.KeyReused(key.key());
            }
        }
        long current = now.effective(route).version();
        if (context.ifVersion().isPresent() && context.ifVersion().getAsLong() != current) {
            return new ChangeResult.Stale(context.ifVersion().getAsLong(), current);
        }
        return change.get();
    }

    /** It was so already: nothing is published, and nobody's version goes stale. */
    private ChangeResult unchanged(String route, ChangeContext context) {
        try {
            writer.remember(context);
            return new ChangeResult.Applied(view(route), false);
        } catch (IOException e) {
            return notDurable(route, context.actor(), e);
        }
    }

    private ChangeResult publish(String route, RuntimeChange change) {
        try {
            writer.publish(change);
            return new ChangeResult.Applied(view(route), false);
        } catch (IOException e) {
            return notDurable(route, change.stamp().actor(), e);
        }
    }

    private static ChangeResult notDurable(String route, String actor, IOException why) {
        log.error("change refused route={} actor={}: {}", route, actor, why.getMessage());
        return new ChangeResult.NotDurable(String.valueOf(why.getMessage()));
    }

    private RouteView view(String route) {
        Intent seen = writer.intent();
        return views.of(seen.config(route), seen, WINDOW);
    }
}
