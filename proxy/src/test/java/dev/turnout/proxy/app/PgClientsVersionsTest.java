package dev.turnout.proxy.app;

import static dev.turnout.proxy.app.PgClients.ADDRESS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.postgres.SharedPostgres;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Servers of the other versions: what every client needs. */
@Timeout(120)
class PgClientsVersionsTest {
    private static void sameEssentials(PgClients clients, int major) throws Exception {
        assertThat(clients.same((way, seen) -> {
            try (var first = way.connect(Map.of());
                    var second = way.connect(Map.of("preferQueryMode", "simple"))) {
                seen.add("version " + first.getMetaData().getDatabaseMajorVersion());
                PgClientsJdbc.statements(first, seen);
                PgClientsJdbc.copies(first, seen);
                PgClientsJdbc.cancels(first, second, seen);
                PgClientsJdbc.cancels(second, first, seen);
                PgClientsJdbc.listens(first, second, seen);
            }
        })).contains("version " + major, "true", "in 20000", "out 20000", "equal true", "jdbc hello true",
                "57014 ERROR: canceling statement due to user request").endsWith("jdbc hello true");
        assertThat(clients.sameOfProgram("psql", "-X", "-d", ADDRESS, "-f", PgClients.script("psql.sql")))
                .contains("the same file");
    }

    @Nested
    class On14 {
        @RegisterExtension
        static final SharedPostgres postgres = SharedPostgres.version(14);
        @RegisterExtension
        final PgClients clients = new PgClients(postgres, PgClients.USERS);

        @Test
        void clientsSeeTheSame() throws Exception {
            sameEssentials(clients, 14);
        }
    }

    @Nested
    class On15 {
        @RegisterExtension
        static final SharedPostgres postgres = SharedPostgres.version(15);
        @RegisterExtension
        final PgClients clients = new PgClients(postgres, PgClients.USERS);

        @Test
        void clientsSeeTheSame() throws Exception {
            sameEssentials(clients, 15);
        }
    }

    @Nested
    class On16 {
        @RegisterExtension
        static final SharedPostgres postgres = SharedPostgres.version(16);
        @RegisterExtension
        final PgClients clients = new PgClients(postgres, PgClients.USERS);

        @Test
        void clientsSeeTheSame() throws Exception {
            sameEssentials(clients, 16);
        }
    }

    @Nested
    class On17 {
        @RegisterExtension
        static final SharedPostgres postgres = SharedPostgres.version(17);
        @RegisterExtension
        final PgClients clients = new PgClients(postgres, PgClients.USERS);

        @Test
        void clientsSeeTheSame() throws Exception {
            sameEssentials(clients, 17);
        }
    }
}
