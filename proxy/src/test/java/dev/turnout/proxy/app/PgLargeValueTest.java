package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.postgres.PostgresServer;
import dev.turnout.postgres.SharedPostgres;
import dev.turnout.proxy.app.pgsoak.Messages;
import dev.turnout.proxy.app.pgsoak.PgWire;
import dev.turnout.proxy.testkit.Configs;
import dev.turnout.proxy.testkit.TurnoutProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Values that do not fit into memory, through a proxy whose peers are slower than their senders. */
class PgLargeValueTest {
    private static final int MIB = 1 << 20;
    /** Growth counts from here: by then every buffer that is needed has been made. */
    private static final long WARM_BYTES = 64L * MIB;
    private static final long ALLOWED_GROWTH = 20L * MIB;
    /** PostgreSQL has no value of a whole GiB. */
    private static final int BYTES = (Boolean.getBoolean("turnout.drills") ? 1000 : 128) * MIB;
    private static final String[] SMALL = {"-Xmx48m", "-XX:MaxDirectMemorySize=64m"};
    private static final int BIND_HEAD_BYTES = 10;
    private static final int ROW_BYTES = 8192;

    @RegisterExtension
    static final SharedPostgres POSTGRES = SharedPostgres.version(18);

    @TempDir
    private Path folder;
    private TurnoutProcess turnout;
    private PgWire client;
    private long passed;
    private long warm;
    private long most;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(folder.resolve("turnout.conf"),
                """
                        turnout {
                          admin { listen = "127.0.0.1:0", tokens = [ { name = ops, role = operator, token = TOKEN } ] }
                          state-dir = state, event-loops = 1
                          routes.db { protocol = postgresql, listen = "127.0.0.1:0", data = shared, auth.mode = trust
                            blue.endpoints = ["127.0.0.1:PORT"], green.endpoints = ["127.0.0.1:PORT"] }
                        }
                        """
                        .replace("TOKEN", Configs.TOKEN)
                        .replace("PORT", Integer.toString(POSTGRES.server().port())));
        turnout = TurnoutProcess.run(folder, SMALL);
        client = PgWire.open(turnout.address(), true);
        client.start(Map.of("user", PostgresServer.SUPERUSER, "database", POSTGRES.database().name()));
    }

    @AfterEach
    void close() throws IOException {
        try (TurnoutProcess last = turnout) {
            client.close();
            assertThat(last.log()).doesNotContain("ERROR");
        }
    }

    /** So many bytes more have passed; looks at memory every MiB. */
    private void passed(int bytes) throws IOException {
        boolean everyMib = passed / MIB != (passed + bytes) / MIB;
        passed += bytes;
        if (everyMib && passed >= WARM_BYTES) {
            long now = turnout.residentBytes();
            warm = warm == 0 ? now : warm;
            most = Math.max(most, now);
        }
    }

    private void hear(long bytes) throws IOException {
        byte[] part = new byte[4096];
        long left = bytes;
        while (left > 0) {
            int read = client.read(left < part.length ? new byte[(int) left] : part);
            assertThat(read).as("%s of %s bytes left", left, bytes).isPositive();
            left -= read;
            passed(read);
        }
    }

    /** {@code bytes} times the letter x. */
    private void say(long bytes) throws IOException {
        byte[] part = new byte[MIB];
        Arrays.fill(part, (byte) 'x');
        for (long left = bytes; left > 0; left -= part.length) {
            client.send(left < part.length ? Arrays.copyOf(part, (int) left) : part);
            passed((int) Math.min(left, part.length));
        }
    }

    private void sayHead(char type, long bodyBytes) throws IOException {
        client.send(ByteBuffer.allocate(1 + Integer.BYTES).put((byte) type)
                .putInt((int) bodyBytes + Integer.BYTES)
                .array());
    }

    private void assertFlat() {
        assertThat(passed).isGreaterThanOrEqualTo(BYTES);
        assertThat(most - warm).as("growth of memory in bytes").isLessThan(ALLOWED_GROWTH);
    }

    private String answer() throws IOException {
        byte[] row = client.next('D').body();
        client.next('Z');
        return new String(row, Short.BYTES + Integer.BYTES, row.length - Short.BYTES - Integer.BYTES,
                StandardCharsets.UTF_8);
    }

    @Test
    void aRowOfAClientThatReadsSlowly() throws IOException {
        client.send(new Messages().query("SELECT repeat('x', " + BYTES + ")"));
        client.next('T');
        hear(client.head('D'));
        client.next('Z');

        assertFlat();
    }

    @Test
    void aParameter() throws IOException {
        client.send(new Messages().parse("", "SELECT length($1::text)"));
        sayHead('B', BIND_HEAD_BYTES + BYTES + Short.BYTES);
        // No name of a portal nor of a statement, no formats, one value; and no formats behind it.
        client.send(
                ByteBuffer.allocate(BIND_HEAD_BYTES).position(Integer.BYTES).putShort((short) 1).putInt(BYTES)
                        .array());
        say(BYTES);
        client.send(new byte[Short.BYTES]);
        client.send(new Messages().execute(0).sync());

        assertThat(answer()).isEqualTo(Integer.toString(BYTES));
        assertFlat();
    }

    @Test
    void theTextOfAQuery() throws IOException {
        String before = "SELECT length('";
        String after = "')\0";
        sayHead('Q', before.length() + BYTES + after.length());
        client.send(before.getBytes(StandardCharsets.US_ASCII));
        say(BYTES);
        client.send(after.getBytes(StandardCharsets.US_ASCII));

        assertThat(answer()).isEqualTo(Integer.toString(BYTES));
        assertFlat();
    }

    @Test
    void copyToAClientThatReadsSlowly() throws IOException {
        client.send(new Messages().query("COPY (SELECT repeat('x', " + ROW_BYTES
                + ") FROM generate_series(1, " + BYTES / ROW_BYTES + ")) TO STDOUT"));
        client.next('H');
        for (int row = 0; row < BYTES / ROW_BYTES; row++) {
            hear(client.head('d'));
        }
        client.next('Z');

        assertFlat();
    }

    @Test
    void copyFromAClient() throws IOException {
        client.send(new Messages().query("CREATE TEMP TABLE taken (v text)")
                .query("COPY taken FROM STDIN WHERE v IS NULL"));
        client.next('G');
        byte[] row = new Messages().copyData("x".repeat(ROW_BYTES) + "\n").bytes();
        for (int sent = 0; sent < BYTES; sent += ROW_BYTES) {
            client.send(row);
            passed(row.length);
        }
        client.send(new Messages().copyDone());

        assertThat(new String(client.next('C').body(), StandardCharsets.UTF_8)).isEqualTo("COPY 0\0");
        client.next('Z');
        assertFlat();
    }

    @Test
    void queriesOfAClientThatDoesNotRead() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            byte[] query = new Messages()
                    .query("SELECT repeat('x', " + ROW_BYTES + ") /* " + "y".repeat(ROW_BYTES) + " */")
                    .bytes();
            int queries = BYTES / ROW_BYTES;
            CompletableFuture<Void> asked = CompletableFuture.runAsync(() -> {
                try {
                    for (int each = 0; each < queries; each++) {
                        client.send(query);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }, threads);
            for (int each = 0; each < queries; each++) {
                client.next('T');
                hear(client.head('D'));
                client.next('Z');
            }
            asked.join();
        }
        assertFlat();
    }
}
