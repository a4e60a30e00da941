package dev.turnout.proxy.control;

import dev.turnout.admin.ChangeContext;
import dev.turnout.admin.ChangeResult;
import dev.turnout.admin.EndpointKey;
import dev.turnout.admin.RouteControl;
import dev.turnout.admin.RouteView;
import dev.turnout.config.EndpointState;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import dev.turnout.proxy.control.EndpointOverride.Value;
import dev.turnout.proxy.journal.Journal;
import dev.turnout.proxy.routing.RoutingSnapshot;
import dev.turnout.proxy.routing.RoutingSnapshot.Route;
import dev.turnout.proxy.routing.Snapshots;
import dev.turnout.proxy.routing.Split;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of the routing snapshot and of the endpoints. A change is journalled, then published, so what was
 * acknowledged survives and what is in effect was acknowledged or is about to be. Reads take no lock.
 */
public final class RouteController implements RouteControl, Snapshots {
    private static final Logger log = LoggerFactory.getLogger(RouteController.class);
    /** Beyond it the journal is rewritten to what still counts; twice as far, when that fails. */
    private static final long COMPACT_BYTES = 1 << 20;

    private final Map<String, RouteConfig> file = new TreeMap<>();
    private final Journal journal;
    private final RouteViews views;
    private final EndpointSink sink;
    private final InstantSource clock;
    private long compactAtBytes = COMPACT_BYTES;
    private volatile Intent intent;

    /**
     * Takes over what the journal holds, and tells the sink; closing the journal stays with the caller. Throws
     * IOException, with the place, for a record that this version did not write.
     */
    public RouteController(List<RouteConfig> routes, Journal journal, LiveRoutes live, EndpointSink sink,
            InstantSource clock) throws IOException {
        this.journal = journal;
        this.views = new RouteViews(live);
        this.sink = sink;
        this.clock = clock;
        routes.forEach(route -> file.put(route.name(), route));
        Map<String, Route> fromFile = new HashMap<>();
        file.forEach((name, route) -> fromFile.put(name, new Route(Split.of(route.split()), 0)));
        intent = replay(new Intent(new RoutingSnapshot(0, 0, fromFile), Map.of()));
        file.values().forEach(this::begin);
    }

    private Intent replay(Intent fromFile) throws IOException {
        Intent replayed = fromFile;
        int number = 0;
        for (String line : journal.replayed()) {
            number++;
            try {
                replayed = replayed.with(ChangeRecord.read(line), file);
            } catch (IllegalArgumentException e) {
                throw new IOException(journal.file() + ": record " + number + ": " + e.getMessage()
                        + "; start the version of Turnout that wrote it, or move the file away to start from the"
                        + " configuration", e);
            }
        }
        replayed.runtime()
                .forEach((route, layer) -> {
                    if (!file.containsKey(route)) {
                        log.warn(
                                "runtime changes ignored route={} changes={}: no such route in the configuration",
                                route, layer.changes().size());
                    }
                });
        return replayed;
    }

    private void begin(RouteConfig route) {
        for (Target target : Target.values()) {
            Side side = intent.side(route, target);
            if (!side.hasActive()) {
                log.error(
                        "no active endpoint route={} target={}: the configuration changed under what operators"
                                + " drained or removed; add or activate one",
                        route.name(), target.label());
            }
            sink.apply(route.name(), target, side.endpoints());
        }
    }

    @Override
    public RoutingSnapshot current() {
        return intent.snapshot();
    }

    @Override
    public List<RouteView> routes() {
        Intent seen = intent;
        return file.values().stream().map(route -> views.of(route, seen)).toList();
    }

    @Override
    public Optional<RouteView> route(String name) {
        return Optional.ofNullable(file.get(name)).map(route -> views.of(route, intent));
    }

    @Override
    public synchronized ChangeResult setSplit(String route, Share green, ChangeContext context) {
        return refusal(route, context).orElseGet(() -> publishSplit(route, Optional.of(green), context));
    }

    @Override
    public synchronized ChangeResult resetSplit(String route, ChangeContext context) {
        return refusal(route, context).orElseGet(() -> intent.runtime(route).split().isEmpty()
                ? applied(route)
                : publishSplit(route, Optional.empty(), context));
    }

