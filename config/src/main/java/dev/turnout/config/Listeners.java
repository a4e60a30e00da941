package dev.turnout.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who listens where; two on one address are a problem, unless they are routes that share it. */
final class Listeners {
    private final Problems problems;
    private final List<Listener> all = new ArrayList<>();

    Listeners(Problems problems) {
        this.problems = problems;
    }

    /** @param sharer empty: it must have its address for itself */
    private record Listener(Spot spot, Address address, Optional<Sharer> sharer) {
        String shown() {
            return spot.isAbsent() ? address + ", the default" : Shown.found(spot);
        }

        boolean conflictsWith(Listener other) {
            String mine = address.host();
            String theirs = other.address.host();
            return mine.equals(theirs)
                    ? sharer.isEmpty() || other.sharer.isEmpty()
                    : covers(mine, theirs) || covers(theirs, mine);
        }

        /** Whether the one is a wildcard that takes the other as well; the one of IPv6 takes IPv4 too. */
        private static boolean covers(String one, String other) {
            return one.equals("::") || (one.equals("0.0.0.0") && other.indexOf(':') < 0);
        }
    }

    void add(Spot spot, Address address) {
        add(spot, address, Optional.empty());
    }

    /** Adds one that lets others have the same address. */
    void share(Sharer sharer, Address address) {
        add(sharer.listen(), address, Optional.of(sharer));
    }

    /** Port 0 is another port each time. */
    private void add(Spot spot, Address address, Optional<Sharer> sharer) {
        if (address.port() != 0) {
            all.add(new Listener(spot, address.canonical(), sharer));
        }
    }

    /** Whether the host of an address that was read is an IP address and no name. */
    static boolean isLiteral(Address address) {
        return address.host().indexOf(':') >= 0 || address.host().matches("[0-9.]+");
    }

    /** Reports each listener that meets one before it, in the order of the file. */
    void reportConflicts() {
        Map<Integer, Map<Address, Listener>> firstByPort = new HashMap<>();
        Map<Address, Ties> ties = new HashMap<>();
        all.sort(Comparator.comparing(listener -> listener.spot.place(), problems::compare));
        for (Listener listener : all) {
            Map<Address, Listener> first = firstByPort.computeIfAbsent(listener.address.port(),
                    port -> new LinkedHashMap<>());
            first.values().stream().filter(listener::conflictsWith).findFirst().ifPresent(
                    other -> problems.error(listener.spot,
                            listener.shown() + ", where " + other.spot.path() + " in " + other.spot.place()
                                    + " listens with " + other.shown(),
                            "an address of its own"));
            first.putIfAbsent(listener.address, listener);
            listener.sharer.ifPresent(sharer -> ties
                    .computeIfAbsent(listener.address, address -> new Ties(problems)).add(sharer));
        }
    }
}
