package dev.turnout.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads the section {@code turnout}. What the readers supply may be taken when no problem was reported. */
final class TurnoutReader {
    private static final int MAX_EVENT_LOOPS = 256;
    private static final int MAX_ROUTES = 10_000;
    private static final Kind<Integer> EVENT_LOOPS = Kinds.number(1, MAX_EVENT_LOOPS);
    private static final int MAX_NAME_SERVERS = 16;
    private static final Kind<Duration> QUERY_TIMEOUT = Kinds.duration(Duration.ofMillis(100),
            Duration.ofSeconds(30), "100ms to 30s");
    private static final Kind<Duration> SHUTDOWN_TIMEOUT = Kinds.duration(Duration.ZERO, Duration.ofHours(1),
            "0s to 1h");
    private static final String STANDARD_OUTPUT = "-";
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
        Supplier<DnsConfig> dns = dns(turnout.section("dns"));
        Supplier<MessageLimits> limits = new LimitsReader(problems).read(turnout.section("limits"));
        Read<Path> stateDir = turnout.read("state-dir", Kinds.PATH);
        Read<Duration> shutdownTimeout = turnout.read("shutdown-timeout", SHUTDOWN_TIMEOUT);
        Read<Optional<String>> accessLog = turnout.readIfSet("access-log", Kinds.LOG);
        Read<Transport> transport = turnout.read("transport", Kinds.TRANSPORT);
        Read<Optional<Integer>> eventLoops = turnout.readIfSet("event-loops", EVENT_LOOPS);
        List<Supplier<RouteConfig>> routes = routes(turnout.section("routes"), listeners);
        return () -> new TurnoutConfig(
                admin.get(),
                dns.get(),
                limits.get(),
                besideFile(stateDir.get()),
                shutdownTimeout.get(),
                accessLog.get()
                        .map(log -> log.equals(STANDARD_OUTPUT) ? log : besideFile(Path.of(log)).toString()),
                transport.get(),
                eventLoops.get().orElseGet(TurnoutReader::processors),
                routes.stream().map(Supplier::get).toList());
    }

    private Path besideFile(Path path) {
        return file.toAbsolutePath().resolveSibling(path).normalize();
    }

    private static Supplier<DnsConfig> dns(Section dns) {
        Read<List<Address>> servers = dns.readAnyList("servers", Kinds.NAME_SERVER, MAX_NAME_SERVERS);
        Read<Duration> timeout = dns.read("timeout", QUERY_TIMEOUT);
        return () -> new DnsConfig(servers.get(), timeout.get());
    }

    private List<Supplier<RouteConfig>> routes(Section section, Listeners listeners) {
        Map<String, Section> routes = section.sections();
        if (section.size() > MAX_ROUTES) {
            problems.error(section.spot(), section.size() + " routes", ROUTES_ALLOWED);
        } else if (section.size() == 0 && !section.isDoubtful()) {
            problems.error(section.spot(), "no routes", ROUTES_ALLOWED);
        }
        Circles circles = new Circles(problems);
        RouteReader reader = new RouteReader(problems, listeners, circles, file);
        List<Supplier<RouteConfig>> read = routes.entrySet().stream()
                .map(route -> reader.read(route.getKey(), route.getValue()))
                .toList();
        listeners.reportConflicts();
        circles.report();
        return read;
    }

    private static int processors() {
        return Math.min(Runtime.getRuntime().availableProcessors(), MAX_EVENT_LOOPS);
    }
}
