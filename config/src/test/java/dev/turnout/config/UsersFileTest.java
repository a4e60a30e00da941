package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Users in a file as PgBouncer has it. */
class UsersFileTest {
    private static final String SECRET = "hunter2hunter2";
    private static final String SCRAM = "SCRAM-SHA-256$4096:c2FsdHNhbHQ=$" + "A".repeat(43) + "=:"
            + "B".repeat(42)
            + "A=";

    @TempDir
    Path folder;

    private static String keys(String more) {
        return Shop.databaseWithoutAuth("a:1", "auth { users-file = \"users.txt\"" + more + " }");
    }

    private Loading file(String text) {
        new Loading(folder).write("users.txt", text);
        return new Loading(folder);
    }

    private PostgresAuth auth(String text) {
        return file(text).valid(keys("")).routes().getFirst().postgres().orElseThrow().auth();
    }

    private Problem problem(String text) {
        return file(text).problem(keys(""));
    }

    @Test
    void namesAndSecretsAreReadAndTheModeFollows() {
        PostgresAuth auth = auth("; users\n# more\n\n\"app\" \"" + SECRET + "\"\n  \"a b\"\t\"" + SCRAM
                + "\"  \r\n\"o\"\"neil\" \"say \"\"hi\"\"\"\n\";\" \"#\"");

        assertThat(auth.mode()).isEqualTo(PostgresAuth.Mode.USERS);
        assertThat(auth.users()).containsExactly(user("app", SECRET), user("a b", SCRAM),
                user("o\"neil", "say \"hi\""), user(";", "#"));
    }

    private static PostgresAuth.User user(String name, String secret) {
        return new PostgresAuth.User(name, new Secret(secret));
    }

    @ParameterizedTest
    @ValueSource(strings = {"app " + SECRET, "\"app\"", "\"app\" " + SECRET, "\"app\" \"" + SECRET,
        "\"app\"\"" + SECRET + "\"", "\"app\" \"" + SECRET + "\" more", "'app' '" + SECRET + "'",
        "app = \"" + SECRET + "\"", "\"app\" \"" + SECRET + "\"\"", "\"\" \"" + SECRET + "\"", "\"app\" \"\"",
        "\"app\" \"SCRAM-SHA-256$" + SECRET + "\"", "\"a\u0001\" \"" + SECRET + "\"",
        "\"app\" \"" + SECRET + "\u0000\""})
    void aLineThatDoesNotFitIsOneProblemThatHidesIt(String line) {
        Problem problem = problem("\"first\" \"one\"\n" + line + "\n\"last\" \"one\"\n");

        assertThat(problem.file()).isEqualTo(folder.resolve("users.txt").toString());
        assertThat(problem.line()).isEqualTo(2);
        assertThat(problem.key()).isEqualTo("turnout.routes.db.auth.users-file");
        assertThat(problem.toString()).as("a broken line may be a password").doesNotContain(SECRET);
    }

    @Test
    void theSameNameTwiceIsAProblemThatNamesBoth() {
        Problem problem = problem("\"app\" \"a\"\n\"App\" \"b\"\n\"app\" \"c\"\n");

        assertThat(problem.line()).isEqualTo(3);
        assertThat(problem.found()).isEqualTo("the same name as in " + folder.resolve("users.txt") + ":1");
    }

    @Test
    void aNameThatTheConfigurationHasIsAProblemThatNamesIt() {
        Problem problem = file("\"app\" \"a\"\n").problem(keys(", users = [ { name = app, password = b } ]"));

        assertThat(problem.line()).isOne();
        assertThat(problem.found()).startsWith("the same name as in ").endsWith(Loading.FILE + ":3");
    }

    @Test
    void aFileThatIsNotThereIsAProblemWhereItIsNamed() {
        Problem problem = new Loading(folder).problem(keys(""));

        assertThat(problem.file()).endsWith(Loading.FILE);
        assertThat(problem.line()).isEqualTo(3);
        assertThat(problem.found()).isEqualTo("no such file");
    }

    @Test
    void bytesThatAreNoTextAreAProblemOfTheirLine() throws IOException {
        Files.write(folder.resolve("users.txt"), new byte[]{'"', 'a', '"', '\n', (byte) 0xFF});
        Problem problem = new Loading(folder).problem(keys(""));

        assertThat(problem.line()).isEqualTo(2);
        assertThat(problem.found()).isEqualTo("bytes that are not UTF-8");
    }

    @Test
    void thereMayBeAHundredThousand() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            text.append("\"u").append(i).append("\" \"p\"\n");
        }
        assertThat(auth(text.toString()).users()).hasSize(100_000);
        assertThat(problem(text + "\"one\" \"more\"").found()).startsWith("100001 users");
    }

    @Test
    void problemsStandBehindThoseOfTheConfiguration() {
        List<Problem> problems = file("x\n").problems(keys(", foo = 1"));

        assertThat(problems).extracting(Problem::line).containsExactly(3, 1);
    }
}
