package dev.turnout.admin;

import java.time.Duration;

/** What became of a side that was to be drained. */
public sealed interface DrainResult {
    /** The change itself was refused; nothing happened. */
    record Refused(ChangeResult why) implements DrainResult {}

    /**
     * Nothing of the side is under way any more.
     *
     * @param took since the change was in effect
     */
    record Drained(RouteView route, Duration took) implements DrainResult {}

    /**
     * Time is up. The side stays drained, and what is left goes on.
     *
     * @param requests that wait for an answer
     * @param tunnels open connections that were upgraded to another protocol
     * @param sessions of PostgreSQL that are open; 0 for a route that does not speak it
     */
    record TimedOut(RouteView route, long requests, long tunnels, long sessions) implements DrainResult {}

    /** Somebody changed the route meanwhile, and the side is not drained any more. */
    record Undone(RouteView route) implements DrainResult {}
}
