package dev.turnout.proxy.upstream;

import dev.turnout.config.Address;
import dev.turnout.proxy.upstream.dns.Names.Following;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One configured address of a side, and the endpoints that it stands for. Guarded by the lock of its {@link EndpointSet}. */
final class Configured {
    final Address address;
    /** Whether it was there when the side began: its first addresses need prove nothing. */
    final boolean fromStart;
    boolean drained;
    boolean answered;
    @Nullable
    Following following;
    List<Endpoint> endpoints = List.of();
    /** Removed ones that still have requests under way. */
    private final List<Endpoint> leaving = new ArrayList<>();

    Configured(Address address, boolean fromStart, boolean drained) {
        this.address = address;
        this.fromStart = fromStart;
        this.drained = drained;
    }

    void leaves(Endpoint endpoint) {
        leaving.removeIf(gone -> gone.inFlight() == 0);
        leaving.add(endpoint);
    }

    @Nullable
    Endpoint at(InetAddress ip) {
        for (Endpoint endpoint : endpoints) {
            if (endpoint.socketAddress().getAddress().equals(ip)) {
                return endpoint;
            }
        }
        return null;
    }

    EndpointView view() {
        long inFlight = endpoints.stream().mapToLong(Endpoint::inFlight).sum()
                + leaving.stream().mapToLong(Endpoint::inFlight).sum();
        return new EndpointView(address, endpoints.stream().anyMatch(Endpoint::healthy), drained, inFlight,
                endpoints.stream().map(endpoint -> endpoint.socketAddress().getAddress()).toList(),
                lastCheck());
    }

    private String lastCheck() {
        return endpoints.stream().map(Endpoint::state)
                .sorted((one, other) -> Boolean.compare(one.verdict.passed(), other.verdict.passed()))
                .map(state -> state.lastCheck)
                .findFirst()
                .orElse("");
    }
}
