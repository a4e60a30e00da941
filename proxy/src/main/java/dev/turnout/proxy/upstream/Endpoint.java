package dev.turnout.proxy.upstream;

import dev.turnout.config.Address;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** One address of one side. Shared by all loops. */
public final class Endpoint {
    /** How long one that could not be reached is left alone. */
    static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Address address;
    private final LongSupplier nanos;
    private final InetSocketAddress socketAddress;
    private volatile boolean reachable = true;
    private volatile long retryAtNanos;

    public Endpoint(Address address) {
        this(address, System::nanoTime);
    }

    Endpoint(Address address, LongSupplier nanos) {
        this.address = address;
        this.nanos = nanos;
        socketAddress = socketAddress(address);
    }

    private static InetSocketAddress socketAddress(Address address) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(address.host());
        if (literal == null) {
            return InetSocketAddress.createUnresolved(address.host(), address.port());
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(literal), address.port());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("address: " + address + " (expected: 4 or 16 bytes)", e);
        }
    }

    public Address address() {
        return address;
    }

    /** Resolved when the host is a literal; a name is left to the resolver of the loop. */
    public InetSocketAddress socketAddress() {
        return socketAddress;
    }

    /** Whether the last attempt to connect succeeded; true before the first. */
    public boolean reachable() {
        return reachable;
    }

    /**
     * Whether it comes into question for a request. One that could not be reached does so again after a while, for one
     * request at a time; two loops that ask at the same moment may both be told so.
     */
    boolean worthTrying() {
        if (reachable) {
            return true;
        }
        long now = nanos.getAsLong();
        if (now - retryAtNanos < 0) {
            return false;
        }
        retryAtNanos = now + RETRY_NANOS;
        return true;
    }

    /**
     * Notes how the last attempt went; answers whether that is news. Written only when it changes: every loop reads this line
     * of memory.
     */
    public boolean reachable(boolean now) {
        if (!now) {
            retryAtNanos = nanos.getAsLong() + RETRY_NANOS;
        }
        if (reachable == now) {
            return false;
        }
        reachable = now;
        return true;
    }
}
