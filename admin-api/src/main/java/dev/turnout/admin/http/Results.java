package dev.turnout.admin.http;

import dev.turnout.admin.ChangeResult;
import dev.turnout.admin.EndpointKey;
import dev.turnout.admin.RouteView;
import dev.turnout.admin.http.Problem.Kind;
import dev.turnout.config.Address;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How the result of a change becomes an answer. */
final class Results {
    private static final Map<String, String> REPLAYED = Map.of("Idempotency-Replayed", "true");

    private Results() {}

    static Answer answer(ChangeResult result) {
        return switch (result) {
            case ChangeResult.Applied(RouteView route, boolean replayed) ->
                replayed ? answer(route).with(REPLAYED) : answer(route);
            case ChangeResult.UnknownRoute(String name, List<String> known) -> throw unknown(name, known);
            case ChangeResult.Stale(long expected, long current) -> throw new Problem(Kind.STALE_VERSION,
                    "version " + expected + " was asked for (If-Match), but the route is at version "
                            + current
                            + " (expected: the current one); nothing was changed: read the route again and decide anew")
                    .raised();
            case ChangeResult.KeyReused(String key) -> throw reused(key);
            case ChangeResult.UnknownEndpoint(EndpointKey endpoint, List<Address> known) ->
                throw unknown(endpoint, known);
            case ChangeResult.Circle(EndpointKey endpoint, String listening) -> throw new Problem(
                    Kind.BAD_REQUEST,
                    "address: " + endpoint.address() + ", where route " + listening
                            + " listens, which would send requests round in a circle (expected: an address where no"
                            + " route listens)")
                    .raised();
            case ChangeResult.LastEndpoint(EndpointKey endpoint) -> throw last(endpoint);
            case ChangeResult.OneWriter(String why) ->
                throw new Problem(Kind.ONE_WRITER, why + "; nothing was changed").raised();
            case ChangeResult.NotDurable(String detail) -> throw new Problem(Kind.NOT_DURABLE,
                    "nothing was changed, because the change could not be made durable: " + detail).raised();
        };
    }

    static Answer answer(RouteView route) {
        return Answer.json(RouteJson.of(route)).with(Map.of("ETag", RouteJson.etag(route.version())));
    }

    static ProblemException unknown(String name, List<String> known) {
        return new Problem(Kind.UNKNOWN_ROUTE,
                "route: " + name + " (expected: one of " + String.join(", ", known) + ")")
                .raised();
    }

    private static ProblemException reused(String key) {
        return new Problem(Kind.IDEMPOTENCY_KEY_REUSED, "Idempotency-Key: " + Problem.shortened(key)
                + " came with another request in the last 24 hours (expected: a key of its own for each change);"
                + " nothing was changed").raised();
    }

    private static ProblemException unknown(EndpointKey endpoint, List<Address> known) {
        return new Problem(Kind.UNKNOWN_ENDPOINT, "endpoint: " + endpoint.address() + " of "
                + endpoint.target().label() + " (expected: one of "
                + known.stream().map(Address::toString).collect(Collectors.joining(", ")) + ")").raised();
    }

    private static ProblemException last(EndpointKey endpoint) {
        return new Problem(Kind.LAST_ENDPOINT,
                "endpoint: " + endpoint.address() + " is the last active one of "
                        + endpoint.target().label()
                        + " (expected: another one beside it); nothing was changed: add or activate"
                        + " another endpoint first, or leave it and move the split to "
                        + endpoint.target().other().label())
                .raised();
    }
}