    @Override
    public synchronized ChangeResult setEndpoint(EndpointKey endpoint, EndpointState state,
            ChangeContext context) {
        return refusal(endpoint.route(), context).orElseGet(() -> {
            Side side = side(endpoint);
            Optional<EndpointState> now = side.state(endpoint.address());
            if (now.equals(Optional.of(state))) {
                return applied(endpoint.route());
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
        return file.values()
                .stream()
                .filter(route -> route.takes(endpoint.address()))
                .findFirst()
                .<ChangeResult>map(route -> new ChangeResult.Circle(endpoint, route.name()))
                .orElseGet(() -> publishEndpoint(endpoint, side,
                        side.toHave(endpoint.address(), EndpointState.ACTIVE), context));
    }

    @Override
    public synchronized ChangeResult removeEndpoint(EndpointKey endpoint, ChangeContext context) {
        return refusal(endpoint.route(), context).orElseGet(() -> {
            Side side = side(endpoint);
            return side.state(endpoint.address()).isEmpty()
                    ? unknown(endpoint, side)
                    : publishEndpoint(endpoint, side, side.toLack(endpoint.address()), context);
        });
    }

    private Optional<ChangeResult> refusal(String route, ChangeContext context) {
        if (!file.containsKey(route)) {
            return Optional.of(new ChangeResult.UnknownRoute(route, List.copyOf(file.keySet())));
        }
        long current = intent.snapshot().route(route).version();
        return context.ifVersion().isPresent() && context.ifVersion().getAsLong() != current
                ? Optional.of(new ChangeResult.Stale(context.ifVersion().getAsLong(), current))
                : Optional.empty();
    }

    private static ChangeResult unknown(EndpointKey endpoint, Side side) {
        return new ChangeResult.UnknownEndpoint(endpoint, List.copyOf(side.endpoints().keySet()));
    }

    /** Also when it was so already: then nothing is journalled, and nobody's version goes stale. */
    private ChangeResult applied(String route) {
        return new ChangeResult.Applied(views.of(config(route), intent));
    }

    private RouteConfig config(String route) {
        return Objects.requireNonNull(file.get(route), route);
    }

    private Side side(EndpointKey endpoint) {
        return intent.side(config(endpoint.route()), endpoint.target());
    }

    private ChangeResult publishSplit(String route, Optional<Share> green, ChangeContext context) {
        return publish(new SplitOverride(route, green, context.reason(), context.actor(), nextVersion(),
                clock.instant()));
    }

    /** Refuses what would take the last active endpoint of its side. */
    private ChangeResult publishEndpoint(EndpointKey endpoint, Side side, Value value,
            ChangeContext context) {
        return side.isLastActive(endpoint.address())
                ? new ChangeResult.LastEndpoint(endpoint)
                : publish(new EndpointOverride(endpoint, value, context.reason(), context.actor(),
                        nextVersion(),
                        clock.instant()));
    }

    private long nextVersion() {
        return intent.snapshot().version() + 1;
    }

    /** Operators, rollouts and cutovers all come through here. */
    private ChangeResult publish(RuntimeChange change) {
        try {
            journal.append(ChangeRecord.write(change));
        } catch (IOException e) {
            log.error("change refused route={} actor={}: {}", change.route(), change.actor(), e.getMessage());
            return new ChangeResult.NotDurable(String.valueOf(e.getMessage()));
        }
        Intent before = intent;
        intent = before.with(change, file);
        switch (change) {
            case SplitOverride split -> tell(split, before);
            case EndpointOverride endpoint -> tell(endpoint, before);
        }
        compactIfLarge();
        return applied(change.route());
    }

    private void tell(SplitOverride change, Intent before) {
        String route = change.route();
        log.info("split changed route={} green={} was={} origin={} version={} actor={} reason={}", route,
                intent.snapshot().route(route).split().green(),
                before.snapshot().route(route).split().green(),
                change.green().isPresent() ? "runtime" : "file", change.version(), change.actor(),
                change.reason().orElse("-"));
    }

    private void tell(EndpointOverride change, Intent before) {
        EndpointKey endpoint = change.endpoint();
        Side side = side(endpoint);
        sink.apply(endpoint.route(), endpoint.target(), side.endpoints());
        Side was = before.side(config(endpoint.route()), endpoint.target());
        log.info(
                "endpoint changed route={} target={} address={} state={} was={} version={} actor={} reason={}",
                endpoint.route(), endpoint.target().label(), endpoint.address(),
                side.state(endpoint.address()).map(EndpointState::label).orElse("absent"),
                was.state(endpoint.address()).map(EndpointState::label).orElse("absent"), change.version(),
                change.actor(), change.reason().orElse("-"));
    }

    /**
     * The change is durable by now. A failure to compact costs space; or, when the new journal may not last, the journal refuses
     * every later change until a restart.
     */
    private void compactIfLarge() {
        if (journal.size() < compactAtBytes) {
            return;
        }
        try {
            journal.rewrite(intent.changes().stream().map(ChangeRecord::write).toList());
            compactAtBytes = Math.max(COMPACT_BYTES, 2 * journal.size());
        } catch (IOException e) {
            compactAtBytes = 2 * journal.size();
            log.error("journal not compacted bytes={}: {}", journal.size(), e.getMessage());
        }
    }
}
