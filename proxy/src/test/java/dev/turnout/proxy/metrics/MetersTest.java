package dev.turnout.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.Target;
import dev.turnout.proxy.failure.Kind;
import dev.turnout.proxy.metrics.ControlMeters.Change;
import dev.turnout.proxy.metrics.ControlMeters.Reload;
import dev.turnout.proxy.metrics.access.AccessLog;
import dev.turnout.proxy.routing.Rung;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("UnnecessaryLambda") // one for many records
class MetersTest {
    private static final String SAMPLE = "[a-z_]+(\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*})? [0-9.E+-]+(Inf|NaN)?";

    private static final DoubleSupplier THREE = () -> 3;

    private final RouteMeters route = new RouteMeters(2, 0);
    private final List<MeteredRoute> routes = new ArrayList<>();
    private final ControlMeters control = new ControlMeters();
    private final Meters meters = new Meters();

    @BeforeEach
    void count() {
        routes.add(metered("shop", route));
        meters.routes(() -> routes);
        meters.eventLoop(0, () -> 0.001);
        meters.control(control);
        meters.journal(() -> 4096);
        meters.process("1.2.3", () -> 65536);
        control.changed(Change.NOT_DURABLE);
        control.reloaded(Reload.INVALID);
        for (int loop = 0; loop < 2; loop++) {
            route.listener(loop).connectionOpened();
            route.requests(loop, Target.GREEN).decided(RequestMeters.RUNGS.indexOf("cohort"));
            route.requests(loop, Target.GREEN).started();
            route.requests(loop, Target.GREEN).started();
            route.requests(loop, Target.GREEN).ended(Outcome.ofStatus(200), 20_000);
        }
        route.listener(0).refused(Kind.BAD_REQUEST);
        route.listener(0).fieldsDropped(3);
        route.listener(0).cookieMinted();
        route.requests(1, Target.BLUE).started();
        route.requests(1, Target.BLUE).ended(Outcome.of(Kind.UPSTREAM_CONNECT), 70_000_000_000L);
    }

    private static MeteredRoute metered(String name, RouteMeters meters) {
        MeteredRoute.Endpoints green = new MeteredRoute.Endpoints(THREE, () -> 2, () -> 10, () -> 1,
                () -> 4);
        return new MeteredRoute(name, meters, () -> 0.25, Map.of(Target.GREEN, green),
                () -> Optional.of(Target.BLUE));
    }

