package dev.turnout.proxy.app;

import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** An endpoint of each side that answers with the side's name, and files that lead there. */
final class TwoSides {
    static final String GET = get("/");

    final RawUpstream blue;
    final RawUpstream green;

    TwoSides(Rig rig) throws IOException {
        blue = rig.closing(RawUpstream.answering("blue"));
        green = rig.closing(RawUpstream.answering("green"));
    }

    /** A route on a port of the system's choice, with these lines, which win. */
    String route(String name, String lines) {
        return route(name, "127.0.0.1:0", lines);
    }

    String route(String name, String listen, String lines) {
        return "turnout.routes." + name + " { protocol = http, listen = \"" + listen
                + "\"\nblue.endpoints = [\""
                + address(blue) + "\"]\ngreen.endpoints = [\"" + address(green) + "\"]\n" + lines + "\n}\n";
    }

    static String address(RawUpstream upstream) {
        return "127.0.0.1:" + upstream.port();
    }

    /** An address that nobody listens on now. */
    static InetSocketAddress free() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(probe.getInetAddress(), probe.getLocalPort());
        }
    }

    static String text(InetSocketAddress address) {
        return "127.0.0.1:" + address.getPort();
    }

    static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    /** The whole answer to one more request on this connection. */
    static String ask(RawConnection client, String request) throws IOException {
        client.send(request);
        return client.message();
    }
}
