package dev.turnout.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.config.Address;
import dev.turnout.config.EndpointState;
import dev.turnout.config.Target;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code turnout endpoint}: adds, drains, activates or removes one endpoint of a side. */
// @formatter:off
@CommandLine.Command(name = "endpoint",
        description = {"Adds, drains, activates or removes one endpoint of a side.",
            "A drained endpoint gets no new requests; those under way end, and it is still watched. A removed one is"
                    + " forgotten. Either holds over the file and survives a restart of the proxy; a side always keeps"
                    + " one active endpoint."},
        footer = {"", "Examples:",
            "  turnout endpoint shop blue drain 10.0.0.2:8080 --reason \"kernel update\"",
            "  turnout endpoint shop blue activate 10.0.0.2:8080",
            "  turnout endpoint shop blue add 10.0.0.3:8080",
            "  turnout endpoint shop blue remove '[fd00::7]:8080' --if-version 7"})
// @formatter:on
public final class EndpointCommand implements Command {
    private enum Action {
        ADD, DRAIN, ACTIVATE, REMOVE;

        /** As it is typed. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Spec
    private CommandSpec spec;
    @Mixin
    private AdminOptions options;
    @Mixin
    private ChangeOptions change;
    // @formatter:off
    @Parameters(index = "1", paramLabel = "SIDE", converter = SideConverter.class,
            completionCandidates = SideConverter.Sides.class, description = "blue or green.")
    private Target side;
    @Parameters(index = "2", paramLabel = "ACTION", description = "add, drain, activate or remove.")
    private Action action;
    @Parameters(index = "3", paramLabel = "ADDRESS", description = "host:port, IPv6 in brackets.")
    private String address;
    // @formatter:on

    @Override
    public Integer call() {
        String route = "/routes/" + change.route();
        Address endpoint = endpoint();
        try (AdminClient admin = options.connect()) {
            JsonNode before = admin.get(route);
            if (action == Action.ACTIVATE) {
                requireKnown(before, endpoint); // the API would add it, and so a slip of the pen
            }
            JsonNode after = change(admin, route, endpoint);
            options.print(spec, after, _ -> sentence(before, after, endpoint));
        }
        return ExitCode.DONE;
    }

    private Address endpoint() {
        try {
            return Address.parseEndpoint(address);
        } catch (IllegalArgumentException e) {
            throw change.usage("ADDRESS: " + address + " (expected: " + Address.ALLOWED_ENDPOINT + ")");
        }
    }

    private JsonNode change(AdminClient admin, String route, Address endpoint) {
        String path = route + "/targets/" + side.label() + "/endpoints/" + Query.encoded(endpoint.toString());
        return switch (action) {
            case ADD, ACTIVATE -> admin.put(path, body(EndpointState.ACTIVE), change.ifVersion());
            case DRAIN -> admin.put(path, body(EndpointState.DRAINED), change.ifVersion());
            case REMOVE -> admin.delete(
                    path + change.reason().map(reason -> new Query().with("reason", reason).toString())
                            .orElse(""),
                    change.ifVersion());
        };
    }

    private ObjectNode body(EndpointState state) {
        return change.withReason(JsonNodeFactory.instance.objectNode().put("state", state.label()));
    }

    private void requireKnown(JsonNode route, Address endpoint) {
        if (find(route, endpoint).isEmpty()) {
            String known = endpoints(route).valueStream()
                    .map(view -> Table.printable(view.path("address").asText()))
                    .collect(Collectors.joining(", "));
            throw new OperatorException(ExitCode.FAILED, "endpoint: " + endpoint + " of " + side.label()
                    + " (expected: one of " + known + "; add makes a new one)");
        }
    }

    private JsonNode endpoints(JsonNode route) {
        return route.path("targets").path(side.label()).path("endpoints");
    }

    private Optional<JsonNode> find(JsonNode route, Address endpoint) {
        return endpoints(route).valueStream()
                .filter(view -> view.path("address").asText().equals(endpoint.toString()))
                .findFirst();
    }

    private String sentence(JsonNode before, JsonNode after, Address endpoint) {
        long version = after.path("version").asLong();
        String was = state(before, endpoint).orElse("not there");
        String is = state(after, endpoint).orElse("removed");
        String what = version == before.path("version").asLong()
                ? "already " + is + ", nothing was changed"
                : is + " (was: " + was + "), " + find(after, endpoint)
                        .map(view -> view.path("inFlight").asLong() + " in flight")
                        .orElse("requests under way end");
        return change.route() + " " + side.label() + " " + endpoint + ": " + what + ", version " + version;
    }

    private Optional<String> state(JsonNode route, Address endpoint) {
        return find(route, endpoint).map(view -> Table.printable(view.path("state").asText()));
    }
}
