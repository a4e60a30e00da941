package dev.turnout.proxy.routing;

import java.util.HashMap;
import java.util.Map;

/** Decides requests, one after the other, without allocating. Confined to one event loop. */
public final class Decider {
    /** 2^64 divided by the golden ratio: multiples of it fill the circle evenly, however few there are. */
    private static final long GOLDEN_STEP = 0x9E3779B97F4A7C15L;

    private final byte[] scratch;
    /*
     * Requests without a key are dealt out by a Weyl sequence: any hundred in a row split in proportion to within three,
     * any hundred thousand to within five, where independent draws would be off by the square root of their number; and
     * there is no generator to seed or to share. Counting out one by one would be exact, but a client that asks for a
     * page and its picture in turn would have all its pages from one side. Each route has a sequence of its own, and
     * requests with a key leave it alone: of a sequence that others draw from as well, every thirty-fourth member, say,
     * moves so little that one side would get dozens in a row.
     */
    private final Map<String, Draw> draws = new HashMap<>();
    private final long start;

    private static final class Draw {
        private long next;

        Draw(long next) {
            this.next = next;
        }
    }

    /**
     * @param longestValue of a header or cookie, in bytes
     * @param start differs from loop to loop, so that they do not deal in step
     */
    public Decider(int longestValue, long start) {
        // 128 bytes are the longest salt, one is the separator.
        scratch = new byte[longestValue + 129];
        this.start = start;
    }

    /** Decides one request, by a snapshot that was read once for it. */
    public Decision decide(RoutingSnapshot snapshot, String route, RequestFacts facts) {
        Draw draw = draw(route);
        Decision decision = snapshot.route(route).split().decide(facts, scratch, draw.next);
        if (decision.rung() == Rung.UNKEYED) {
            draw.next += GOLDEN_STEP;
        }
        return decision;
    }

    private Draw draw(String route) {
        Draw known = draws.get(route);
        if (known == null) {
            known = new Draw(start + GOLDEN_STEP);
            draws.put(route, known);
        }
        return known;
    }
}
