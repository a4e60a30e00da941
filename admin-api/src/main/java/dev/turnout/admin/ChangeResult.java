package dev.turnout.admin;

import java.util.List;

/** What became of a change that an operator asked for. */
public sealed interface ChangeResult {
    /** It is on disk and in effect. */
    record Applied(RouteView route) implements ChangeResult {}

    /** Nothing happened: there is no such route. */
    record UnknownRoute(String name, List<String> known) implements ChangeResult {}

    /** Nothing happened: someone else changed the route since the operator looked. */
    record Stale(long expected, long current) implements ChangeResult {}

    /** Nothing happened: the change could not be made durable. */
    record NotDurable(String detail) implements ChangeResult {}
}
