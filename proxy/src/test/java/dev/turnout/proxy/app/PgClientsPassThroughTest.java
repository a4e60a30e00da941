package dev.turnout.proxy.app;

import static dev.turnout.proxy.app.PgClients.ADDRESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.postgres.SharedPostgres;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients whose password the proxy has never seen. */
@Timeout(120)
class PgClientsPassThroughTest {
    @RegisterExtension
    static final SharedPostgres postgres = SharedPostgres.version(18);
    @RegisterExtension
    final PgClients clients = new PgClients(postgres, PgClients.PASS_THROUGH);

    @Test
    void libpqOpensManySessions() throws Exception {
        postgres.database().execute(PgClientsPgbenchTest.TABLES);
        clients.run(clients.through(), "pgbench", "-n", "-C", "-c8", "-j2", "-t5", "-f",
                PgClients.script("pgbench-pipeline.sql"), "-M", "extended", ADDRESS);
        assertThat(clients.sameOfProgram("bash", PgClients.script("psql-cancel.sh"), ADDRESS))
                .contains("code 1");
    }

    @Test
    void pgjdbcIsWhoItSays() throws Exception {
        clients.same((way, seen) -> {
            try (var connection = way.connect(Map.of("options", "-c work_mem=6MB"))) {
                seen.add(PgClientsJdbc.rows(connection,
                        "SELECT current_user, session_user, current_setting('work_mem')"));
            }
        });
    }

    @Test
    void aWrongPasswordIsRefused() throws Exception {
        clients.same(
                (way, seen) -> assertThatThrownBy(() -> way.connect(Map.of("password", "guessed")).close())
                        .isInstanceOfSatisfying(SQLException.class,
                                refused -> seen.add(refused.getSQLState() + " " + refused.getMessage())));
    }
}
