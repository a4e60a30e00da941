package dev.turnout.proxy.routing;

/** The current snapshot, for those who decide by it. Any thread. */
@FunctionalInterface
public interface Snapshots {
    /** Read once per request; never call twice while serving the same request. */
    RoutingSnapshot current();
}
