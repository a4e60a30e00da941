package dev.turnout.proxy.testkit;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Keep-alive connections that mostly do nothing, in a process of their own: a process may have only so many open files,
 * and those of the test are not enough for ten thousand. The process ends when the test does, whatever happens.
 */
public final class IdleClients implements Closeable {
    private static final int START_MILLIS = 30_000;
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: idle\r\n\r\n";

    private final Process process;
    private final Path log;
    private final Socket control;
    private final DataInputStream answers;
    private final DataOutputStream orders;

    private IdleClients(Process process, Path log, Socket control) throws IOException {
        this.process = process;
        this.log = log;
        this.control = control;
        answers = new DataInputStream(control.getInputStream());
        orders = new DataOutputStream(control.getOutputStream());
    }

    /** Starts the process, which has no connections yet. */
    public static IdleClients of(InetSocketAddress proxy, Path folder) throws IOException {
        Path log = Files.createTempFile(folder, "clients", ".log");
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listener.setSoTimeout(START_MILLIS);
            Process process = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                    "-Xmx256m", "-cp", System.getProperty("java.class.path"), IdleClients.class.getName(),
                    Integer.toString(listener.getLocalPort()), Integer.toString(proxy.getPort()))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            try {
                return new IdleClients(process, log, listener.accept());
            } catch (IOException e) {
                process.destroyForcibly();
                throw new IOException("the clients did not start: " + Files.readString(log), e);
            }
        }
    }

    /** Opens as many more, each of which has one request answered; answers how many there are. */
    public int open(int more) throws IOException {
        return order(more);
    }

    /** Has a further request of every connection answered; answers how many there are. */
    public int askEach() throws IOException {
        return order(0);
    }

    private int order(int more) throws IOException {
        try {
            orders.writeInt(more);
            return answers.readInt();
        } catch (IOException e) {
            throw new IOException("the clients ended: " + Files.readString(log), e);
        }
    }

    /** Closes every connection, by ending the process in order. */
    @Override
    public void close() throws IOException {
        control.close();
        try {
            if (!process.waitFor(START_MILLIS, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IOException("the clients did not end");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** The process. {@code arguments}: the port that orders come from, and the port of the proxy. */
    public static void main(String[] arguments) throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        InetSocketAddress proxy = new InetSocketAddress(here, Integer.parseInt(arguments[1]));
        List<RawConnection> connections = new ArrayList<>();
        try (Socket control = new Socket(here, Integer.parseInt(arguments[0]))) {
            DataInputStream orders = new DataInputStream(control.getInputStream());
            DataOutputStream answers = new DataOutputStream(control.getOutputStream());
            while (true) {
                int more = orders.readInt();
                List<RawConnection> asked = connections;
                if (more > 0) {
                    asked = open(more, proxy);
                    connections.addAll(asked);
                }
                for (RawConnection connection : asked) {
                    ask(connection);
                }
                answers.writeInt(connections.size());
            }
        } catch (EOFException testEnded) {
            for (RawConnection connection : connections) {
                connection.close();
            }
        }
    }

    private static List<RawConnection> open(int count, InetSocketAddress proxy) throws IOException {
        List<RawConnection> opened = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            opened.add(RawConnection.to(proxy));
        }
        return opened;
    }

    private static void ask(RawConnection connection) throws IOException {
        connection.send(REQUEST);
        String answer = connection.message();
        if (!answer.startsWith("HTTP/1.1 200 ")) {
            throw new IOException("answer: " + answer + " (expected: 200)");
        }
    }
}
