package dev.turnout.proxy.http.head;

import io.netty.buffer.ByteBuf;

/** Host and port, in Host or in a target in absolute form (RFC 3986 3.2, RFC 9110 7.2). */
final class Authority {
    private static final byte[] HTTP = Octets.ascii("http://");
    private static final byte[] HTTPS = Octets.ascii("https://");
    private static final int MOST_PORT_DIGITS = 5;
    private static final int MOST_PORT = 65_535;

    private Authority() {}

    /** The length of {@code http://} or {@code https://} at {@code start}; 0 when neither stands there. */
    static int schemeLength(ByteBuf in, int start, int end) {
        if (end - start > HTTP.length && Octets.same(in, start, start + HTTP.length, HTTP)) {
            return HTTP.length;
        }
        return end - start > HTTPS.length && Octets.same(in, start, start + HTTPS.length, HTTPS)
                ? HTTPS.length
                : 0;
    }

    /** Not empty, no userinfo, nothing but a host and perhaps a port. */
    static boolean isValid(ByteBuf in, int start, int end) {
        int hostEnd = hostEnd(in, start, end);
        if (hostEnd <= start) {
            return false;
        }
        boolean literal = in.getByte(start) == '[';
        if (literal && (hostEnd - start < 3 || in.getByte(hostEnd - 1) != ']')) {
            return false;
        }
        for (int i = literal ? start + 1 : start; i < (literal ? hostEnd - 1 : hostEnd); i++) {
            byte octet = in.getByte(i);
            boolean bracket = octet == '[' || octet == ']';
            if ((Octets.kinds(octet) & Octets.AUTHORITY) == 0 || bracket || (octet == ':' && !literal)) {
                return false;
            }
        }
        return isPort(in, hostEnd, end);
    }

    private static boolean isPort(ByteBuf in, int hostEnd, int end) {
        if (hostEnd == end) {
            return true;
        }
        for (int i = hostEnd + 1; i < end; i++) {
            if (!MessageHead.isDigit(in.getByte(i))) {
                return false;
            }
        }
        return end - hostEnd - 1 <= MOST_PORT_DIGITS && port(in, hostEnd, end, 0) <= MOST_PORT;
    }

    /** The position of the colon before the port, or {@code end}. */
    private static int hostEnd(ByteBuf in, int start, int end) {
        for (int i = end - 1; i >= start; i--) {
            byte octet = in.getByte(i);
            if (octet == ':') {
                return i;
            }
            if (!MessageHead.isDigit(octet)) {
                return end;
            }
        }
        return end;
    }

    /** The port that is meant where none stands, by the length of the scheme. */
    static int defaultPort(int schemeLength) {
        return schemeLength == HTTP.length ? 80 : 443;
    }

    /** Whether both name the same place, letter case aside; without a port {@code defaultPort} is meant. */
    static boolean same(ByteBuf in, int start, int end, int otherStart, int otherEnd, int defaultPort) {
        int hostEnd = hostEnd(in, start, end);
        int otherHostEnd = hostEnd(in, otherStart, otherEnd);
        if (hostEnd - start != otherHostEnd - otherStart) {
            return false;
        }
        for (int i = 0; i < hostEnd - start; i++) {
            if (Octets.lower(in.getByte(start + i)) != Octets.lower(in.getByte(otherStart + i))) {
                return false;
            }
        }
        return port(in, hostEnd, end, defaultPort) == port(in, otherHostEnd, otherEnd, defaultPort);
    }

    private static int port(ByteBuf in, int hostEnd, int end, int defaultPort) {
        if (hostEnd >= end - 1) {
            return defaultPort;
        }
        int port = 0;
        for (int i = hostEnd + 1; i < end; i++) {
            port = port * 10 + in.getByte(i) - '0';
        }
        return port;
    }
}
