package dev.turnout.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads the section {@code turnout}. What the readers supply may be taken when no problem was reported. */
final class TurnoutReader {
    private static final int MAX_EVENT_LOOPS = 256;
    private static final int MAX_ROUTES = 10_000;
    private static final Kind<Integer> EVENT_LOOPS = Kinds.number(1, MAX_EVENT_LOOPS);
    private static final String ROUTES_ALLOWED = "1 to " + MAX_ROUTES + " routes";

    private final Path file;
    private final Problems problems;

    TurnoutReader(Path file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    Supplier<TurnoutConfig> read(Section root) {
        Section turnout = root.section("turnout");
        Listeners listeners = new Listeners(problems);
        Supplier<AdminConfig> admin = new AdminReader(problems, listeners).read(turnout.section("admin"));
        Read<Path> stateDir = turnout.read("state-dir", Kinds.PATH);
        Read<Transport> transport = turnout.read("transport", Kinds.TRANSPORT);
        Read<Optional<Integer>> eventLoops = turnout.readIfSet("event-loops", EVENT_LOOPS);
        List<Supplier<RouteConfig>> routes = routes(turnout.section("routes"), listeners);
        listeners.reportConflicts();
        return () -> new TurnoutConfig(
                admin.get(),
                file.toAbsolutePath().resolveSibling(stateDir.get()).normalize(),
                transport.get(),
                eventLoops.get().orElseGet(TurnoutReader::processors),
                routes.stream().map(Supplier::get).toList());
    }

    private List<Supplier<RouteConfig>> routes(Section section, Listeners listeners) {
        Map<String, Section> routes = section.sections();
        if (section.size() > MAX_ROUTES) {
            problems.error(section.spot(), section.size() + " routes", ROUTES_ALLOWED);
        } else if (section.size() == 0 && !section.isDoubtful()) {
            problems.error(section.spot(), "no routes", ROUTES_ALLOWED);
        }
        RouteReader reader = new RouteReader(problems, listeners);
        return routes.entrySet().stream().map(route -> reader.read(route.getKey(), route.getValue()))
                .toList();
    }

    private static int processors() {
        return Math.min(Runtime.getRuntime().availableProcessors(), MAX_EVENT_LOOPS);
    }
}
