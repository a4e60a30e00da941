package dev.turnout.proxy.net;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Connections of one side of one route, on one event loop, that stay until somebody asks them to leave. Confined to that
 * loop.
 */
public final class LongLived {
    /** One of them. */
    public interface Connection {
        /** It is to leave in so many ticks of the wheel, 1 or more, or as soon after that as it can. */
        void retire(long ticks);

        /** It may stay. */
        void cancelRetire();
    }

    private final Set<Connection> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean retiring;

    public void opened(Connection connection) {
        open.add(connection);
        if (retiring) {
            // It was decided just before the side was drained.
            connection.retire(1);
        }
    }

    public void closed(Connection connection) {
        open.remove(connection);
    }

    /** Closes them one after the other, evenly over {@code ticks} of the wheel; the first at once. */
    public void retire(long ticks) {
        retiring = true;
        dismiss(ticks);
    }

    /** As {@link #retire}, but those that come later may stay. */
    public void dismiss(long ticks) {
        List<Connection> all = new ArrayList<>(open);
        for (int i = 0; i < all.size(); i++) {
            all.get(i).retire(Math.max(1, ticks * i / all.size()));
        }
    }

    /** Those that are not closed yet stay. */
    public void keep() {
        retiring = false;
        List.copyOf(open).forEach(Connection::cancelRetire);
    }
}
