package dev.turnout.proxy.app;

import dev.turnout.admin.ReloadControl;
import dev.turnout.admin.http.AdminServer;
import dev.turnout.config.ConfigResult;
import dev.turnout.config.Differences;
import dev.turnout.config.Problem;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.Target;
import dev.turnout.config.TokenConfig;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.proxy.control.Events;
import dev.turnout.proxy.control.FileResult;
import dev.turnout.proxy.control.RouteController;
import dev.turnout.proxy.metrics.ControlMeters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a changed configuration file into effect while everything runs. What can fail comes first: reading, binding, the
 * journal; only then anyone notices.
 */
final class Reload implements ReloadControl {
    private static final Logger log = LoggerFactory.getLogger(Reload.class);
    /** What takes effect without a restart, besides the routes. */
    private static final Set<String> AT_ONCE = Set.of("routes", "shutdown-timeout");

    /** What a reload works on. */
    record Running(
            LiveTraffic traffic,
            Fronts front,
            RouteController controller,
            Events events,
            Function<RouteConfig, LiveRoute> newRoute,
            Runnable firstLookUps) {}

    private final Supplier<ConfigResult> file;
    private final Running running;
    private volatile TurnoutConfig config;
    private volatile @Nullable AdminServer admin;
    private boolean ended;

    /** @param config what runs now */
    Reload(Supplier<ConfigResult> file, TurnoutConfig config, Running running) {
        this.file = file;
        this.config = config;
        this.running = running;
    }

    /** The proxy is about to end: nothing changes any more. Returns when nothing does. */
    synchronized void end() {
        ended = true;
    }

    /** Its tokens change with the file from now on. */
    void alsoFor(AdminServer server) {
        admin = server;
    }

    /** What holds now: of what takes a restart, what was there at the start. */
    TurnoutConfig config() {
        return config;
    }

    @Override
    public synchronized Result reload(String actor) {
        if (ended) {
            return new Result.Failed("the proxy is about to end");
        }
        Result result = switch (file.get()) {
            case ConfigResult.Invalid invalid ->
                new Result.Invalid(invalid.problems().stream().map(Problem::toString).toList());
            case ConfigResult.Valid valid -> apply(valid.config(), actor);
        };
        running.controller.meters().reloaded(switch (result) {
            case Result.Applied _ -> ControlMeters.Reload.APPLIED;
            case Result.Invalid _ -> ControlMeters.Reload.INVALID;
            case Result.Failed _ -> ControlMeters.Reload.FAILED;
        });
        tell(result, actor);
        return result;
    }

    private Result apply(TurnoutConfig next, String actor) {
        Optional<String> other = otherProtocol(next.routes());
        if (other.isPresent()) {
            return new Result.Failed(other.get());
        }
        List<String> restart = new ArrayList<>(waiting(next));
        Map<String, RouteConfig> before = reconfigure(next.routes());
        Fronts.Prepared prepared = null;
        boolean done = false;
        try {
            prepared = running.front.prepare(live(next.routes()));
            anticipate(next.routes(), before);
            FileResult result = running.controller.replaceFile(next.routes(), actor);
            // The point of no return: the journal has it, and so has the snapshot.
            done = true;
            prepared.serve();
            oneWriter(next, before);
            forget(next.routes());
            List<String> changes = new ArrayList<>(result.changes());
            changes.addAll(takeOver(next, restart));
            return new Result.Applied(changes, result.overridden(), restart, result.version());
        } catch (IOException e) {
            return new Result.Failed(String.valueOf(e.getMessage()));
        } finally {
            if (!done) {
                if (prepared != null) {
                    prepared.cancel();
                }
                undo(before);
            }
        }
    }

    /** What was counted of a route, and who is connected, would be of another protocol. */
    private Optional<String> otherProtocol(List<RouteConfig> routes) {
        return routes.stream().filter(route -> {
            LiveRoute live = running.traffic.find(route.name());
            return live != null && live.config().protocol() != route.protocol();
        }).map(route -> "routes." + route.name() + ".protocol: " + route.protocol().label()
                + " (expected: as it is, or another name for the route, or a restart)").findFirst();
    }

    /** Sessions that could write from the other side, as long as the file did not say that green is a replica, leave it. */
    private void oneWriter(TurnoutConfig next, Map<String, RouteConfig> before) {
        for (LiveRoute live : live(next.routes())) {
            RouteConfig was = before.get(live.config().name());
            live.config().split().writers().filter(side -> was != null && was.split().writers().isEmpty())
                    .ifPresent(side -> running.front.dismiss(live, side.other(), next.shutdownTimeout()));
        }
    }

