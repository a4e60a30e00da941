package dev.turnout.admin;

import dev.turnout.config.DataKind;
import dev.turnout.config.EndpointState;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One route as it stands.
 *
 * @param listen the address that it is bound to
 * @param version of the last change to this route; rises with every change anywhere
 * @param targets both sides
 * @param data what the databases of the sides are to each other; empty for a route that does not speak PostgreSQL
 */
public record RouteView(
        String name,
        String protocol,
        String listen,
        long version,
        Split split,
        Map<Target, TargetView> targets,
        Optional<DataKind> data) {
    /**
     * The weight, and where it comes from.
     *
     * @param green the share in effect
     * @param file the share in the configuration file
     * @param runtime the share that an operator set over it, if any
     * @param reason why the operator set it, if said
     * @param fileThen the share of the file when the operator set another over it, where the file has changed since
     * @param drained the side that gets nothing, since an operator drained it
     * @param cohort what tells users apart, {@code cookie uid}; empty: nothing
     * @param hidden why the runtime share is not in force, since the file has come to forbid it; empty: it is in force, if
     *     there is one
     */
    public record Split(
            Share green,
            Share file,
            Optional<Share> runtime,
            Optional<String> reason,
            Optional<Share> fileThen,
            Optional<Target> drained,
            String salt,
            Optional<String> cohort,
            Optional<String> hidden) {}

    /**
     * One side.
     *
     * @param endpoints in the order of the file, then those that an operator added, by address
     * @param removed what the file has, but an operator took away
     * @param inFlight requests that wait for an answer now; of PostgreSQL, server connections at work
     * @param requests answered since the start, whatever the outcome; of PostgreSQL, spans from the first message to
     *     ReadyForQuery
     * @param failures of those, the ones that the side failed to answer: no connection, a reset, or an answer that is not HTTP;
     *     of PostgreSQL, an error of class 08, 53, 57, 58 or XX
     * @param tunnels open connections that were upgraded to another protocol
     * @param recent the last while
     * @param sessions empty for a route that does not speak PostgreSQL
     */
    public record TargetView(
            List<EndpointView> endpoints,
            List<RemovedView> removed,
            long inFlight,
            long requests,
            long failures,
            long tunnels,
            Recent recent,
            Optional<SessionsView> sessions) {
        public TargetView {
            endpoints = List.copyOf(endpoints);
            removed = List.copyOf(removed);
        }
    }

    /**
     * The PostgreSQL sessions of a side.
     *
     * @param open now
     * @param pinned of those, the ones that cannot be moved
     * @param active server connections at work now
     * @param inTransaction server connections that wait within a transaction for their client, failed ones too
     * @param transactions that ended since the start
     * @param errors that servers answered since the start, whatever their class
     */
    public record SessionsView(
            long open,
            long pinned,
            long active,
            long inTransaction,
            long transactions,
            long errors) {}

    /**
     * What a side answered lately.
     *
     * @param over how long that was; shorter than asked for when the proxy has not run as long
     * @param requests that ended
     * @param errors of those, the ones with a status of 5xx, or that the side failed to answer; of PostgreSQL, the
     *     failures
     * @param sharePercent of the requests of both sides; empty when there were none
     * @param p50Seconds from the whole head of a request to the last byte of its answer; empty when there were none
     * @param p99Seconds likewise
     */
    public record Recent(
            Duration over,
            long requests,
            long errors,
            OptionalDouble sharePercent,
            OptionalDouble p50Seconds,
            OptionalDouble p99Seconds) {
        /** Of the requests, in percent; 0 when there were none. */
        public double errorPercent() {
            return requests == 0 ? 0 : 100.0 * errors / requests;
        }
    }

    /**
     * One address of a side.
     *
     * @param healthy whether checks and requests find it well
     * @param inFlight requests that wait for its answer now
     * @param reason why an operator set what the file has not, if said
     */
    public record EndpointView(
            String address,
            EndpointState state,
            boolean healthy,
            long inFlight,
            Origin origin,
            Optional<String> reason) {}

    /**
     * An address of the file that an operator took away.
     *
     * @param reason why, if said
     */
    public record RemovedView(String address, Optional<String> reason) {}

    /** Who put an endpoint there. */
    public enum Origin {
        FILE, RUNTIME;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The name in the API: {@code file} or {@code runtime}. */
        public String label() {
            return label;
        }
    }
}
