package dev.turnout.admin;

import dev.turnout.config.EndpointState;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One route as it stands.
 *
 * @param listen the address that it is bound to
 * @param version of the last change to this route; rises with every change anywhere
 * @param targets both sides
 */
public record RouteView(
        String name,
        String protocol,
        String listen,
        long version,
        Split split,
        Map<Target, TargetView> targets) {
    /**
     * The weight, and where it comes from.
     *
     * @param green the share in effect
     * @param file the share in the configuration file
     * @param runtime the share that an operator set over it, if any
     * @param reason why the operator set it, if said
     * @param cohort what tells users apart, {@code cookie uid}; empty: nothing
     */
    public record Split(
            Share green,
            Share file,
            Optional<Share> runtime,
            Optional<String> reason,
            String salt,
            Optional<String> cohort) {}

    /**
     * One side.
     *
     * @param endpoints in the order of the file, then those that an operator added, by address
     * @param removed what the file has, but an operator took away
     * @param inFlight requests that wait for an answer now
     * @param requests answered since the start, whatever the outcome
     * @param failures of those, the ones that the side failed to answer: no connection, a reset, or an answer that is not HTTP
     */
    public record TargetView(
            List<EndpointView> endpoints,
            List<RemovedView> removed,
            long inFlight,
            long requests,
            long failures) {
        public TargetView {
            endpoints = List.copyOf(endpoints);
            removed = List.copyOf(removed);
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
