package dev.turnout.proxy.routing;

/** Decides requests, one after the other, without allocating. Confined to one event loop. */
public final class Decider {
    /** 2^64 divided by the golden ratio: multiples of it fill the circle evenly, however few there are. */
    private static final long GOLDEN_STEP = 0x9E3779B97F4A7C15L;

    private final byte[] scratch;
    /*
     * Requests without a key are dealt out by a Weyl sequence: any n in a row split in proportion to within one or
     * two, where independent draws would be off by the square root of n, and there is no generator to seed or to
     * share.
     */
    private long draw;

    /**
     * @param longestValue of a header or cookie, in bytes
     * @param start differs from loop to loop, so that they do not deal in step
     */
    public Decider(int longestValue, long start) {
        // 128 bytes are the longest salt, one is the separator.
        scratch = new byte[longestValue + 129];
        draw = start;
    }

    /** Decides one request, by a snapshot that was read once for it. */
    public Decision decide(RoutingSnapshot snapshot, String route, RequestFacts facts) {
        draw += GOLDEN_STEP;
        return snapshot.route(route).split().decide(facts, scratch, draw);
    }
}
