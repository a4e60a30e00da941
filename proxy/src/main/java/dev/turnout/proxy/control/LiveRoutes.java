package dev.turnout.proxy.control;

import dev.turnout.config.Address;
import dev.turnout.config.Target;
import java.util.Map;

/** What the running routes look like now, for those who ask. Any thread. */
@FunctionalInterface
public interface LiveRoutes {
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
     * @param inFlight requests that wait for an answer now
     * @param requests answered since the start, whatever the outcome
     * @param failures of those, the ones that the side failed to answer
     */
    record LiveSide(Map<Address, LiveEndpoint> endpoints, long inFlight, long requests, long failures) {}

    /**
     * One endpoint.
     *
     * @param healthy whether checks and requests find it well
     * @param inFlight requests that wait for its answer now
     */
    record LiveEndpoint(boolean healthy, long inFlight) {
        static final LiveEndpoint UNSEEN = new LiveEndpoint(true, 0);
    }

    Live of(String route);
}
