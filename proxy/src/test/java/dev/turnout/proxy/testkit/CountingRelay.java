package dev.turnout.proxy.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A way to the proxy that passes every byte on and counts the connections: so a test sees that they are reused. */
public final class CountingRelay implements Closeable {
    private final InetSocketAddress proxy;
    private final ServerSocket server;
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    public CountingRelay(InetSocketAddress proxy) throws IOException {
        this.proxy = proxy;
        server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                connections.incrementAndGet();
                open.add(client);
                threads.execute(() -> relay(client));
            }
        } catch (IOException closed) {
            assert server.isClosed() : closed;
        }
    }

    private void relay(Socket client) {
        try (client; Socket onward = new Socket(proxy.getAddress(), proxy.getPort())) {
            client.setTcpNoDelay(true);
            onward.setTcpNoDelay(true);
            CountDownLatch answered = new CountDownLatch(1);
            threads.execute(() -> {
                pump(onward, client);
                answered.countDown();
            });
            pump(client, onward);
            Latches.await(answered);
        } catch (IOException ended) {
            open.remove(client);
        }
    }

    private static void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException broken) {
            // The other direction ends as well, and then both sockets close.
            abandon(from);
            abandon(to);
        }
    }

    private static void abandon(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** {@code http://host:port}, for clients. */
    public String origin() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** How many clients have opened. */
    public int connections() {
        return connections.get();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
        threads.close();
    }
}
