package dev.turnout.proxy.app;

import static dev.turnout.proxy.app.PgClients.ADDRESS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.postgres.SharedPostgres;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** pgbench, and whether the database holds what it says that it has done. */
@Timeout(120)
class PgClientsPgbenchTest {
    /** For pgbench-pipeline.sql. */
    static final String[] TABLES = {"CREATE TABLE piped AS SELECT generate_series(1, 5) AS id, 0 AS total",
        "CREATE TABLE piped_history (id int, delta int)",
        "GRANT ALL ON piped, piped_history TO PUBLIC"};

    @RegisterExtension
    static final SharedPostgres postgres = SharedPostgres.version(18);
    @RegisterExtension
    final PgClients clients = new PgClients(postgres, PgClients.USERS);

    @BeforeAll
    static void tablesForPipelines() throws Exception {
        postgres.database().execute(TABLES);
    }

    private void bench(int transactions, String... how) throws Exception {
        List<String> command = new ArrayList<>(List.of("pgbench", "-n"));
        command.addAll(List.of(how));
        command.add(ADDRESS);
        assertThat(clients.run(clients.through(), command.toArray(String[]::new))).contains(
                "number of transactions actually processed: " + transactions + "/" + transactions,
                "number of failed transactions: 0 (0.000%)");
    }

    @ParameterizedTest
    @CsvSource({"simple, -c4", "extended, -c4", "prepared, -c4", "simple, -C", "prepared, -C"})
    void transactionsAreThere(String mode, String how) throws Exception {
        clients.run(clients.through(), "pgbench", "-i", "-q", "-s1", ADDRESS);
        int each = 100;
        int count = how.equals("-C") ? each : 4 * each;
        bench(count, "-M", mode, how, "-t" + each);
        bench(count, "-M", mode, how, "-t" + each, "-S");

        assertThat(postgres.database().rows("""
                SELECT (SELECT count(*) FROM pgbench_history), (SELECT count(*) FROM pgbench_accounts),
                (SELECT sum(abalance) FROM pgbench_accounts) = (SELECT sum(delta) FROM pgbench_history),
                (SELECT sum(bbalance) FROM pgbench_branches) = (SELECT sum(delta) FROM pgbench_history)
                """)).containsExactly(List.of(Integer.toString(count), "100000", "t", "t"));
    }

    @ParameterizedTest
    @CsvSource({"extended", "prepared"})
    void pipelinesAreThere(String mode) throws Exception {
        postgres.database().execute("TRUNCATE piped_history", "UPDATE piped SET total = 0");
        bench(800, "-M", mode, "-c8", "-j2", "-t100", "-f", PgClients.script("pgbench-pipeline.sql"));

        assertThat(postgres.database().rows("SELECT count(*), sum(delta) = (SELECT sum(total) FROM piped)"
                + " FROM piped_history")).containsExactly(List.of("800", "t"));
    }
}
