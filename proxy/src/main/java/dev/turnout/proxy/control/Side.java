package dev.turnout.proxy.control;

import dev.turnout.config.Address;
import dev.turnout.config.EndpointState;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.Target;
import dev.turnout.proxy.control.EndpointOverride.Value;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The endpoints of one side: what the file has, and what operators made of it. Immutable. */
final class Side {
    private final List<Address> file;
    /** By address, so that the order does not depend on who came first. */
    private final TreeMap<Address, EndpointOverride> overrides = new TreeMap<>();
    private final Map<Address, EndpointState> endpoints = new LinkedHashMap<>();

    Side(RouteConfig config, Target target, RuntimeLayer runtime) {
        file = config.endpoints(target);
        runtime.endpoints().forEach((key, override) -> {
            if (key.target() == target) {
                overrides.put(key.address(), override);
            }
        });
        file.forEach(address -> endpoints.put(address, EndpointState.ACTIVE));
        overrides.forEach((address, override) -> {
            switch (override.value()) {
                case ACTIVE -> endpoints.put(address, EndpointState.ACTIVE);
                case DRAINED -> endpoints.put(address, EndpointState.DRAINED);
                case REMOVED -> endpoints.remove(address);
                case FILE -> throw new IllegalStateException(
                        "override: " + override + " (expected: one that differs from the file)");
            }
        });
    }

    /** In the order of the file, then the added ones by address. */
    Map<Address, EndpointState> endpoints() {
        return Collections.unmodifiableMap(endpoints);
    }

    Optional<EndpointState> state(Address address) {
        return Optional.ofNullable(endpoints.get(address));
    }

    boolean isInFile(Address address) {
        return file.contains(address);
    }

    boolean hasActive() {
        return endpoints.containsValue(EndpointState.ACTIVE);
    }

    boolean isLastActive(Address address) {
        return endpoints.get(address) == EndpointState.ACTIVE
                && Collections.frequency(endpoints.values(), EndpointState.ACTIVE) == 1;
    }

    /** What has to be decided over the file to have the endpoint in this state. */
    Value toHave(Address address, EndpointState state) {
        return isInFile(address) && state == EndpointState.ACTIVE ? Value.FILE : Value.of(state);
    }

    /** What has to be decided over the file to be without the endpoint. */
    Value toLack(Address address) {
        return isInFile(address) ? Value.REMOVED : Value.FILE;
    }

    Optional<EndpointOverride> override(Address address) {
        return Optional.ofNullable(overrides.get(address));
    }

    /** What the file has and the side has not, in the order of the file. */
    List<Address> removed() {
        return file.stream().filter(address -> !endpoints.containsKey(address)).toList();
    }
}
