package dev.turnout.proxy.app;

import static dev.turnout.proxy.app.PgRoutes.login;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.postgres.PostgresServer;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawPostgres;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Users that only the servers know. */
@ExtendWith(LeakCheck.class)
class PgLoginPassThroughTest {
    private static final String WRONG = "refused: 28P01 password authentication failed for user \"app\"";
    /** As docs/postgresql.md has it. */
    private static final String FUNCTION = """
            CREATE FUNCTION public.turnout_verifier(name text, OUT rolname name, OUT verifier text) LANGUAGE sql STABLE
              SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
                SELECT rolname, CASE WHEN rolvaliduntil < now() THEN NULL ELSE rolpassword END
                FROM pg_authid WHERE rolname = $1 AND rolcanlogin AND NOT rolsuper $$""";
    private static PostgresServer blue;
    private static PostgresServer green;

    @RegisterExtension
    final Rig rig = new Rig();

    @BeforeAll
    static void start() throws Exception {
        blue = PostgresServer.version(18).start();
        green = PostgresServer.version(18).start();
        for (PostgresServer server : new PostgresServer[]{blue, green}) {
            server.execute("CREATE ROLE turnout LOGIN PASSWORD 'looks-up'", FUNCTION,
                    "REVOKE ALL ON FUNCTION public.turnout_verifier FROM PUBLIC",
                    "GRANT EXECUTE ON FUNCTION public.turnout_verifier TO turnout", "CREATE ROLE app");
        }
    }

    @AfterAll
    static void stop() {
        blue.close();
        green.close();
    }

    @BeforeEach
    void sameVerifierOnBothSides() throws Exception {
        blue.execute("ALTER ROLE app LOGIN VALID UNTIL 'infinity' PASSWORD 'sesame'");
        copyToGreen();
    }

    private static void copyToGreen() throws Exception {
        green.execute(
                "ALTER ROLE app LOGIN PASSWORD '" + Objects.requireNonNull(blue.database("postgres").value(
                        "SELECT rolpassword FROM pg_authid WHERE rolname = 'app'")) + "'");
    }

    private static String query(String sql) {
        return "auth.query { user = turnout, password = looks-up, sql = \"" + sql + "\" }";
    }

    private static String query() {
        return query("SELECT * FROM public.turnout_verifier($1)");
    }

    private void start(String lines) throws IOException {
        rig.startFile(PgRoutes.two(blue.port(), green.port(), lines));
    }

    private String whoAmI(String password) throws IOException {
        return login(rig, "app", password, "postgres").query("SELECT session_user").getFirst();
    }

    @Test
    void aPasswordThatOnlyTheServersKnowOpensBothSides() throws Exception {
        start(query());
        assertThat(whoAmI("sesame")).isEqualTo("app");
        assertThatThrownBy(() -> whoAmI("other")).hasMessage(WRONG);
        rig.reload(PgRoutes.two(blue.port(), green.port(), query() + ", split.green = 100%"));
        RawPostgres client = login(rig, "app", "sesame", "postgres");
        assertThat(client.query("SHOW port")).containsExactly(Integer.toString(green.port()));
    }

    @Test
    void theDefaultStatementServesASuperuser() throws Exception {
        start("auth.query { user = postgres }");
        assertThat(whoAmI("sesame")).isEqualTo("app");
    }

    @Test
    void unequalVerifiersAreToldWithWhatToDo() throws Exception {
        green.execute("ALTER ROLE app PASSWORD 'sesame'");
        start(query() + ", split.green = 100%");
        assertThatThrownBy(() -> whoAmI("sesame")).hasMessageStartingWith("refused: 28000 ")
                .hasMessageContaining("verifier").hasMessageContaining("expected: ");
        copyToGreen();
        assertThat(whoAmI("sesame")).isEqualTo("app");
    }

    @Test
    void aPasswordThatWasChangedOpensAtTheSecondAttemptAtTheLatest() throws Exception {
        start(query());
        assertThat(whoAmI("sesame")).isEqualTo("app");
        blue.execute("ALTER ROLE app PASSWORD 'newer'");
        assertThatThrownBy(() -> whoAmI("newer")).as("the verifier of before is still at hand")
                .hasMessage(WRONG);
        assertThat(whoAmI("newer")).isEqualTo("app");
        assertThatThrownBy(() -> whoAmI("sesame")).hasMessage(WRONG);
    }

    @Test
    void aPasswordThatWasChangedNoLongerOpensWithTheOldOne() throws Exception {
        start(query());
        assertThat(whoAmI("sesame")).isEqualTo("app");
        blue.execute("ALTER ROLE app PASSWORD 'newer'");
        assertThatThrownBy(() -> whoAmI("sesame")).as("the server has the last word")
                .hasMessageStartingWith("refused: 28");
        assertThat(whoAmI("newer")).isEqualTo("app");
    }

    /** CVE-2025-2291 of PgBouncer. */
    @Test
    void aPasswordThatIsNoLongerValidOpensNothing() throws Exception {
        blue.execute("ALTER ROLE app VALID UNTIL '2001-01-01'");
        start(query());
        assertThatThrownBy(() -> whoAmI("sesame")).hasMessage(WRONG);
        blue.execute("ALTER ROLE app VALID UNTIL 'infinity'");
        assertThat(whoAmI("sesame")).isEqualTo("app");
        blue.execute("ALTER ROLE app VALID UNTIL '2001-01-01'");
        assertThatThrownBy(() -> whoAmI("sesame")).as("also while its verifier is at hand")
                .hasMessageStartingWith("refused: 28").hasMessageContaining("expired");
        assertThatThrownBy(() -> whoAmI("sesame")).as("which it is no longer").hasMessage(WRONG);
    }

