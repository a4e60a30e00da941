package dev.turnout.proxy.upstream;

import java.util.List;

/**
 * The endpoints of one side in turn, the ones that could not be reached last. Confined to one event loop; two loops turn
 * independently.
 */
public final class Rotation {
    private final List<Endpoint> endpoints;
    private int next;

    /** @param endpoints at least one */
    public Rotation(List<Endpoint> endpoints) {
        this.endpoints = List.copyOf(endpoints);
    }

    /** How many there are to try. */
    public int size() {
        return endpoints.size();
    }

    /**
     * The next one that was reachable when it was last tried, or that has not been tried for a while; or the next one,
     * when there is none such.
     */
    public Endpoint next() {
        for (int tried = 0; tried < endpoints.size(); tried++) {
            Endpoint endpoint = turn();
            if (endpoint.worthTrying()) {
                return endpoint;
            }
        }
        return turn();
    }

    private Endpoint turn() {
        Endpoint endpoint = endpoints.get(next);
        next = next + 1 == endpoints.size() ? 0 : next + 1;
        return endpoint;
    }
}
