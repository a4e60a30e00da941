package dev.turnout.proxy.upstream;

import dev.turnout.config.Address;
import dev.turnout.proxy.metrics.OwnedCounters;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.Arrays;

/**
 * One socket address of one side, as long as configuration and DNS name it. Shared by all loops: each counts its own
 * requests, and reports how they went. Its state is changed by its {@link EndpointSet} only, under that set's lock.
 */
public final class Endpoint {
    /** Two cache lines before each loop's counter and two after it: neighbours are fetched in pairs. */
    private static final int PADDING = 128 / Long.BYTES;
    /** Share of the first request after a cold start, of a full one. */
    private static final double COLD_WEIGHT = 0.1;

    private final EndpointSet set;
    private final Address address;
    private final InetSocketAddress socketAddress;
    /** One for each loop: whoever writes one owns it. */
    private final OwnedCounters[] inFlight;
    private final EndpointCondition state;
    /** Whether a success would be news. */
    private volatile boolean troubled;
    private volatile boolean healthy;
    private volatile boolean drained;
    private volatile boolean removed;
    private volatile long nextTryNanos;
    private volatile long warmAtNanos;
    /** 0 when it gets its full share. */
    private volatile long slowStartNanos;

    Endpoint(EndpointSet set, Address address, InetSocketAddress socketAddress, int loops,
            EndpointCondition state) {
        this.set = set;
        this.address = address;
        this.socketAddress = socketAddress;
        this.state = state;
        inFlight = new OwnedCounters[loops];
        Arrays.setAll(inFlight, loop -> new OwnedCounters(2 * PADDING));
    }

    /** As configured. */
    public Address address() {
        return address;
    }

    /** Always resolved. */
    public InetSocketAddress socketAddress() {
        return socketAddress;
    }

    /**
     * For operators: whether its checks pass, the traffic trusts it, and the last attempt to connect did not fail. One
     * that is not healthy may yet be chosen, when it cannot be spared.
     */
    public boolean healthy() {
        return healthy;
    }

    /** Whether an operator keeps new requests away from it. */
    public boolean drained() {
        return drained;
    }

    /** Whether it is no longer of this side: its requests end here, its idle connections are of no more use. */
    public boolean removed() {
        return removed;
    }

    /** Only by this loop: a request was sent here. */
    public void begun(int loop) {
        inFlight[loop].add(PADDING, 1);
    }

    /** Only by this loop: a request that was sent here has ended, in whatever way. */
    public void ended(int loop) {
        inFlight[loop].add(PADDING, -1);
    }

    /** Requests of this loop that are under way. */
    public int inFlight(int loop) {
        return (int) inFlight[loop].get(PADDING);
    }

    /** Requests of all loops that are under way. Any thread. */
    public long inFlight() {
        long sum = 0;
        for (int loop = 0; loop < inFlight.length; loop++) {
            sum += inFlight(loop);
        }
        return sum;
    }

    /** It has answered. Any loop; one read as long as nothing is wrong. */
    public void succeeded() {
        if (troubled) {
            set.succeeded(this);
        }
    }

    /** It has not answered, or in a way that counts as a failure. Any loop. */
    public void failed() {
        set.failed(this);
    }

    /** No connection to it could be opened. Any loop. */
    public void connectFailed(String detail) {
        set.connectFailed(this, detail);
    }

    /** Whether an ejected one may be tried. */
    boolean due(long nowNanos) {
        return nowNanos - nextTryNanos >= 0;
    }

    /** Its part of a full share: from a tenth to 1. */
    double weight(long nowNanos) {
        long whole = slowStartNanos;
        if (whole == 0) {
            return 1;
        }
        double left = (double) (warmAtNanos - nowNanos) / whole;
        return left <= 0 ? 1 : Math.max(COLD_WEIGHT, 1 - (1 - COLD_WEIGHT) * left);
    }

    /** Guarded by the set's lock. */
    EndpointCondition state() {
        return state;
    }

    /** Shows the readers what has become of it. Under the set's lock. */
    void publish() {
        troubled = state.troubled();
        healthy = state.healthy();
        drained = state.drained;
        removed = state.removed;
        nextTryNanos = state.ejection.nextTryNanos();
        warmAtNanos = state.warmAtNanos;
        slowStartNanos = state.slowStartNanos;
    }

    /** {@code 10.0.0.1:80}, or {@code shop.example:80 (10.0.0.1)}. */
    @Override
    public String toString() {
        String host = address.host();
        boolean literal = NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
        return literal
                ? address.toString()
                : address + " (" + socketAddress.getAddress().getHostAddress() + ")";
    }
}
