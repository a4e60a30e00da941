package dev.turnout.admin.http;

import dev.turnout.admin.EndpointKey;
import dev.turnout.admin.RouteControl;
import dev.turnout.admin.http.Problem.Kind;
import dev.turnout.config.Address;
import dev.turnout.config.Target;
import java.util.Arrays;

/** Adding, draining, activating and removing one endpoint. */
final class EndpointOperations {
    private final RouteControl routes;

    EndpointOperations(RouteControl routes) {
        this.routes = routes;
    }

    Answer set(Call call) {
        Query.of(call);
        Changes.refuseUnsupported(call);
        Changes.requireJson(call);
        EndpointRequest request = EndpointRequest.parse(call.body());
        return Results.answer(
                routes.setEndpoint(endpoint(call), request.state(), Changes.context(call, request.reason())));
    }

    Answer remove(Call call) {
        Query query = Query.of(call, "reason");
        Changes.refuseUnsupported(call);
        Changes.refuseBody(call, "the reason goes into the query");
        return Results.answer(routes.removeEndpoint(endpoint(call),
                Changes.context(call, Reason.of(query.all("reason")))));
    }

    private static EndpointKey endpoint(Call call) {
        return new EndpointKey(call.route(), target(call.path("target")), address(call.path("address")));
    }

    private static Target target(String label) {
        return Arrays.stream(Target.values())
                .filter(target -> target.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new Problem(Kind.UNKNOWN_TARGET,
                        "target: " + Problem.shortened(label) + " (expected: blue or green)").raised());
    }

    private static Address address(String text) {
        try {
            return Address.parseEndpoint(text);
        } catch (IllegalArgumentException e) { // its message may be as long as the text
            throw new Problem(Kind.BAD_REQUEST,
                    "address: " + Problem.shortened(text) + " (expected: " + Address.ALLOWED_ENDPOINT + ")")
                    .raised();
        }
    }
}
