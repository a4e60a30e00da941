package dev.turnout.admin;

import dev.turnout.config.EndpointState;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where traffic goes, and the one way to change it. Any thread; changes block until they are on disk. */
public interface RouteControl {
    /**
     * Every route, in the order of their names.
     *
     * @param window what {@link RouteView.Recent} covers; 10 seconds to 10 minutes
     */
    List<RouteView> routes(Duration window);

    /** One route; empty: there is none of this name. */
    Optional<RouteView> route(String name, Duration window);

    /** Sets green's share over what the file says. Applied means: on disk, and decides every request from now on. */
    ChangeResult setSplit(String route, Share green, ChangeContext context);

    /** Drops what was set at run time: back to the file. */
    ChangeResult resetSplit(String route, ChangeContext context);

    /**
     * Has an endpoint get requests, or no new ones. Active adds an address that the side does not have; drained is
     * refused for it, and for the last active one.
     */
    ChangeResult setEndpoint(EndpointKey endpoint, EndpointState state, ChangeContext context);

    /** Takes an endpoint from its side, also when the file has it; refused for the last active one. */
    ChangeResult removeEndpoint(EndpointKey endpoint, ChangeContext context);

    /**
     * Sends everything to the other side, and waits until nothing of this one is under way; it stays drained until
     * the split is set or reset.
     *
     * @param timeout also the time over which upgraded connections are closed, one after the other
     */
    DrainResult drain(String route, Target target, Duration timeout, ChangeContext context)
            throws InterruptedException;

    /**
     * The sessions of a PostgreSQL route that are open now, the oldest first. Throws IllegalArgumentException for a
     * route that speaks another protocol; empty: there is no such route.
     */
    Optional<List<SessionView>> sessions(String route);

    /** Where such a request would go now; empty: there is no such route. */
    Optional<Explanation> explain(String route, SampleRequest request);
}