    /** What takes a restart, a line each. */
    private List<String> waiting(TurnoutConfig next) {
        return Differences.between(config, next)
                .stream()
                .filter(line -> !line.startsWith("admin.tokens"))
                .filter(line -> AT_ONCE.stream().noneMatch(line::startsWith))
                .toList();
    }

    /** Returns the configurations of before; of a route that is new there is none. */
    private Map<String, RouteConfig> reconfigure(List<RouteConfig> routes) {
        Map<String, RouteConfig> before = new HashMap<>();
        running.traffic.routes().forEach(live -> before.put(live.config().name(), live.config()));
        for (RouteConfig route : routes) {
            LiveRoute live = running.traffic.find(route.name());
            if (live == null) {
                running.traffic.add(running.newRoute.apply(route));
            } else if (!live.config().equals(route)) {
                live.reconfigure(route);
            }
        }
        return before;
    }

    private void undo(Map<String, RouteConfig> before) {
        for (LiveRoute live : List.copyOf(running.traffic.routes())) {
            String name = live.config().name();
            Optional.ofNullable(before.get(name)).ifPresentOrElse(live::reconfigure,
                    () -> running.traffic.remove(name));
        }
        running.controller.applyEndpoints();
    }

    private List<LiveRoute> live(List<RouteConfig> routes) {
        return routes.stream().flatMap(route -> Stream.ofNullable(running.traffic.find(route.name())))
                .toList();
    }

    /** A name that is new is looked up before anyone is sent to it. */
    private void anticipate(List<RouteConfig> routes, Map<String, RouteConfig> before) {
        for (LiveRoute live : live(routes)) {
            RouteConfig route = live.config();
            if (!route.equals(before.get(route.name()))) {
                for (Target target : Target.values()) {
                    // By the rules that hold so far: it may yet come to nothing.
                    live.anticipate(target, route.endpoints(target),
                            before.getOrDefault(route.name(), route).health());
                }
            }
        }
        running.firstLookUps.run();
    }

    private void forget(List<RouteConfig> routes) {
        Set<String> stay = routes.stream().map(RouteConfig::name).collect(Collectors.toSet());
        for (LiveRoute live : List.copyOf(running.traffic.routes())) {
            String name = live.config().name();
            if (!stay.contains(name)) {
                running.front.retire(live, config.shutdownTimeout());
                running.traffic.remove(name);
            }
        }
    }

    /** Returns what has changed besides the routes; adds to {@code restart} what could not. */
    private List<String> takeOver(TurnoutConfig next, List<String> restart) {
        List<String> changes = new ArrayList<>();
        AdminServer server = admin;
        List<TokenConfig> tokens = config.admin().tokens();
        if (server != null && !tokens.equals(next.admin().tokens())) {
            try {
                server.replaceTokens(next.admin().tokens());
                tokens = next.admin().tokens();
                changes.add("admin.tokens: changed");
            } catch (IllegalArgumentException e) {
                restart.add(String.valueOf(e.getMessage()));
            }
        }
        if (!config.shutdownTimeout().equals(next.shutdownTimeout())) {
            changes.add("shutdown-timeout: changed");
        }
        config = config.with(next.shutdownTimeout(), tokens, next.routes());
        return changes;
    }

    private void tell(Result result, String actor) {
        String sentence = switch (result) {
            case Result.Applied applied when applied.changes().isEmpty() ->
                "configuration read again by " + actor
                        + ": nothing has changed" + waits(applied.restart());
            case Result.Applied applied -> "configuration read again by " + actor + ": "
                    + String.join("; ", applied.changes()) + waits(applied.restart());
            case Result.Invalid invalid -> "configuration refused, read again by " + actor + ": "
                    + invalid.problems().size() + (invalid.problems().size() == 1 ? " problem" : " problems")
                    + ", nothing was changed; the first: " + invalid.problems().getFirst();
            case Result.Failed failed -> "configuration refused, read again by " + actor + ": " + failed.why()
                    + "; nothing was changed";
        };
        running.events.add("reload", Optional.empty(), Optional.of(actor), sentence);
        switch (result) {
            case Result.Applied applied -> {
                log.info(sentence);
                applied.overridden().forEach(line -> tellOverridden(line, actor));
            }
            case Result.Invalid invalid -> {
                log.error(sentence);
                // By a signal nobody gets an answer that has the others.
                invalid.problems().stream().skip(1)
                        .forEach(problem -> log.error("configuration refused: {}", problem));
            }
            case Result.Failed _ -> log.error(sentence);
        }
    }

    private void tellOverridden(String line, String actor) {
        log.warn("overridden at run time: {}", line);
        running.events.add("reload", Optional.empty(), Optional.of(actor), "overridden at run time: " + line);
    }

    private static String waits(List<String> restart) {
        return restart.isEmpty() ? "" : "; waits for a restart: " + String.join("; ", restart);
    }
}
