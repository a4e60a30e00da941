package dev.turnout.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.Target;
import dev.turnout.proxy.failure.Kind;
import dev.turnout.proxy.metrics.access.AccessLog;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetersTest {
    private static final String SAMPLE = "[a-z_]+(\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*})? [0-9.E+-]+(Inf|NaN)?";

    private final RouteMeters route = new RouteMeters(2);
    private final Meters meters = new Meters();

    @BeforeEach
    void count() {
        meters.route("shop", route, () -> 0.25);
        meters.eventLoop(0, () -> 0.001);
        for (int loop = 0; loop < 2; loop++) {
            route.listener(loop).connectionOpened();
            route.requests(loop, Target.GREEN).started();
            route.requests(loop, Target.GREEN).started();
            route.requests(loop, Target.GREEN).ended(Outcome.ofStatus(200), 20_000);
        }
        route.listener(0).refused(Kind.BAD_REQUEST);
        route.listener(0).fieldsDropped(3);
        route.requests(1, Target.BLUE).started();
        route.requests(1, Target.BLUE).ended(Outcome.of(Kind.UPSTREAM_CONNECT), 70_000_000_000L);
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
