package dev.turnout.admin.http;

import dev.turnout.admin.ChangeContext;
import dev.turnout.admin.ChangeResult;
import dev.turnout.admin.EndpointKey;
import dev.turnout.admin.RouteView;
import dev.turnout.admin.http.Problem.Kind;
import dev.turnout.admin.security.Principal;
import dev.turnout.config.Address;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What every change of a route has in common: what it may carry, and how its result becomes an answer. */
final class Changes {
    /** Would promise something that this version does not do: refused, since ignoring them could hurt. */
    private static final List<String> UNSUPPORTED = List.of("Idempotency-Key", "If-None-Match",
            "If-Unmodified-Since");

    private Changes() {}

    static void refuseUnsupported(Call call) {
        for (String header : UNSUPPORTED) {
            if (call.headers().contains(header)) {
                throw new Problem(Kind.UNSUPPORTED_HEADER, header
                        + ": not supported by this version (expected: no such header; If-Match makes a repeated change"
                        + " safe); nothing was changed").raised();
            }
        }
    }

    /** By the headers: what Vert.x takes for a form it does not hand over as a body. */
    static void refuseBody(Call call, String why) {
        String length = Optional.ofNullable(call.headers().get("Content-Length")).orElse("0");
        if (!length.equals("0") || call.headers().contains("Transfer-Encoding")) {
            throw new Problem(Kind.BAD_REQUEST, "body: present (expected: none, " + why + ")").raised();
        }
    }

    static ChangeContext context(Call call, Optional<String> reason) {
        String actor = call.principal().map(Principal::name).orElseThrow();
        return new ChangeContext(actor, reason, IfMatch.of(call.headers().getAll("If-Match")));
    }

    static void requireJson(Call call) {
        String type = Optional.ofNullable(call.headers().get("Content-Type")).orElse("missing");
        if (!type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
            throw new Problem(Kind.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Type: " + type + " (expected: application/json)")
                    .raised();
        }
    }

    static Answer answer(ChangeResult result) {
        return switch (result) {
            case ChangeResult.Applied(RouteView route) -> answer(route);
            case ChangeResult.UnknownRoute(String name, List<String> known) -> throw unknown(name, known);
            case ChangeResult.Stale(long expected, long current) -> throw new Problem(Kind.STALE_VERSION,
                    "version " + expected + " was asked for (If-Match), but the route is at version "
                            + current
                            + " (expected: the current one); nothing was changed: read the route again and decide anew")
                    .raised();
            case ChangeResult.UnknownEndpoint(EndpointKey endpoint, List<Address> known) ->
                throw unknown(endpoint,
                        known);
            case ChangeResult.Circle(EndpointKey endpoint, String listening) -> throw new Problem(
                    Kind.BAD_REQUEST,
                    "address: " + endpoint.address() + ", where route " + listening
                            + " listens, which would send requests round in a circle (expected: an address where no"
                            + " route listens)")
                    .raised();
            case ChangeResult.LastEndpoint(EndpointKey endpoint) -> throw last(endpoint);
            case ChangeResult.NotDurable(String detail) -> throw new Problem(Kind.NOT_DURABLE,
                    "nothing was changed, because the change could not be made durable: " + detail).raised();
        };
    }

    static Answer answer(RouteView route) {
        return new Answer(200, Answer.JSON, Json.bytes(RouteJson.of(route)),
                Map.of("ETag", RouteJson.etag(route.version())));
    }

    static ProblemException unknown(String name, List<String> known) {
        return new Problem(Kind.UNKNOWN_ROUTE,
                "route: " + name + " (expected: one of " + String.join(", ", known) + ")")
                .raised();
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
