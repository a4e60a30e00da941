package dev.turnout.proxy.upstream;

import dev.turnout.config.Address;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** One address of one side. Shared by all loops. */
public final class Endpoint {
    private final Address address;
    private final InetSocketAddress socketAddress;
    private volatile boolean reachable = true;

    public Endpoint(Address address) {
        this.address = address;
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

    /** Written only when it changes: every loop reads this line of memory. */
    public void reachable(boolean now) {
        if (reachable != now) {
            reachable = now;
        }
    }
}
