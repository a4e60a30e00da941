package dev.turnout.proxy.control;

import dev.turnout.admin.AuditTrail;
import dev.turnout.admin.RouteView.Recent;
import dev.turnout.admin.SessionView;
import dev.turnout.config.Address;
import dev.turnout.config.DataKind;
import dev.turnout.config.EndpointState;
import dev.turnout.config.PostgresAuth;
import dev.turnout.config.PostgresConfig;
import dev.turnout.config.Protocol;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.RuleConfig;
import dev.turnout.config.Share;
import dev.turnout.config.SplitConfig;
import dev.turnout.config.Target;
import dev.turnout.config.TlsClientConfig;
import dev.turnout.proxy.journal.AuditFile;
import dev.turnout.proxy.journal.Journal;
import dev.turnout.proxy.metrics.SideSessions;
import dev.turnout.proxy.testkit.Configs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A controller over real files in a folder, with traffic that obeys at once and time that the test moves. */
final class ControlRig implements AutoCloseable, BeforeEachCallback, AfterEachCallback {
    static final Recent NOTHING = new Recent(Duration.ofMinutes(1), 0, 0, OptionalDouble.empty(),
            OptionalDouble.empty(), OptionalDouble.empty());

    /** Of one test. */
    Path folder = Path.of("");
    final FakeTraffic traffic = new FakeTraffic();
    final List<Runnable> atPause = new ArrayList<>();
    Instant now = Instant.parse("2026-11-20T12:00:00Z");
    Events events = new Events(() -> now);
    private final List<AutoCloseable> open = new ArrayList<>();
    private @Nullable Journal journal;
    private long nanos;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        folder = Files.createTempDirectory("turnout-control");
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** A process that starts anew: what it knows is in the file and in the journal. */
    RouteController start(List<RouteConfig> file) throws IOException {
        close();
        Journal opened = Journal.open(folder);
        open.add(opened);
        journal = opened;
        AuditFile audit = AuditFile.open(folder);
        open.add(audit);
        events = new Events(() -> now);
        traffic.told.clear();
        traffic.timesTold = 0;
        return new RouteController(new IntentWriter(file, opened, new Audit(audit), events, () -> now),
                traffic,
                () -> now, new Timer());
    }

    /** One step of 20 ms each time; then what the test has put there happens. */
    private final class Timer implements PollTimer {
        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public void pause() {
            nanos += Duration.ofMillis(20).toNanos();
            if (!atPause.isEmpty()) {
                atPause.removeFirst().run();
            }
        }
    }

    Journal journal() {
        return Objects.requireNonNull(journal, "not started");
    }

    List<AuditTrail.Entry> audited() throws IOException {
        try (AuditFile audit = AuditFile.open(folder)) {
            return new Audit(audit).newest(100, Optional.empty()).reversed();
        }
    }

    /** What happens when the audit's disk is full, and the journal's is not. */
    void breakTheAudit(String text, Consumer<RouteController> then) throws IOException {
        Path full = Files.createDirectories(folder.resolve("full"));
        Files.createSymbolicLink(full.resolve("audit.log"), Path.of("/dev/full"));
        try (Journal opened = Journal.open(folder); AuditFile audit = AuditFile.open(full)) {
            then.accept(new RouteController(file(text), opened, audit, events, traffic, () -> now));
        }
    }

    /** A PostgreSQL route named shop, as a file with these words would have it. */
    RouteConfig database(DataKind data, String green, RuleConfig... rules) {
        RouteConfig http = file("turnout.routes.shop { protocol = http, listen = \"127.0.0.1:0\", "
                + "blue.endpoints = [\"b:1\"], green.endpoints = [\"g:1\"] }").getFirst();
        SplitConfig split = http.split();
        Optional<Target> writers = data == DataKind.REPLICATED ? Optional.of(Target.BLUE) : Optional.empty();
        PostgresAuth trust = new PostgresAuth(PostgresAuth.Mode.TRUST, Optional.empty(), List.of(), Map.of());
        PostgresConfig postgres = new PostgresConfig(data, trust, Optional.empty(),
                Map.of(Target.BLUE, TlsClientConfig.DEFAULT, Target.GREEN, TlsClientConfig.DEFAULT),
                Duration.ofSeconds(2), Duration.ofSeconds(10), 100, 100, Optional.empty());
        return new RouteConfig(http.name(), Protocol.POSTGRESQL, http.listen(), http.match(), http.blue(),
                http.green(), new SplitConfig(Share.ofPercent(green), split.salt(), List.of(), List.of(rules),
                        split.cohort(), writers, split.unhealthy()),
                http.health(), http.http(), Optional.of(postgres));
    }

    List<RouteConfig> file(String text) {
        return Configs.load(folder.resolve("file"), text).routes();
    }

    @Override
    public void close() {
        try {
            for (AutoCloseable part : open) {
                part.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        open.clear();
    }

    /** What the controller says to the traffic, and what the test lets it see. */
    static final class FakeTraffic implements Traffic {
        final Map<String, String> told = new TreeMap<>();
        final List<String> calls = new ArrayList<>();
        final Map<Target, LiveSide> sides = new EnumMap<>(Target.class);
        CompletableFuture<Void> settled = CompletableFuture.completedFuture(null);
        List<SessionView> sessions = List.of();
        int timesTold;

        FakeTraffic() {
            for (Target target : Target.values()) {
                busy(target, 0, 0);
            }
        }

        /** The side of a PostgreSQL route. */
        void open(Target target, long sessions) {
            sides.put(target, new LiveSide(Map.of(new Address("a", 1), new LiveEndpoint(true, false, 0)),
                    0, 0, 0, 0, NOTHING, Optional.of(new SideSessions(sessions, 1, 0, 3, 800, 4))));
        }

        void busy(Target target, long inFlight, long tunnels) {
            sides.put(target, new LiveSide(Map.of(new Address("a", 1), new LiveEndpoint(true, false, 0)),
                    inFlight, 0, 0, tunnels, NOTHING));
        }

        @Override
        public void apply(String route, Target target, Map<Address, EndpointState> endpoints) {
            timesTold++;
            told.put(route + " " + target.label(), endpoints.toString());
        }

        @Override
        public CompletableFuture<Void> retire(String route, Target target, Duration window) {
            calls.add("retire " + route + " " + target.label() + " " + window);
            return settled;
        }

        @Override
        public void keep(String route, Target target) {
            calls.add("keep " + route + " " + target.label());
        }

        @Override
        public List<SessionView> sessions(String route) {
            return sessions;
        }

        @Override
        public Live of(String route, Duration window) {
            return new Live("127.0.0.1:8080", sides);
        }
    }
}
