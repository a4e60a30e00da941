package dev.turnout.proxy.http.rules;

import java.net.Inet6Address;
import java.net.InetAddress;

/** Where a request came from, as the fields for it write addresses. */
public final class Forwarded {
    private Forwarded() {}

    /** As in {@code X-Forwarded-For}: nothing but the address, without a zone. */
    public static String address(InetAddress client) {
        String text = client.getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }

    /** The beginning of an element of {@code Forwarded} (RFC 7239 4 and 6): IPv6 is quoted and in brackets. */
    public static String element(InetAddress client) {
        String address = address(client);
        return client instanceof Inet6Address
                ? "for=\"[" + address + "]\";proto=http"
                : "for=" + address + ";proto=http";
    }
}
