package dev.turnout.proxy.control;

import dev.turnout.config.Address;
import dev.turnout.config.EndpointState;
import dev.turnout.config.Target;
import java.util.Map;

/** Where traffic learns which endpoints a side has. */
@FunctionalInterface
public interface EndpointSink {
    /**
     * From now on the side has these endpoints and no others. Called at the start for every route and side, then after
     * each change, by one thread at a time; must not block.
     *
     * @param endpoints in a stable order; immutable. At least one is active, unless the file changed under what
     *     operators decided
     */
    void apply(String route, Target target, Map<Address, EndpointState> endpoints);
}
