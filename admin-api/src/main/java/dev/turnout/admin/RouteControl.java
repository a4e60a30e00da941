package dev.turnout.admin;

import dev.turnout.config.EndpointState;
import dev.turnout.config.Share;
import java.util.List;
import java.util.Optional;

/** Where traffic goes, and the one way to change it. Any thread; changes block until they are on disk. */
public interface RouteControl {
    /** Every route, in the order of their names. */
    List<RouteView> routes();

    Optional<RouteView> route(String name);

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
}
