package dev.turnout.config;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Endpoints that are where a route of this file listens: requests would go round in a circle. */
final class Circles {
    private static final String ANY_IPV4 = "0.0.0.0";
    private static final String ANY_IPV6 = "::";

    private final Problems problems;
    private final Map<Address, Spot> listens = new HashMap<>();
    private final List<Endpoint> endpoints = new ArrayList<>();

    Circles(Problems problems) {
        this.problems = problems;
    }

    private record Endpoint(Spot spot, Address address) {}

    /** The listeners that would take connections to this address, as far as addresses alone say. */
    static Stream<Address> takers(Address endpoint) {
        Address address = endpoint.canonical();
        return Stream.concat(Stream.of(address.host()), wildcards(address).stream())
                .map(host -> new Address(host, address.port()));
    }

    private static List<String> wildcards(Address address) {
        if (address.host().equals("localhost")) {
            return List.of(ANY_IPV4, ANY_IPV6);
        } else if (!Listeners.isLiteral(address)) {
            return List.of();
        }
        InetAddress literal = InetAddress.ofLiteral(address.host());
        // Connecting to a wildcard reaches this machine as loopback does.
        if (!literal.isLoopbackAddress() && !literal.isAnyLocalAddress()) {
            return List.of();
        }
        return literal instanceof Inet4Address ? List.of(ANY_IPV4, ANY_IPV6) : List.of(ANY_IPV6);
    }

    /** A route listens there. */
    void listens(Spot spot, Address address) {
        listens.putIfAbsent(address.canonical(), spot);
    }

    void endpoint(Spot spot, Address address) {
        endpoints.add(new Endpoint(spot, address));
    }

    void report() {
        for (Endpoint endpoint : endpoints) {
            Optional<Spot> taker = takers(endpoint.address())
                    .flatMap(address -> Stream.ofNullable(listens.get(address)))
                    .findFirst();
            taker.ifPresent(listen -> problems.error(endpoint.spot(),
                    Shown.found(endpoint.spot()) + ", where " + listen.path() + " in " + listen.place()
                            + " listens with " + Shown.found(listen)
                            + ", which would send requests round in a circle",
                    "an address where no route listens"));
        }
    }
}
