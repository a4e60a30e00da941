package dev.turnout.proxy.upstream;

import dev.turnout.config.Target;

/** Hears when an endpoint is lost, ejected or back, and when a name has moved. */
@FunctionalInterface
public interface EndpointEvents {
    /**
     * Called on any thread, event loops too, under no lock of the endpoints: must neither block nor throw. Changes that
     * follow closely on each other may arrive in another order.
     *
     * @param sentence without route and time, as {@code blue 10.0.0.2:8080 lost: connection refused}
     */
    void happened(String route, Target target, String sentence);
}
