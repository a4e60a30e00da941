package dev.turnout.config;

import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A host name, or every name below a domain.
 *
 * @param name in small letters, without a port, an IPv6 address in brackets; for a wildcard what stands behind
 *     {@code *.}
 * @param wildcard whether it is any name below {@code name}, however deep, but not {@code name} itself
 */
public record HostPattern(String name, boolean wildcard) {
    /** What {@link #parse} accepts, for messages. */
    public static final String ALLOWED = "a host name, *. and a domain, or an IP address, IPv6 in brackets; "
            + "a port belongs to listen";

    private static final String ANY_BELOW = "*.";
    /** RFC 1035 2.3.4, without the final dot. */
    private static final int MAX_LENGTH = 253;
    /** RFC 1123 2.1, and the underscore that some internal names have. */
    private static final Pattern NAME = Pattern
            .compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,62}(\\.[A-Za-z0-9_][A-Za-z0-9_-]{0,62})*");
    private static final Pattern DIGITS = Pattern.compile("[0-9.]+");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9A-Fa-f:.]+]");

    /**
     * Reads {@code shop.example} or {@code *.example}, in any letter case. Throws IllegalArgumentException with the
     * value and what is allowed.
     */
    public static HostPattern parse(String text) {
        boolean wildcard = text.startsWith(ANY_BELOW);
        String name = wildcard ? text.substring(ANY_BELOW.length()) : text;
        if (!isName(name) && (wildcard || !isLiteral(name))) {
            throw new IllegalArgumentException("host: " + text + " (expected: " + ALLOWED + ")");
        }
        return new HostPattern(name.toLowerCase(Locale.ROOT), wildcard);
    }

    private static boolean isName(String text) {
        // Nothing but digits and dots is no name (RFC 1123 2.1): 10.0.0.300 is a slip.
        return text.length() <= MAX_LENGTH && NAME.matcher(text).matches() && !DIGITS.matcher(text).matches();
    }

    /** Throws as {@link #parse} does where it only looks like one. */
    private static boolean isLiteral(String text) {
        boolean bracketed = IPV6.matcher(text).matches();
        if (bracketed || IPV4.matcher(text).matches()) {
            InetAddress.ofLiteral(bracketed ? text.substring(1, text.length() - 1) : text);
            return true;
        }
        return false;
    }

    @Override
    public String toString() {
        return wildcard ? ANY_BELOW + name : name;
    }
}
