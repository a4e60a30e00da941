package dev.turnout.proxy.app;

import static dev.turnout.proxy.app.PgClients.ADDRESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.turnout.postgres.PostgresDatabase;
import dev.turnout.postgres.SharedPostgres;
import dev.turnout.proxy.testkit.Tool;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tools of PostgreSQL that refuse servers newer than themselves: Debian's, of version 15, with servers 14 and 15. */
@Timeout(120)
class PgClientsToolsTest {
    private static final String[] CONTENT = {"SET ROLE client",
        "CREATE TYPE mood AS ENUM ('sad', 'glad')",
        "CREATE TABLE one (id serial PRIMARY KEY, at timestamptz DEFAULT '2026-01-01', feels mood, body bytea)",
        "INSERT INTO one (feels, body) SELECT 'glad', convert_to(repeat('b', n), 'UTF8')"
                + " FROM generate_series(1, 3000) n",
        "CREATE TABLE two AS SELECT n, md5(n::text) AS hash FROM generate_series(1, 20000) n",
        "CREATE INDEX ON two (hash)",
        "CREATE VIEW seen AS SELECT one.id, two.hash FROM one JOIN two ON n = id",
        "CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT n * 2'",
        "SELECT lo_from_bytea(4711, convert_to(repeat('large', 100000), 'UTF8'))"};

    private static void dumpsAndRestores(SharedPostgres postgres, PgClients clients) throws Exception {
        PostgresDatabase database = postgres.database();
        database.execute(CONTENT);
        String[] plain = {"pg_dump", "--no-owner", "-d", ADDRESS};
        List<String> before = clients.same((way, seen) -> seen.addAll(dumped(clients, way, plain)));
        assertThat(before).anyMatch(line -> line.startsWith("COPY public.two")).hasSizeGreaterThan(23_000);
        Path folder = clients.folder();
        for (String format : List.of("c", "d")) {
            PostgresDatabase copy = database.server().createDatabase(database.name() + "_" + format);
            try {
                copy.execute("ALTER DATABASE " + copy.name() + " OWNER TO " + PgClients.USER);
                String file = folder.resolve(format).toString();
                clients.run(clients.through(),
                        Stream.of(List.of("pg_dump", "-d", ADDRESS, "-f", file, "-F" + format),
                                format.equals("d") ? List.of("-j2") : List.<String>of()).flatMap(List::stream)
                                .toArray(String[]::new));
                PgClients.Way restored = new PgClients.Way(clients.through().port(), copy.name());
                clients.run(restored, "pg_restore", "-d", ADDRESS, "-j2", "--exit-on-error", "--no-owner",
                        file);
                assertThat(dumped(clients, new PgClients.Way(clients.direct().port(), copy.name()), plain))
                        .isEqualTo(before);
            } finally {
                database.server().execute("DROP DATABASE " + copy.name() + " WITH (FORCE)");
            }
        }
    }

    /** Without the words that pg_dump makes up each time. */
    private static List<String> dumped(PgClients clients, PgClients.Way way, String... command)
            throws Exception {
        return clients.run(way, command).stream().filter(line -> !line.contains("restrict")).toList();
    }

    private static void receivesLogicalChanges(SharedPostgres postgres, PgClients clients) throws Exception {
        PostgresDatabase database = postgres.database();
        database.execute("SET ROLE client",
                "CREATE TABLE IF NOT EXISTS received (id int PRIMARY KEY, body text)");
        String[] slots = {database.name() + "_direct", database.name() + "_through"};
        PgClients.Way[] ways = {clients.direct(), clients.through()};
        for (int n = 0; n < 2; n++) {
            receive(clients, ways[n], slots[n], "--create-slot", "-P", "test_decoding");
        }
        database.execute("INSERT INTO received SELECT n, 'b' || n FROM generate_series(1, 300) n",
                "UPDATE received SET body = 'changed' WHERE id < 3", "DELETE FROM received WHERE id = 9");
        String end = Objects.requireNonNull(database.value("SELECT pg_current_wal_lsn()"));
        List<String> direct = receive(clients, ways[0], slots[0], "--start", "-f", "-", "--endpos", end);
        assertThat(receive(clients, ways[1], slots[1], "--start", "-f", "-", "--endpos", end))
                .isEqualTo(direct)
                .contains("table public.received: DELETE: id[integer]:9");
        try (Tool follows = clients.start(ways[1], "pg_recvlogical", "-d", ADDRESS, "-S", slots[1], "--start",
                "-f",
                "-", "-F", "0")) {
            database.execute("INSERT INTO received VALUES (1000, 'while it runs')");
            await().until(() -> follows.said().contains("while it runs"));
        }
        String active = "SELECT active FROM pg_replication_slots WHERE slot_name = '" + slots[1] + "'";
        await().until(() -> "f".equals(database.value(active)));
        for (int n = 0; n < 2; n++) {
            receive(clients, ways[n], slots[n], "--drop-slot");
        }
        assertThat(database.rows(active)).isEmpty();
    }

    private static List<String> receive(PgClients clients, PgClients.Way way, String slot, String... how)
            throws Exception {
        return clients.run(way,
                Stream.concat(Stream.of("pg_recvlogical", "-d", ADDRESS, "-S", slot), Stream.of(how))
                        .toArray(String[]::new));
    }

    /** {@code replication=true}: two connections, of which one streams WAL for as long as the other copies files. */
    private static void backsUp(PgClients clients) throws Exception {
        String backup = clients.folder().resolve("backup").toString();
        assertThat(clients.run(clients.through(), "pg_basebackup", "-d", ADDRESS, "-D", backup, "-X",
                "stream", "-c",
                "fast", "-v")).last().asString().contains("base backup completed");
        assertThat(clients.run(clients.direct(), "bash", "-c",
                "$(ls /usr/lib/postgresql/*/bin/pg_verifybackup | tail -1) --no-parse-wal " + backup))
                .last().isEqualTo("backup successfully verified");
    }

    @Nested
    class On14 {
        @RegisterExtension
        static final SharedPostgres postgres = SharedPostgres.version(14);
        @RegisterExtension
        final PgClients clients = new PgClients(postgres, PgClients.USERS);

        @Test
        void dumpedAndRestored() throws Exception {
            dumpsAndRestores(postgres, clients);
        }

        @Test
        void logicalChangesReceived() throws Exception {
            receivesLogicalChanges(postgres, clients);
        }

        @Test
        void backedUp() throws Exception {
            backsUp(clients);
        }
    }

    @Nested
    class On15 {
        @RegisterExtension
        static final SharedPostgres postgres = SharedPostgres.version(15);
        @RegisterExtension
        final PgClients clients = new PgClients(postgres, PgClients.USERS);

        @Test
        void dumpedAndRestored() throws Exception {
            dumpsAndRestores(postgres, clients);
        }

        @Test
        void logicalChangesReceived() throws Exception {
            receivesLogicalChanges(postgres, clients);
        }

        @Test
        void backedUp() throws Exception {
            backsUp(clients);
        }
    }
}
