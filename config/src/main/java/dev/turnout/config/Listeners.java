package dev.turnout.config;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who listens where; two on one address are a problem. */
final class Listeners {
    private final Problems problems;
    private final List<Listener> all = new ArrayList<>();

    Listeners(Problems problems) {
        this.problems = problems;
    }

    private record Listener(Spot spot, Address address) {
        String shown() {
            return spot.isAbsent() ? address + ", the default" : Shown.found(spot);
        }

        boolean conflictsWith(Listener other) {
            String mine = address.host();
            String theirs = other.address.host();
            return mine.equals(theirs) || covers(mine, theirs) || covers(theirs, mine);
        }

        /** Whether the one is a wildcard that takes the other as well; the one of IPv6 takes IPv4 too. */
        private static boolean covers(String one, String other) {
            return one.equals("::") || (one.equals("0.0.0.0") && other.indexOf(':') < 0);
        }
    }

    void add(Spot spot, Address address) {
        if (address.port() != 0) {
            all.add(new Listener(spot, canonical(address)));
        }
    }

    /** One way of writing for each IP address: {@code ::}, not {@code 0:0::0}. */
    static Address canonical(Address address) {
        String host = address.host();
        if (host.indexOf(':') < 0) {
            return address;
        }
        InetAddress literal = InetAddress.ofLiteral(host);
        boolean wildcard = literal.isAnyLocalAddress() && !(literal instanceof Inet4Address);
        return new Address(wildcard ? "::" : literal.getHostAddress(), address.port());
    }

    /** Whether the host of an address that was read is an IP address and no name. */
    static boolean isLiteral(Address address) {
        return address.host().indexOf(':') >= 0 || address.host().matches("[0-9.]+");
    }

    /** Reports each listener that meets one before it, in the order of the file. */
    void reportConflicts() {
        Map<Integer, List<Listener>> byPort = new HashMap<>();
        all.sort(Comparator.comparing(listener -> listener.spot.place(), problems::compare));
        for (Listener listener : all) {
            List<Listener> before = byPort.computeIfAbsent(listener.address.port(),
                    port -> new ArrayList<>());
            before.stream().filter(listener::conflictsWith).findFirst().ifPresent(other -> problems.error(
                    listener.spot,
                    listener.shown() + ", where " + other.spot.path() + " in " + other.spot.place()
                            + " listens with " + other.shown(),
                    "an address of its own"));
            before.add(listener);
        }
    }
}
