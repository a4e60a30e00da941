package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.turnout.postgres.SharedPostgres;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.replication.PGReplicationStream;

/** Logical replication by pgjdbc, as programs do that capture changes: they get the same bytes. */
@Timeout(120)
class PgClientsReplicationTest {
    private static final Map<String, String> REPLICATION = Map.of("replication", "database",
            "preferQueryMode", "simple", "assumeMinServerVersion", "14");
    private static final String SLOT = "clients_replication";
    private static final String STATUS = "SELECT active FROM pg_replication_slots WHERE slot_name = '" + SLOT
            + "'";

    @RegisterExtension
    static final SharedPostgres postgres = SharedPostgres.version(18);
    @RegisterExtension
    final PgClients clients = new PgClients(postgres, PgClients.USERS);

    @BeforeAll
    static void publish() throws Exception {
        postgres.database().execute("CREATE TABLE changed (id int PRIMARY KEY, body text)",
                "CREATE PUBLICATION changes FOR TABLE changed");
    }

    /** What belongs to one transaction with these statements, as both have to see it. */
    private static List<String> read(PGReplicationStream stream, int messages) throws Exception {
        List<String> read = new ArrayList<>();
        while (read.size() < messages) {
            ByteBuffer message = Objects.requireNonNull(stream.read());
            byte[] bytes = new byte[message.remaining()];
            message.get(bytes);
            read.add((char) bytes[0] + " " + bytes.length + " " + HexFormat.of().formatHex(bytes).hashCode());
            stream.setAppliedLSN(stream.getLastReceiveLSN());
            stream.setFlushedLSN(stream.getLastReceiveLSN());
        }
        stream.forceUpdateStatus();
        return read;
    }

    private static PGReplicationStream start(Connection connection, String slot) throws Exception {
        return PgClientsJdbc.pg(connection).getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(slot)
                .withSlotOption("proto_version", 1)
                .withSlotOption("publication_names", "changes")
                .start();
    }

    private static void slot(Connection connection, String slot, boolean temporary) throws Exception {
        var builder = PgClientsJdbc.pg(connection).getReplicationAPI()
                .createReplicationSlot()
                .logical()
                .withSlotName(slot)
                .withOutputPlugin("pgoutput");
        (temporary ? builder.withTemporaryOption() : builder).make();
    }

    @Test
    void changesArriveByteForByte() throws Exception {
        try (Connection direct = clients.direct().connect(REPLICATION);
                Connection through = clients.through().connect(REPLICATION)) {
            slot(direct, SLOT + "_direct", true);
            slot(through, SLOT, true);
            PGReplicationStream expected = start(direct, SLOT + "_direct");
            PGReplicationStream seen = start(through, SLOT);
            postgres.database().execute(
                    "INSERT INTO changed SELECT n, repeat('x', n) FROM generate_series(1, 500) n",
                    "UPDATE changed SET body = repeat('long', 500000) WHERE id = 1",
                    "DELETE FROM changed WHERE id = 2");
            int messages = 2 + 1 + 500 + 3 + 3;
            assertThat(read(seen, messages)).isEqualTo(read(expected, messages));

            seen.close();
            expected.close();
        }
    }

    @Test
    void aStreamEndsWhileItsSessionGoesOn() throws Exception {
        clients.same((way, seen) -> {
            try (Connection connection = way.connect(REPLICATION)) {
                slot(connection, SLOT + "_twice", true);
                start(connection, SLOT + "_twice").close();
                seen.add(PgClientsJdbc.rows(connection, "SELECT 'simple'"));
                seen.add(PgClientsJdbc.failure(connection, "START_REPLICATION SLOT missing LOGICAL 0/0"));
                seen.add(PgClientsJdbc.rows(connection, "SELECT 'after an error'"));
            }
        });
    }

    @Test
    void aClientThatGoesAwayLeavesItsSlotFree() throws Exception {
        try (Connection through = clients.through().connect(REPLICATION)) {
            slot(through, SLOT, false);
            PgClientsJdbc.pg(through).getReplicationAPI().replicationStream().logical().withSlotName(SLOT)
                    .withSlotOption("proto_version", 1).withSlotOption("publication_names", "none").start();
            assertThat(postgres.database().value(STATUS)).isEqualTo("t");
            through.abort(Runnable::run);
            await().until(() -> "f".equals(postgres.database().value(STATUS)));
        } finally {
            postgres.database().rows("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                    + " WHERE NOT temporary AND database = current_database()");
        }
    }
}