    private List<String> lines() {
        return meters.scrape().lines().toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "turnout_requests_total{outcome=\"2xx\",route=\"shop\",target=\"green\"} 2.0",
        "turnout_requests_total{outcome=\"upstream_connect\",route=\"shop\",target=\"blue\"} 1.0",
        "turnout_requests_total{outcome=\"bad_request\",route=\"shop\",target=\"none\"} 1.0",
        "turnout_requests_total{outcome=\"5xx\",route=\"shop\",target=\"green\"} 0.0",
        "turnout_in_flight{route=\"shop\",target=\"green\"} 2.0",
        "turnout_in_flight{route=\"shop\",target=\"blue\"} 0.0",
        "turnout_connections{route=\"shop\"} 2.0",
        "turnout_split_ratio{route=\"shop\",target=\"green\"} 0.25",
        "turnout_split_ratio{route=\"shop\",target=\"blue\"} 0.75",
        "turnout_dropped_fields_total{route=\"shop\"} 3.0",
        "turnout_connections_opened_total{route=\"shop\"} 2.0",
        "turnout_cohort_cookies_total{route=\"shop\"} 1.0",
        "turnout_decisions_total{route=\"shop\",rung=\"cohort\",target=\"green\"} 2.0",
        "turnout_drained{route=\"shop\",target=\"blue\"} 1.0",
        "turnout_drained{route=\"shop\",target=\"green\"} 0.0",
        "turnout_endpoints{route=\"shop\",target=\"green\"} 3.0",
        "turnout_endpoints_healthy{route=\"shop\",target=\"green\"} 2.0",
        "turnout_health_checks_total{result=\"passed\",route=\"shop\",target=\"green\"} 10.0",
        "turnout_health_checks_total{result=\"failed\",route=\"shop\",target=\"green\"} 1.0",
        "turnout_ejections_total{route=\"shop\",target=\"green\"} 4.0",
        "turnout_changes_total{result=\"not_durable\"} 1.0",
        "turnout_changes_total{result=\"applied\"} 0.0",
        "turnout_reloads_total{result=\"invalid\"} 1.0",
        "turnout_journal_bytes 4096.0",
        "turnout_direct_memory_used_bytes 65536.0",
        "turnout_event_loop_lag_seconds{loop=\"0\"} 0.001",
        "turnout_request_duration_seconds_count{route=\"shop\",target=\"green\"} 2",
        "turnout_request_duration_seconds_sum{route=\"shop\",target=\"green\"} 4.0E-5",
        "turnout_request_duration_seconds_bucket{route=\"shop\",target=\"green\",le=\"1.6384E-5\"} 0",
        "turnout_request_duration_seconds_bucket{route=\"shop\",target=\"green\",le=\"3.2768E-5\"} 2",
        "turnout_request_duration_seconds_bucket{route=\"shop\",target=\"blue\",le=\"68.719476736\"} 0",
        "turnout_request_duration_seconds_bucket{route=\"shop\",target=\"blue\",le=\"+Inf\"} 1"})
    void shows(String line) {
        assertThat(lines()).as("a name or label that changes breaks dashboards and alerts").contains(line);
    }

    @Test
    void everyLineIsACommentOrASample() {
        assertThat(lines()).allMatch(line -> line.startsWith("# HELP ") || line.startsWith("# TYPE ")
                || line.matches(SAMPLE));
    }

    @Test
    void everyMeterIsOurs() {
        assertThat(lines()).filteredOn(line -> !line.startsWith("#"))
                .allMatch(line -> line.startsWith("turnout_"));
    }

    @Test
    void everySampleStandsOnce() {
        assertThat(lines()).filteredOn(line -> !line.startsWith("#"))
                .extracting(line -> line.substring(0, line.lastIndexOf(' ')))
                .doesNotHaveDuplicates();
    }

    @Test
    void namesTheBuild() {
        assertThat(lines()).contains(
                "turnout_build_info{java=\"" + Runtime.version() + "\",version=\"1.2.3\"} 1");
    }

    @Test
    void theHeapInUseIsThere() {
        assertThat(lines()).anyMatch(line -> line.matches("turnout_heap_used_bytes [1-9][0-9.E]+"));
    }

    @Test
    void aReasonCodeAppearsWithTheFirstRequestOfIt() {
        String line = "turnout_requests_total{outcome=\"client_abort\",route=\"shop\",target=\"green\"} 1.0";
        assertThat(meters.scrape()).doesNotContain("client_abort");
        route.requests(0, Target.GREEN).started();
        route.requests(0, Target.GREEN).ended(Outcome.of(Kind.CLIENT_ABORT), 1);
        assertThat(lines()).contains(line);
    }

    @Test
    void everyClassOfStatusOfASideIsThereFromTheStart() {
        routes.add(metered("idle", new RouteMeters(2, 0)));
        assertThat(lines()).filteredOn(line -> line.startsWith("turnout_requests_total")
                && line.contains("route=\"idle\"")).hasSize(10)
                .allMatch(line -> line.endsWith("xx\",route=\"idle\",target=\"blue\"} 0.0")
                        || line.endsWith("xx\",route=\"idle\",target=\"green\"} 0.0"));
    }

    @Test
    void aSideWithoutARequestHasNoHistogram() {
        routes.add(metered("idle", new RouteMeters(2, 0)));
        assertThat(lines()).noneMatch(
                line -> line.startsWith("turnout_request_duration") && line.contains("idle"));
    }

    @Test
    void aRouteThatIsGoneIsShownNoMore() {
        assertThat(meters.scrape()).contains("route=\"shop\"");
        routes.clear();
        assertThat(meters.scrape()).doesNotContain("shop");
    }

    @Test
    void whatDidNotChangeIsTheSameText() {
        routes.add(metered("a", new RouteMeters(2, 0)));
        String withHeap = "(?m)^turnout_heap_used_bytes .*$";
        String first = meters.scrape();
        routes.addFirst(routes.removeLast());
        assertThat(meters.scrape().replaceAll(withHeap, "")).isEqualTo(first.replaceAll(withHeap, ""));
    }

    @Test
    void aConnectionThatMovesIsOpenedOnce() {
        RouteMeters other = new RouteMeters(2, 0);
        routes.add(metered("other", other));
        route.listener(0).connectionLeft();
        other.listener(0).connectionJoined();
        assertThat(lines()).contains("turnout_connections{route=\"shop\"} 1.0",
                "turnout_connections{route=\"other\"} 1.0",
                "turnout_connections_opened_total{route=\"shop\"} 2.0",
                "turnout_connections_opened_total{route=\"other\"} 0.0");
    }

    @Test
    void theRungsAreThoseOfTheLadder() {
        assertThat(RequestMeters.RUNGS)
                .containsExactlyElementsOf(Arrays.stream(Rung.values()).map(Rung::label).toList());
    }

    @Test
    void aClosedConnectionIsCountedNoMore() {
        route.listener(0).connectionClosed();
        assertThat(lines()).contains("turnout_connections{route=\"shop\"} 1.0");
    }

    @Test
    void showsWhatBecameOfTheAccessLog() throws IOException {
        try (AccessLog log = AccessLog.open("/dev/null")) {
            meters.accessLog(log);
            assertThat(lines()).contains("turnout_access_log_total{result=\"written\"} 0.0",
                    "turnout_access_log_total{result=\"dropped\"} 0.0");
        }
    }

    @Test
    void failuresAreWhatTheProxyHadToEnd() {
        assertThat(List.of(route.failures(Target.BLUE), route.failures(Target.GREEN))).containsExactly(1L,
                0L);
    }
}
