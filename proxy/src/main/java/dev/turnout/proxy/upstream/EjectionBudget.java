package dev.turnout.proxy.upstream;

import dev.turnout.config.Share;
import java.util.List;

/**
 * How many endpoints of a side may be out at once. Pure; used under the lock of an {@link EndpointSet}.
 *
 * @param atMost of those that would be there if the traffic had taught nothing
 */
record EjectionBudget(Share atMost) {
    /** Whether one of {@code all} may go too. */
    boolean allows(EndpointCondition next, List<Endpoint> all) {
        long others = all.stream().map(Endpoint::state).filter(EndpointCondition::ejected)
                .filter(other -> other != next).count();
        return next.active() && others < most(all);
    }

    /** Who has to come back, since others have left or fewer may be out: the first to be tried anyway. */
    List<Endpoint> excess(List<Endpoint> all) {
        List<Endpoint> ejected = all.stream().filter(endpoint -> endpoint.state().ejected()).toList();
        return ejected.stream()
                .sorted((one, other) -> Long.signum(one.state().ejection.nextTryNanos()
                        - other.state().ejection.nextTryNanos()))
                .limit(Math.max(0, ejected.size() - most(all)))
                .toList();
    }

    private long most(List<Endpoint> all) {
        long active = all.stream().filter(endpoint -> endpoint.state().active()).count();
        return active * atMost.ppm() / Share.WHOLE_PPM;
    }
}
