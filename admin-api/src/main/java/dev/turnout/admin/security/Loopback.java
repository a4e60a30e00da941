package dev.turnout.admin.security;

import dev.turnout.config.Address;
import java.net.InetAddress;
import java.util.regex.Pattern;

/** What only this machine can reach. Decided by the text alone: no name is resolved. */
public final class Loopback {
    private static final String HOST = "127.0.0.1";
    private static final Pattern PORT = Pattern.compile(":\\d*$");

    private Loopback() {}

    /** Whether {@code host} is {@code localhost} or a loopback literal. */
    public static boolean contains(String host) {
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException notALiteral) {
            return false;
        }
    }

    /**
     * Whether a {@code Host} header names this machine's loopback. A page in a browser whose name was made to resolve
     * to 127.0.0.1 (DNS rebinding) sends its own name here.
     */
    public static boolean isNamedBy(String hostHeader) {
        return contains(PORT.matcher(hostHeader).replaceFirst(""));
    }

    /** The same port, on loopback. */
    public static Address narrow(Address address) {
        return contains(address.host()) ? address : new Address(HOST, address.port());
    }
}
