package dev.turnout.proxy.control;

import dev.turnout.admin.RouteView.Recent;
import dev.turnout.admin.SessionView;
import dev.turnout.config.Address;
import dev.turnout.config.EndpointState;
import dev.turnout.config.Target;
import dev.turnout.proxy.metrics.SideSessions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The traffic that obeys, and how it looks now. What changes it is called by one thread at a time; nothing may block. */
public interface Traffic {
    /**
     * One running route.
     *
     * @param listen the address that it is bound to
     * @param targets both sides
     */
    record Live(String listen, Map<Target, LiveSide> targets) {}

    /**
     * One side.
     *
     * @param endpoints those that traffic knows; one that was just added may not be among them yet
     * @param inFlight requests that wait for an answer now; of PostgreSQL, server connections at work
     * @param requests answered since the start, whatever the outcome
     * @param failures of those, the ones that the side failed to answer
     * @param tunnels open connections that were upgraded to another protocol
     * @param sessions empty for a route that does not speak PostgreSQL
     */
    record LiveSide(
            Map<Address, LiveEndpoint> endpoints,
            long inFlight,
            long requests,
            long failures,
            long tunnels,
            Recent recent,
            Optional<SideSessions> sessions) {
        /** Of a route that speaks HTTP. */
        public LiveSide(Map<Address, LiveEndpoint> endpoints, long inFlight, long requests, long failures,
                long tunnels, Recent recent) {
            this(endpoints, inFlight, requests, failures, tunnels, recent, Optional.empty());
        }

        boolean isHealthy() {
            return endpoints.values().stream().anyMatch(LiveEndpoint::usable);
        }
    }

    /**
     * One endpoint.
     *
     * @param healthy whether checks and requests find it well
     * @param drained whether it gets no new requests
     * @param inFlight requests that wait for its answer now
     */
    record LiveEndpoint(boolean healthy, boolean drained, long inFlight) {
        static final LiveEndpoint UNSEEN = new LiveEndpoint(true, false, 0);

        boolean usable() {
            return healthy && !drained;
        }
    }

    /**
     * From now on the side has these endpoints and no others. Called at the start for every route and side, then after
     * each change.
     *
     * @param endpoints in a stable order; immutable. At least one is active, unless the file changed under what
     *     operators decided
     */
    void apply(String route, Target target, Map<Address, EndpointState> endpoints);

    /**
     * The upgraded connections of the side are closed, one after the other, spread over {@code window}, and so are its
     * PostgreSQL sessions, between their requests. Completes when every request that was decided before this call is
     * counted as in flight, and every session as open.
     */
    CompletableFuture<Void> retire(String route, Target target, Duration window);

    /** Those that are not closed yet stay. */
    void keep(String route, Target target);

    /** The PostgreSQL sessions of a route that are open now, in no order. Any thread; blocks for a moment. */
    List<SessionView> sessions(String route);

    /**
     * How a route looks now. Any thread.
     *
     * @param window what {@link LiveSide#recent} covers
     */
    Live of(String route, Duration window);
}
