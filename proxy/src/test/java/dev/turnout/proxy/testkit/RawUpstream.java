package dev.turnout.proxy.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An endpoint that plays a script on each connection; the connection closes when the script ends. */
public final class RawUpstream implements Closeable {
    /** What one connection does. An exception ends it, as a process that dies would. */
    @FunctionalInterface
    public interface Script {
        /** {@code number}: 1 for the first connection. */
        void play(RawConnection connection, int number) throws IOException;
    }

    private final ServerSocket server;
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    public RawUpstream(Script script) throws IOException {
        this(InetAddress.getLoopbackAddress(), 0, script);
    }

    /** @param address a loopback one; {@code port} 0 lets the system choose */
    public RawUpstream(InetAddress address, int port, Script script) throws IOException {
        server = new ServerSocket(port, 1024, address);
        threads.execute(() -> accept(script));
    }

    /** Answers every request with {@code 200} and this text. */
    public static RawUpstream answering(String text) throws IOException {
        return new RawUpstream((connection, number) -> {
            while (true) {
                connection.message();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text);
            }
        });
    }

    private void accept(Script script) {
        try {
            while (true) {
                Socket socket = server.accept();
                open.add(socket);
                int number = connections.incrementAndGet();
                threads.execute(() -> play(script, socket, number));
            }
        } catch (IOException closed) {
            assert server.isClosed() : closed;
        }
    }

    private void play(Script script, Socket socket, int number) {
        try (RawConnection connection = new RawConnection(socket)) {
            script.play(connection, number);
        } catch (IOException ended) {
            // The peer went away, or the test is over: both end a script in its middle.
        } finally {
            open.remove(socket);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    /** How many were accepted so far, in the order in which they were opened. */
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
