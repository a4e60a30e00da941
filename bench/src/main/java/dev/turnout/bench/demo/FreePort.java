package dev.turnout.bench.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** A port of the loopback address that nobody listens on, as far as one can know before listening. */
final class FreePort {
    private static final int ANY = 0;

    private FreePort() {}

    /** This one if it is free, else one that the system chooses. */
    static int preferably(int port) throws IOException {
        try {
            return tried(port);
        } catch (IOException _) {
            return any();
        }
    }

    static int any() throws IOException {
        return tried(ANY);
    }

    private static int tried(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket.getLocalPort();
        }
    }
}
