package dev.turnout.proxy.app;

import static dev.turnout.proxy.app.PgClients.ADDRESS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.postgres.SharedPostgres;
import dev.turnout.proxy.testkit.Tool;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients of several languages, each with a script that prints what it gets. */
@Timeout(120)
class PgClientsProgramsTest {
    @RegisterExtension
    static final SharedPostgres postgres = SharedPostgres.version(18);

    /** Debian's packages are for Debian's Python. */
    private static final String PYTHON = "/usr/bin/python3";
    private static final String CANCELLED = "57014 canceling statement due to user request";

    @RegisterExtension
    final PgClients clients = new PgClients(postgres, PgClients.USERS);

    private List<String> python(String library, String script) throws Exception {
        Tool.requireLibrary(library, PYTHON, "-c", "import " + library);
        return clients.sameOfProgram(PYTHON, PgClients.script(script), ADDRESS);
    }

    private List<String> node(String library, String script) throws Exception {
        Tool.requireNodeClient(library);
        return clients.sameOfProgram("node", "--no-deprecation", PgClients.script(script), ADDRESS);
    }

    @Test
    void psqlRunsAScript() throws Exception {
        assertThat(clients.sameOfProgram("psql", "-X", "-d", ADDRESS, "-f", PgClients.script("psql.sql")))
                .contains("the same file",
                        "Asynchronous notification \"news\" with payload \"payload\" received"
                                + " from server process with PID.");
    }

    @Test
    void psqlCancelsOnInterrupt() throws Exception {
        assertThat(clients.sameOfProgram("bash", PgClients.script("psql-cancel.sh"), ADDRESS))
                .containsExactly(
                        "Cancel request sent", "ERROR:  canceling statement due to user request", "code 1",
                        "0", "OK");
    }

    @Test
    void psycopg2() throws Exception {
        assertThat(python("psycopg2", "psycopg2_client.py")).contains("notify True psycopg2 7000", CANCELLED);
    }

    @Test
    void psycopg3WithPipelines() throws Exception {
        assertThat(python("psycopg", "psycopg3_client.py")).contains("notify psycopg3 hello True", CANCELLED,
                "[(10,), 'divided', (5,)]");
    }

    @Test
    void asyncpg() throws Exception {
        assertThat(python("asyncpg", "asyncpg_client.py")).contains("notify True asyncpg hello",
                "timed out 1");
    }

    @Test
    void nodePostgres() throws Exception {
        assertThat(node("pg", "pg_client.mjs")).contains("pid true", "node hello true", "1000 500500");
    }

    @Test
    void postgresJsWithItsPipelining() throws Exception {
        assertThat(node("postgres", "postgres_client.mjs")).contains("hello", "1002",
                "[[\"insert\",{\"id\":1,\"body\":\"one\"}],[\"insert\",{\"id\":2,\"body\":\"two\"}],"
                        + "[\"update\",{\"id\":1,\"body\":\"eins\"}],[\"delete\",{\"id\":2,\"body\":null}]]");
    }

    @Test
    void phpPdoWithEmulatedAndWithRealPrepares() throws Exception {
        Tool.requireLibrary("php-pgsql", "php", "-r", "exit(extension_loaded('pdo_pgsql') ? 0 : 1);");
        assertThat(clients.sameOfProgram("php", PgClients.script("pdo_client.php"), ADDRESS))
                .contains("\"php\" \"hello\" true", "true [{\"it\":\"alive\"}] \"" + timeZone() + "\"");
    }

    /** As PHP writes it. */
    private static String timeZone() throws Exception {
        return String.valueOf(postgres.database().value("SHOW timezone")).replace("/", "\\/");
    }

    @Test
    void perlDbdPg() throws Exception {
        Tool.requireLibrary("libdbd-pg-perl", "perl", "-MDBD::Pg", "-e", "1");
        assertThat(clients.sameOfProgram("perl", PgClients.script("dbd_client.pl"), ADDRESS))
                .contains("perl 1 hello", "cancelled 1 alive");
    }

    @Test
    void rubyPgWithPipelines() throws Exception {
        Tool.requireLibrary("ruby-pg", "ruby", "-e", "require 'pg'");
        assertThat(clients.sameOfProgram("ruby", PgClients.script("pg_client.rb"), ADDRESS))
                .contains("[\"ruby\", true, \"hello\"]", "[[\"alive\"]]");
    }
}