    @Test
    void aRoleThatMayNotLogInIsToldAsAnUnknownOne() throws Exception {
        blue.execute("ALTER ROLE app NOLOGIN");
        start(query());
        assertThatThrownBy(() -> whoAmI("sesame")).hasMessage(WRONG);
        assertThatThrownBy(() -> login(rig, "nobody", "sesame", "postgres"))
                .hasMessage(WRONG.replace("app", "nobody"));
    }

    @Test
    void aSuperuserDoesNotComeInByTheFunctionOfTheManual() throws Exception {
        blue.execute("CREATE ROLE boss SUPERUSER LOGIN PASSWORD 'sesame'");
        start(query());
        assertThatThrownBy(() -> login(rig, "boss", "sesame", "postgres")).hasMessageContaining("28P01");
    }

    /** CVE-2025-12819 of PgBouncer: the look-up ran with the search_path of whoever asked to come in. */
    @Test
    void theLookUpRunsWithNothingOfTheClients() throws Exception {
        blue.execute("CREATE SCHEMA IF NOT EXISTS evil",
                "CREATE OR REPLACE FUNCTION evil.turnout_verifier(name text, OUT rolname name, OUT verifier text)"
                        + " LANGUAGE sql AS $$ SELECT 'app', 'SCRAM-SHA-256$4096:AAAAAAAAAAAAAAAAAAAAAA==$"
                        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' $$",
                "GRANT USAGE ON SCHEMA evil TO PUBLIC");
        start(query());
        RawPostgres client = PgRoutes.open(rig);
        client.login(RawPostgres.VERSION_3_0, "sesame",
                PgRoutes.parameters("user", "app", "database", "postgres",
                        "search_path", "evil", "options", "-c search_path=evil"));
        assertThat(client.query("SHOW search_path")).containsExactly("evil");
    }

    @Test
    void aNameIsAValueAndNeverSql() throws Exception {
        start(query());
        assertThatThrownBy(() -> login(rig, "x' OR '1'='1", "sesame", "postgres"))
                .hasMessageContaining("28P01");
        assertThatThrownBy(() -> login(rig, "$1); DROP ROLE app; --", "sesame", "postgres"))
                .hasMessageContaining("28P01");
        assertThat(whoAmI("sesame")).isEqualTo("app");
    }

    @Test
    void theOtherSideIsAskedWhenOneDoesNotAnswer() throws Exception {
        int nobody = TwoSides.free().getPort();
        rig.startFile(PgRoutes.two(nobody, green.port(), query() + ", split.green = 100%"));
        assertThat(whoAmI("sesame")).isEqualTo("app");
    }

    @Test
    void aLookUpThatNoServerAnswersIsToldAndLogged() throws Exception {
        int nobody = TwoSides.free().getPort();
        try (PgLog log = new PgLog()) {
            rig.startFile(PgRoutes.two(nobody, nobody, query()));
            assertThatThrownBy(() -> whoAmI("sesame"))
                    .hasMessage("refused: 57P03 no server can be asked who may log in");
            assertThat(log.text()).contains("WARN auth.query failed", "127.0.0.1:" + nobody)
                    .doesNotContain("looks-up");
        }
    }

    @Test
    void aLookUpThatMayNotIsToldAndItsReasonIsLogged() throws Exception {
        try (PgLog log = new PgLog()) {
            start(query("SELECT rolname, rolpassword FROM pg_authid WHERE rolname = $1"));
            assertThatThrownBy(() -> whoAmI("sesame"))
                    .hasMessage("refused: 28000 the server cannot say who may log in");
            assertThat(log.text()).contains("route=db", "permission denied for table pg_authid")
                    .doesNotContain("looks-up");
        }
    }

    /** A look-up that answers nonsense says at most that there is no such user, at once. */
    @org.junit.jupiter.params.ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(strings = {
        "SELECT $1::text, 'nonsense'", "SELECT $1::text, 'SCRAM-SHA-256$nonsense'",
        "SELECT $1::text, 'SCRAM-SHA-256$0:AAAA$AAAA:AAAA'",
        "SELECT $1::text, 'md5nonsensenonsensenonsensenonsen12'",
        "SELECT $1::text, ''", "SELECT $1::text, NULL", "SELECT NULL, $1::text", "SELECT 'other', $1::text",
        "SELECT $1::text, 'x' WHERE false"})
    void aLookUpThatAnswersNonsenseOpensNothing(String sql) throws Exception {
        start(query(sql));
        assertThatThrownBy(() -> whoAmI("sesame")).hasMessage(WRONG);
    }

    @org.junit.jupiter.params.ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(strings = {
        "SELECT $1::text", "SELECT 1 / (length($1) - 3)", "SELECT $1::text, repeat('x', 100000)",
        "SELECT $1::text FROM nowhere", "COPY (SELECT '$1') TO STDOUT"})
    void aLookUpThatCannotBeUnderstoodIsToldAsSuch(String sql) throws Exception {
        start(query(sql) + ", timeouts.authenticate = 3s");
        assertThatThrownBy(() -> whoAmI("sesame"))
                .hasMessage("refused: 28000 the server cannot say who may log in");
    }
}
