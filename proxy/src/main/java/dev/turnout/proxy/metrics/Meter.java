package dev.turnout.proxy.metrics;

import dev.turnout.proxy.failure.SessionFailure;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Every meter there is, in the order of their names; {@code docs/metrics.md} is made of it. */
// The list of labels is a copy, and the array of their names stays in this package.
@SuppressWarnings("ImmutableEnumChecker")
enum Meter {
    // @formatter:off
    ACCESS_LOG(Type.COUNTER, "turnout_access_log_total", "Entries of the access log, by what became of them",
            Label.closed("result", "written", "dropped")),
    BUILD_INFO(Type.INFO, "turnout_build_info", "Which build this is, and the Java that it runs on; always 1",
            Label.open("version", "of Turnout"), Label.open("java", "the version of the JVM")),
    CHANGES(Type.COUNTER, "turnout_changes_total",
            "Changes that operators asked for, by what became of them: replayed had been applied before, under the same idempotency key; "
                    + "refused was not allowed or came too late; not_durable could not be written to the journal",
            Label.closed("result", "applied", "replayed", "refused", "not_durable")),
    COHORT_COOKIES(Type.COUNTER, "turnout_cohort_cookies_total", "Clients that were given the cookie that tells users apart", Label.ROUTE),
    CONNECTIONS(Type.GAUGE, "turnout_connections", "Open client connections", Label.ROUTE),
    CONNECTIONS_OPENED(Type.COUNTER, "turnout_connections_opened_total", "Client connections that were accepted", Label.ROUTE),
    DECISIONS(Type.COUNTER, "turnout_decisions_total", "Requests, and sessions of PostgreSQL, by the step of the ladder that chose their side; each appears with the first of them",
            Label.ROUTE, Label.TARGET, Label.RUNG),
    DIRECT_MEMORY(Type.GAUGE, "turnout_direct_memory_used_bytes", "Memory outside of the heap that buffers hold"),
    DRAINED(Type.GAUGE, "turnout_drained", "1 when an operator drained the side, so that it gets nothing; else 0", Label.ROUTE, Label.TARGET),
    DROPPED_FIELDS(Type.COUNTER, "turnout_dropped_fields_total", "Request fields left out for an underscore in their name", Label.ROUTE),
    EJECTIONS(Type.COUNTER, "turnout_ejections_total", "Endpoints taken out for failing requests", Label.ROUTE, Label.TARGET),
    ENDPOINTS(Type.GAUGE, "turnout_endpoints", "Endpoints of the side, the drained ones too", Label.ROUTE, Label.TARGET),
    ENDPOINTS_HEALTHY(Type.GAUGE, "turnout_endpoints_healthy", "Endpoints of the side that are healthy", Label.ROUTE, Label.TARGET),
    EVENT_LOOP_LAG(Type.GAUGE, "turnout_event_loop_lag_seconds", "How late the last timed task of an event loop ran",
            Label.open("loop", "the number of an event loop, from 0")),
    HEALTH_CHECKS(Type.COUNTER, "turnout_health_checks_total", "Health checks that ended", Label.ROUTE, Label.TARGET,
            Label.closed("result", "passed", "failed")),
    HEAP_USED(Type.GAUGE, "turnout_heap_used_bytes", "The heap that is in use, garbage that was not collected yet included"),
    IN_FLIGHT(Type.GAUGE, "turnout_in_flight", "Requests that wait for an answer; of PostgreSQL, server connections at work", Label.ROUTE, Label.TARGET),
    JOURNAL_BYTES(Type.GAUGE, "turnout_journal_bytes", "The journal of changes, on disk"),
    PG_CANCELS(Type.COUNTER, "turnout_pg_cancels_total",
            "Cancel requests, by what became of them: sent on to a server; unknown, as their key is no session's; failed to reach the server",
            Label.ROUTE, Label.closed("result", SessionListenerMeters.CANCELS)),
    PG_ERRORS(Type.COUNTER, "turnout_pg_errors_total",
            "Errors that servers answered, by the class of their SQLSTATE; each appears with the first of them",
            Label.ROUTE, Label.TARGET, Label.closed("class", SqlStateClasses.LABELS)),
    PG_QUERIES(Type.COUNTER, "turnout_pg_queries_total", "Queries that ended, in whatever way", Label.ROUTE, Label.TARGET),
    PG_SERVER_CONNECTIONS(Type.GAUGE, "turnout_pg_server_connections", "Connections to servers, by what they do",
            Label.ROUTE, Label.TARGET, Label.closed("state", SessionMeters.STATES)),
    PG_SERVER_TIME(Type.HISTOGRAM, "turnout_pg_server_seconds",
            "For how long a server was at work, from the first message to ReadyForQuery; a side appears with its first",
            Label.ROUTE, Label.TARGET),
    PG_SESSION_FAILURES(Type.COUNTER, "turnout_pg_session_failures_total",
            "Sessions that the proxy refused or ended, by its reason code; each appears with the first of them",
            Label.ROUTE, Label.closed("reason", reasons())),
    PG_SESSIONS(Type.GAUGE, "turnout_pg_sessions", "Open sessions, by what moving them to the other side would take",
            Label.ROUTE, Label.TARGET, Label.closed("class", SessionMeters.CLASSES)),
    PG_TLS_HANDSHAKES(Type.COUNTER, "turnout_pg_tls_handshakes_total", "Clients that agreed on TLS", Label.ROUTE),
    PG_TRANSACTIONS(Type.COUNTER, "turnout_pg_transactions_total", "Transactions that ended, those of a single statement too",
            Label.ROUTE, Label.TARGET, Label.closed("outcome", "committed", "rolled_back")),
    RELOADS(Type.COUNTER, "turnout_reloads_total",
            "Reloads of the configuration file: invalid changed nothing, as the file is wrong; failed changed nothing, as what it asks for cannot be had",
            Label.closed("result", "applied", "invalid", "failed")),
    REQUEST_DURATION(Type.HISTOGRAM, "turnout_request_duration_seconds",
            "From the whole head of a request to the last byte of its answer; a side appears with its first request", Label.ROUTE, Label.TARGET),
    REQUESTS(Type.COUNTER, "turnout_requests_total",
            "Requests that ended, by the class of their status or by the proxy's reason code; a reason code appears with the first of them",
            Label.ROUTE, Label.closed("target", "blue", "green", "none"), new Label("outcome", outcomes(), "")),
    RETRIES(Type.COUNTER, "turnout_retries_total", "Requests that were sent once more, to another endpoint or on a fresh connection",
            Label.ROUTE, Label.TARGET),
    SPILLED(Type.COUNTER, "turnout_spilled_total", "Requests, and sessions of PostgreSQL, that the other side, without a healthy endpoint, left to this one",
            Label.ROUTE, Label.TARGET),
    SPLIT_RATIO(Type.GAUGE, "turnout_split_ratio", "The side's share of the traffic that the weight decides, 0 to 1", Label.ROUTE, Label.TARGET),
    TUNNELS(Type.GAUGE, "turnout_tunnels", "Open connections that were upgraded to another protocol", Label.ROUTE, Label.TARGET);
    // @formatter:on

