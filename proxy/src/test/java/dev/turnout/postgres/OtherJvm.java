package dev.turnout.postgres;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A JVM with two servers, one of them suspended: says where they are and waits to be killed. */
final class OtherJvm {
    private OtherJvm() {}

    static void main() throws Exception {
        try (PostgresServer running = PostgresServer.version(18).start();
                PostgresServer suspended = PostgresServer.version(14).start();
                PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out),
                        true, StandardCharsets.UTF_8)) {
            List<Object> facts = List.of(running.pid(), suspended.pid(), PostgresServerTest.folder(running),
                    PostgresServerTest.folder(suspended));
            suspended.suspend();
            facts.forEach(out::println);
            new CountDownLatch(1).await();
        }
    }
}
