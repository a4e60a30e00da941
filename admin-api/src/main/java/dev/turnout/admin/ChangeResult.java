package dev.turnout.admin;

import dev.turnout.config.Address;
import java.util.List;

/** What became of a change that an operator asked for. */
public sealed interface ChangeResult {
    /**
     * It is on disk and in effect; or it was so before, and then the version is the one that it was.
     *
     * @param route as it stands now
     * @param replayed nothing happened this time: a request with this idempotency key was carried out before
     */
    record Applied(RouteView route, boolean replayed) implements ChangeResult {}

    /** Nothing happened: there is no such route. */
    record UnknownRoute(String name, List<String> known) implements ChangeResult {}

    /** Nothing happened: someone else changed the route since the operator looked. */
    record Stale(long expected, long current) implements ChangeResult {}

    /** Nothing happened: the same idempotency key came with another request before. */
    record KeyReused(String key) implements ChangeResult {}

    /** Nothing happened: the side does not have this endpoint. */
    record UnknownEndpoint(EndpointKey endpoint, List<Address> known) implements ChangeResult {
        public UnknownEndpoint {
            known = List.copyOf(known);
        }
    }

    /** Nothing happened: this route listens there, so requests would go round in a circle. */
    record Circle(EndpointKey endpoint, String listening) implements ChangeResult {}

    /** Nothing happened: the side would be left without an active endpoint. */
    record LastEndpoint(EndpointKey endpoint) implements ChangeResult {}

    /**
     * Nothing happened: both sides would be written to, while green is a replica of blue.
     *
     * @param why with what to do instead
     */
    record OneWriter(String why) implements ChangeResult {}

    /** Nothing happened: the change could not be made durable. */
    record NotDurable(String detail) implements ChangeResult {}
}
