package dev.turnout.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.turnout.config.Protocol;
import dev.turnout.config.Target;
import dev.turnout.proxy.failure.SessionFailure;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What PostgreSQL sessions count, from an event loop to the page of metrics. */
class SessionMetersTest {
    private final RouteMeters route = new RouteMeters(Protocol.POSTGRESQL, 2, 0);
    private final Meters meters = new Meters();

    @BeforeEach
    void count() {
        meters.routes(
                () -> List.of(new MeteredRoute("shop-db", route, () -> 0.25, Map.of(), Optional::empty)));
        for (int loop = 0; loop < 2; loop++) {
            SessionMeters blue = route.sessions(loop, Target.BLUE);
            blue.decided(RequestMeters.RUNGS.indexOf("writer"));
            blue.sessions(0, 1);
            blue.sessions(0, -1);
            blue.sessions(2, 1);
            blue.servers(SessionMeters.ACTIVE, 3);
            blue.servers(SessionMeters.IDLE_IN_TRANSACTION, 2);
            blue.servers(SessionMeters.FAILED_TRANSACTION, 1);
            blue.transaction(true);
            blue.queries(3);
            error(blue, "23");
            blue.served(20_000, false);
            route.sessionListener(loop).opened();
            route.sessionListener(loop).opened();
            route.sessionListener(loop).closed();
        }
        SessionMeters green = route.sessions(1, Target.GREEN);
        green.transaction(false);
        error(green, "57");
        green.served(70_000_000_000L, true);
        green.decided(RequestMeters.RUNGS.indexOf("spill"));
        route.sessionListener(0).tls();
        route.sessionListener(1).cancelled(1);
        route.sessionListener(0).failed(SessionFailure.UPSTREAM_CONNECT);
    }

    private static void error(SessionMeters side, String sqlStateClass) {
        byte[] bytes = sqlStateClass.getBytes(StandardCharsets.ISO_8859_1);
        side.error(bytes[0], bytes[1]);
    }

