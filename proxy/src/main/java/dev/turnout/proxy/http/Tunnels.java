package dev.turnout.proxy.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** The upgraded connections of one side of one route, on one event loop. Confined to that loop. */
public final class Tunnels {
    private final Set<Tunnel> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean retiring;

    void opened(Tunnel tunnel) {
        open.add(tunnel);
        if (retiring) {
            // It was decided just before the side was drained.
            tunnel.retire(1);
        }
    }

    void closed(Tunnel tunnel) {
        open.remove(tunnel);
    }

    /** Closes them one after the other, evenly over {@code ticks} of the wheel; the first at once. */
    public void retire(long ticks) {
        retiring = true;
        List<Tunnel> all = new ArrayList<>(open);
        for (int i = 0; i < all.size(); i++) {
            all.get(i).retire(Math.max(1, ticks * i / all.size()));
        }
    }

    /** Those that are not closed yet stay. */
    public void keep() {
        retiring = false;
        open.forEach(Tunnel::cancelRetire);
    }
}
