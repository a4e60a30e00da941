package dev.turnout.config;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * A host and a port; the host is a name or an IP literal and is not resolved here.
 *
 * @param host without brackets, also for IPv6
 * @param port 0..65535; 0 lets the system choose and is only for listening
 */
public record Address(String host, int port) implements Comparable<Address> {
    /** What {@link #parse} accepts, for messages. */
    public static final String ALLOWED = "host:port, port 0 to 65535, IPv6 in brackets";

    /** What {@link #parseEndpoint} accepts, for messages. */
    public static final String ALLOWED_ENDPOINT = "host:port, port 1 to 65535, IPv6 in brackets";

    private static final int MAX_PORT = 65_535;

    public Address {
        if (host.isEmpty() || port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException(
                    "address: " + host + ":" + port + " (expected: " + ALLOWED + ")");
        }
    }

    /** Reads {@code host:port}. Throws IllegalArgumentException with the value and what is allowed. */
    public static Address parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        String port = text.substring(colon + 1);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        boolean hostFits = bracketed ? bare.matches("[0-9A-Fa-f:.]+") : bare.matches("[A-Za-z0-9._-]+");
        if (!hostFits || !port.matches("\\d{1,5}") || Integer.parseInt(port) > MAX_PORT) {
            throw new IllegalArgumentException("address: " + text + " (expected: " + ALLOWED + ")");
        }
        return new Address(bare, Integer.parseInt(port));
    }

    /**
     * Reads the address of an endpoint as the file may have it, letters in lower case. Throws IllegalArgumentException
     * with the value and what is allowed.
     */
    public static Address parseEndpoint(String text) {
        return Kinds.ENDPOINT.fit(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "address: " + text + " (expected: " + ALLOWED_ENDPOINT + ")"));
    }

    /** The same address with its IP address in the one way of writing it: {@code ::}, not {@code 0:0::0}. */
    public Address canonical() {
        if (host.indexOf(':') < 0) {
            return this;
        }
        InetAddress literal = InetAddress.ofLiteral(host);
        boolean wildcard = literal.isAnyLocalAddress() && !(literal instanceof Inet4Address);
        return new Address(wildcard ? "::" : literal.getHostAddress(), port);
    }

    @Override
    public int compareTo(Address other) {
        int byHost = host.compareTo(other.host);
        return byHost != 0 ? byHost : Integer.compare(port, other.port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