    private List<String> lines() {
        return meters.scrape().lines().toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "turnout_pg_sessions{class=\"stateless\",route=\"shop-db\",target=\"blue\"} 0.0",
        "turnout_pg_sessions{class=\"pinned\",route=\"shop-db\",target=\"blue\"} 2.0",
        "turnout_pg_server_connections{route=\"shop-db\",state=\"active\",target=\"blue\"} 6.0",
        "turnout_pg_server_connections{route=\"shop-db\",state=\"idle\",target=\"green\"} 0.0",
        "turnout_in_flight{route=\"shop-db\",target=\"blue\"} 6.0",
        "turnout_pg_transactions_total{outcome=\"committed\",route=\"shop-db\",target=\"blue\"} 2.0",
        "turnout_pg_transactions_total{outcome=\"rolled_back\",route=\"shop-db\",target=\"green\"} 1.0",
        "turnout_pg_queries_total{route=\"shop-db\",target=\"blue\"} 6.0",
        "turnout_pg_errors_total{class=\"23\",route=\"shop-db\",target=\"blue\"} 2.0",
        "turnout_pg_errors_total{class=\"57\",route=\"shop-db\",target=\"green\"} 1.0",
        "turnout_pg_server_seconds_count{route=\"shop-db\",target=\"blue\"} 2",
        "turnout_pg_server_seconds_sum{route=\"shop-db\",target=\"blue\"} 4.0E-5",
        "turnout_pg_server_seconds_bucket{route=\"shop-db\",target=\"green\",le=\"+Inf\"} 1",
        "turnout_pg_session_failures_total{reason=\"upstream_connect\",route=\"shop-db\"} 1.0",
        "turnout_pg_cancels_total{result=\"unknown\",route=\"shop-db\"} 1.0",
        "turnout_pg_cancels_total{result=\"sent\",route=\"shop-db\"} 0.0",
        "turnout_pg_tls_handshakes_total{route=\"shop-db\"} 1.0",
        "turnout_decisions_total{route=\"shop-db\",rung=\"writer\",target=\"blue\"} 2.0",
        "turnout_spilled_total{route=\"shop-db\",target=\"green\"} 1.0",
        "turnout_connections{route=\"shop-db\"} 2.0",
        "turnout_connections_opened_total{route=\"shop-db\"} 4.0",
        "turnout_split_ratio{route=\"shop-db\",target=\"green\"} 0.25"})
    void shows(String line) {
        assertThat(lines()).as("a name or label that changes breaks dashboards and alerts").contains(line);
    }

    @Test
    void aRouteHasTheMetersOfItsProtocolOnly() {
        assertThat(lines()).noneMatch(line -> line.matches(
                "turnout_(requests|request_duration|tunnels|retries|dropped_fields|cohort_cookies).*"));
        meters.routes(() -> List
                .of(new MeteredRoute("shop", new RouteMeters(2, 0), () -> 0, Map.of(), Optional::empty)));
        assertThat(lines()).noneMatch(line -> line.startsWith("turnout_pg_"));
    }

    @Test
    void anErrorAppearsWithTheFirstOfItsClass() {
        assertThat(meters.scrape()).doesNotContain("class=\"XX\"", "class=\"other\"");
        error(route.sessions(0, Target.BLUE), "XX");
        assertThat(meters.scrape()).contains("class=\"XX\"").doesNotContain("class=\"other\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ZZ", "99", "x1", "\u00e9\u00e9", "  ", "0a"})
    void whatPostgresDoesNotKnowIsOneSeriesHoweverManyThereAre(String unknown) {
        error(route.sessions(0, Target.GREEN), unknown);
        error(route.sessions(1, Target.GREEN), "QQ");
        assertThat(lines())
                .contains("turnout_pg_errors_total{class=\"other\",route=\"shop-db\",target=\"green\"} 2.0")
                .filteredOn(line -> line.startsWith("turnout_pg_errors_total")).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"08006,true", "53300,true", "57P01,true", "57014,false", "58030,true", "XX000,true",
        "42601,false",
        "23505,false", "40001,false", "55P03,false", "0A000,false", "28P01,false"})
    void anErrorIsTheServersFaultOrTheStatements(String sqlState, boolean fault) {
        assertThat(
                SessionMeters.isServerFault(sqlState))
                .isEqualTo(fault);
    }

    @Test
    void sumsUpASide() {
        assertThat(route.sessions(Target.BLUE)).hasValue(new SideSessions(2, 2, 6, 6, 2, 2));
        assertThat(new RouteMeters(2, 0).sessions(Target.BLUE)).isEmpty();
    }

    @Test
    void whatAServerDidIsARequestAndItsFaultIsAnError() {
        Map<Target, Recent> recent = route.recent(Duration.ofMinutes(1), Duration.ofSeconds(5).toNanos());
        Recent blue = Objects.requireNonNull(recent.get(Target.BLUE));
        assertThat(List.of(blue.requests(), blue.errors())).containsExactly(2L, 0L);
        assertThat(blue.p99Seconds().orElseThrow()).isBetween(19e-6, 21e-6);
        Recent green = Objects.requireNonNull(recent.get(Target.GREEN));
        assertThat(List.of(green.requests(), green.errors())).containsExactly(1L, 1L);
        assertThat(List.of(route.requests(Target.GREEN), route.failures(Target.GREEN))).containsExactly(1L,
                1L);
    }

    @Test
    void whatWasLongAgoIsNotRecent() {
        long now = 0;
        for (int i = 0; i < 120; i++) {
            now += Duration.ofSeconds(10).toNanos();
            route.tick(now);
        }
        Recent blue = Objects.requireNonNull(route.recent(Duration.ofMinutes(1), now).get(Target.BLUE));
        assertThat(blue.requests()).isZero();
        assertThat(blue.p50Seconds()).isEqualTo(OptionalDouble.empty());
    }

    @Test
    void countingAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        SessionMeters side = route.sessions(0, Target.BLUE);
        SessionListenerMeters listener = route.sessionListener(0);
        countOnce(side, listener); // makes the pages
        threads.getCurrentThreadAllocatedBytes();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10_000; i++) {
            countOnce(side, listener);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
    }

    private static void countOnce(SessionMeters side, SessionListenerMeters listener) {
        side.servers(SessionMeters.ACTIVE, 1);
        side.queries(1);
        side.transaction(true);
        side.error((byte) '4', (byte) '2');
        side.served(20_000, SessionMeters.isServerFault("42P01"));
        listener.failed(SessionFailure.CLIENT_ABORT);
    }
}