    /** What may be done with its values. */
    enum Type {
        /** Only rises, from 0 at the start. */
        COUNTER,
        /** Rises and falls. */
        GAUGE,
        /** Counts by size. */
        HISTOGRAM,
        /** Always 1; its labels tell something. */
        INFO;

        /** As the page of metrics calls it. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** In place of a side, for what ended before one was chosen. */
    static final String NO_TARGET = "none";

    private final Type type;
    private final String fullName;
    private final String help;
    private final List<Label> labels;
    private final String[] labelNames;

    Meter(Type type, String fullName, String help, Label... labels) {
        this.type = type;
        this.fullName = fullName;
        this.help = help;
        this.labels = List.of(labels);
        labelNames = this.labels.stream().map(Label::name).toArray(String[]::new);
    }

    private static List<String> outcomes() {
        return Outcome.values().stream().map(Outcome::label).toList();
    }

    private static List<String> reasons() {
        return Arrays.stream(SessionFailure.values()).map(SessionFailure::code).toList();
    }

    Type type() {
        return type;
    }

    /** As Prometheus sees it. */
    String fullName() {
        return fullName;
    }

    /** Without what Prometheus' own classes put behind it. */
    String baseName() {
        return switch (type) {
            case COUNTER -> without("_total");
            case INFO -> without("_info");
            case GAUGE, HISTOGRAM -> fullName;
        };
    }

    private String without(String suffix) {
        return fullName.substring(0, fullName.length() - suffix.length());
    }

    String help() {
        return help;
    }

    List<Label> labels() {
        return labels;
    }

    /** Of the labels; borrowed. */
    String[] labelNames() {
        return labelNames;
    }
}
