package dev.turnout.config;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The IP addresses that begin with the same bits (CIDR, RFC 4632).
 *
 * @param network its bits behind the prefix are zero, whatever was passed in
 * @param prefix how many bits count; 0..32 for IPv4, 0..128 for IPv6
 */
public record AddressRange(InetAddress network, int prefix) {
    /** What {@link #parse} accepts, for messages. */
    public static final String ALLOWED = "an IP address, or a range of them as 10.0.0.0/8 or 2001:db8::/32";

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern RANGE = Pattern.compile("([0-9A-Fa-f:.]{2,45})(?:/(\\d{1,3}))?");
    /** RFC 4291 2.5.5.2: the first bytes of an IPv4 address written as one of IPv6. */
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    public AddressRange {
        byte[] address = network.getAddress();
        if (prefix < 0 || prefix > address.length * Byte.SIZE) {
            throw new IllegalArgumentException("range: " + network.getHostAddress() + "/" + prefix
                    + " (expected: " + ALLOWED + ")");
        }
        network = masked(address, prefix);
    }

    /**
     * Reads {@code 10.0.0.0/8}; an address alone is a range of one. Throws IllegalArgumentException with the value and
     * what is allowed.
     */
    public static AddressRange parse(String text) {
        Matcher parts = RANGE.matcher(text);
        if (!parts.matches()) {
            throw refused(text);
        }
        String address = parts.group(1);
        InetAddress network = InetAddress.ofLiteral(address);
        // As an address of IPv6 it would have another prefix than Java's IPv4 address has.
        if (network instanceof Inet4Address && !IPV4.matcher(address).matches()) {
            throw refused(text);
        }
        String prefix = parts.group(2);
        return new AddressRange(network,
                prefix == null ? network.getAddress().length * Byte.SIZE : Integer.parseInt(prefix));
    }

    private static IllegalArgumentException refused(String text) {
        return new IllegalArgumentException("range: " + text + " (expected: " + ALLOWED + ")");
    }

    /** Whether the address is one of these; an IPv4 address that is written as one of IPv6 counts as IPv4. */
    public boolean contains(InetAddress address) {
        byte[] bytes = plain(address.getAddress());
        byte[] start = network.getAddress();
        return bytes.length == start.length && Arrays.equals(mask(bytes, prefix), start);
    }

    private static byte[] plain(byte[] address) {
        boolean mapped = address.length > MAPPED.length
                && Arrays.equals(address, 0, MAPPED.length, MAPPED, 0, MAPPED.length);
        return mapped ? Arrays.copyOfRange(address, MAPPED.length, address.length) : address;
    }

    private static byte[] mask(byte[] address, int prefix) {
        byte[] masked = address.clone();
        for (int i = 0; i < masked.length; i++) {
            int bits = Math.clamp(prefix - i * Byte.SIZE, 0, Byte.SIZE);
            masked[i] &= (byte) (0xFF << (Byte.SIZE - bits));
        }
        return masked;
    }

    private static InetAddress masked(byte[] address, int prefix) {
        try {
            return InetAddress.getByAddress(mask(address, prefix));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address that is neither IPv4 nor IPv6", e);
        }
    }

    @Override
    public String toString() {
        return network.getHostAddress() + "/" + prefix;
    }
}
