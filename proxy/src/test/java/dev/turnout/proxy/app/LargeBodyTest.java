package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawUpstream;
import dev.turnout.proxy.testkit.TurnoutProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that do not fit into memory, through a proxy whose peer is slower than its sender. */
class LargeBodyTest {
    private static final long MIB = 1 << 20;
    /** Growth counts from here: by then every buffer that is needed has been made. */
    private static final long WARM_BYTES = 64 * MIB;
    private static final long ALLOWED_GROWTH = 16 * MIB;
    private static final long BODY_BYTES = (Boolean.getBoolean("turnout.drills") ? 1024 : 192) * MIB;
    /** Direct memory is part of what is resident; bounded, so that a leak ends the proxy and not the machine. */
    private static final String[] SMALL = {"-Xmx48m", "-XX:MaxDirectMemorySize=64m"};

    @TempDir
    private Path folder;

    @Test
    void takesNoMoreMemoryForALargeAnswerToASlowClient() throws IOException {
        try (RawUpstream upstream = new RawUpstream((connection, number) -> {
            connection.head();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + BODY_BYTES + "\r\n\r\n");
            sendAll(connection, BODY_BYTES);
            connection.rest();
        });
                TurnoutProcess turnout = TurnoutProcess.start(folder, upstream.port(), 1, SMALL);
                RawConnection client = RawConnection.narrowTo(turnout.address())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            client.head();

            assertThat(growthWhileReading(client, turnout)).isLessThan(ALLOWED_GROWTH);
        }
    }

    @Test
    void takesNoMoreMemoryForALargeRequestToASlowEndpoint() throws IOException {
        CompletableFuture<Long> growth = new CompletableFuture<>();
        CompletableFuture<TurnoutProcess> started = new CompletableFuture<>();
        Executor threads = Executors.newVirtualThreadPerTaskExecutor();
        try (RawUpstream upstream = new RawUpstream((connection, number) -> {
            connection.head();
            growth.complete(growthWhileReading(connection, started.join()));
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            connection.rest();
        });
                TurnoutProcess turnout = TurnoutProcess.start(folder, upstream.port(), 1, SMALL);
                RawConnection client = RawConnection.to(turnout.address())) {
            started.complete(turnout);
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + BODY_BYTES + "\r\n\r\n");
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                try {
                    sendAll(client, BODY_BYTES);
                } catch (IOException e) {
                    growth.completeExceptionally(e);
                }
            }, threads);

            assertThat(growth.join()).isLessThan(ALLOWED_GROWTH);
            assertThat(client.message()).endsWith("ok");
            sent.join();
        }
    }

    private static void sendAll(RawConnection connection, long bytes) throws IOException {
        byte[] part = new byte[(int) MIB];
        for (long sent = 0; sent < bytes; sent += part.length) {
            connection.send(part);
        }
    }

    /** Reads a few kilobytes at a time, so that the sender always waits; answers how far memory rose since it was warm. */
    private static long growthWhileReading(RawConnection connection, TurnoutProcess turnout)
            throws IOException {
        byte[] part = new byte[4096];
        long read = 0;
        long warm = 0;
        long most = 0;
        while (read < BODY_BYTES) {
            int bytes = connection.read(part);
            assertThat(bytes).as("read %s of %s bytes", read, BODY_BYTES).isPositive();
            boolean everyMib = read / MIB != (read + bytes) / MIB;
            read += bytes;
            if (everyMib && read >= WARM_BYTES) {
                long now = turnout.residentBytes();
                warm = warm == 0 ? now : warm;
                most = Math.max(most, now);
            }
        }
        return most - warm;
    }
}
