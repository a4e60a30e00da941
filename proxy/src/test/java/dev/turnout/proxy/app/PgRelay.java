package dev.turnout.proxy.app;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Another address of a server on 127.0.0.1: passes on what comes, both ways. */
final class PgRelay implements Closeable {
    private final ServerSocket listener = new ServerSocket();
    private final int to;
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    /** @param port 0: any */
    PgRelay(String ip, int port, String to) throws IOException {
        this.to = Integer.parseInt(to);
        listener.bind(new InetSocketAddress(InetAddress.ofLiteral(ip), port));
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), to);
                open.addAll(List.of(client, server));
                Thread.ofVirtual().start(() -> pass(client, server));
                Thread.ofVirtual().start(() -> pass(server, client));
            } catch (IOException e) {
                // Closed, or a client that nobody takes: it sees the end.
            }
        }
    }

    private static void pass(Socket from, Socket into) {
        try (from; into) {
            from.getInputStream().transferTo(into.getOutputStream());
        } catch (IOException e) {
            // Both are closed: the proxy sees what it would see of a server that went away.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
