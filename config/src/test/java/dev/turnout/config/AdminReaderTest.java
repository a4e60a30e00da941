package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminReaderTest {
    private static final String ROUTE = "routes.shop { protocol = http, listen = \"a:1\", "
            + "blue.endpoints = [\"b:1\"], green.endpoints = [\"g:1\"] }";
    /** Long runs of one letter: any piece of it would show. */
    private static final String SECRET = "QQQQQQQQQQQQQQQQ";

    @TempDir
    Path folder;

    private static String tokens(String... entries) {
        return "turnout { " + ROUTE + "\nadmin.tokens = [\n" + String.join("\n", entries) + "\n] }\n";
    }

    @Test
    void anEntryWhoseVariableIsNotSetIsIgnoredWithAWarning() {
        String text = tokens("{ name = ops, role = operator, token = ${?TURNOUT_TOKEN} }",
                "{ name = eve, role = viewer, token = eve-token }");
        Loading loading = new Loading(folder);

        assertThat(loading.valid(text).admin().tokens()).extracting(TokenConfig::name).containsExactly("eve");
        assertThat(loading.warnings(text)).singleElement().satisfies(warning -> {
            assertThat(warning.line()).isEqualTo(3);
            assertThat(warning.key()).isEqualTo("turnout.admin.tokens[0].token");
            assertThat(warning.found()).isEqualTo("${?TURNOUT_TOKEN} is not set, so this entry is ignored");
        });
    }

    @Test
    void anEntryThatNamesNoTokenIsIgnoredWithAWarning() {
        assertThat(new Loading(folder).warnings(tokens("{ name = ops, role = operator }"))).singleElement()
                .satisfies(warning -> assertThat(warning.line()).isEqualTo(3));
    }

    @Test
    void theTokenComesFromTheEnvironmentThatIsPassedIn() {
        TurnoutConfig config = new Loading(folder).with("TURNOUT_TOKEN", SECRET)
                .valid(tokens("{ name = ops, role = admin, token = ${?TURNOUT_TOKEN} }"));

        assertThat(config.admin().tokens())
                .containsExactly(new TokenConfig("ops", Role.ADMIN, new Secret(SECRET)));
        assertThat(config.toString()).doesNotContain("QQ");
    }

    @Test
    void aTokenOfDigitsKeepsThemAll() {
        assertThat(new Loading(folder)
                .valid(tokens("{ name = ops, role = admin, token = 0012345678901234567890 }"))
                .admin().tokens().getFirst().token().reveal()).isEqualTo("0012345678901234567890");
    }

    @Test
    void twoEntriesOfOneNameAreAProblem() {
        Problem problem = new Loading(folder)
                .problem(tokens("{ name = ops, role = admin, token = token-one }",
                        "{ name = ops, role = viewer, token = token-two }"));

        assertThat(problem.line()).isEqualTo(4);
        assertThat(problem.key()).isEqualTo("turnout.admin.tokens[1].name");
        assertThat(problem.found()).contains(":3");
    }

    @Test
    void twoEntriesOfOneTokenAreAProblemThatDoesNotSayWhich() {
        Problem problem = new Loading(folder)
                .problem(tokens("{ name = a, role = admin, token = " + SECRET + " }",
                        "{ name = b, role = viewer, token = " + SECRET + " }"));

        assertThat(problem.line()).isEqualTo(4);
        assertThat(problem.toString()).contains(":3").doesNotContain("QQ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"QQQQ", "{ a = QQQQQQQQ }", "{ QQQQQQQQ = a }", "[ QQQQQQQQ ]", "\"QQQQQQQQ QQ\"",
        "QQQQQQQQ QQQQQ", "\"QQQQQQQQ\\u0007\"", "${?SHORT}", "${?SHORT}\"QQQ \"",
        // what cannot be parsed, or resolved
        "\"QQQQQQQQ", "QQQQ$QQQQ", "QQQQ^QQQQ", "QQQQ`QQQQ", "'QQQQ:QQQQ'", "QQQQ}QQQQ", "{ QQQQ QQQQ",
        "QQQQQ = QQQQQQ", "\"QQQQ\\xQQQQ\"", "\"QQQQ\"{ a = QQQQ }", "[QQQQ]QQQQQ", "QQQQ${UNSET}",
        "QQQQ${turnout.admin}", "\"\"\"QQQQ", "QQQQ\" QQQQ: \"", "QQQQ+QQQQ", "QQQQ,QQQQ", "QQQQ?QQQQ",
        "escape QQQQ'$' ^QQ", "@0: 1: QQQQ ^ QQQ"})
    void noMessageHoldsAnyOfASecret(String value) {
        List<Problem> problems = new Loading(folder).with("SHORT", "QQQ")
                .problems(tokens("{ name = ops, role = operator, token = " + value + " }"));

        assertThat(problems).isNotEmpty();
        assertThat(problems.toString()).as("a log of it would give the token away")
                .doesNotContain("QQ");
    }

    @Test
    void aValueFromTheEnvironmentIsNotShownAndStandsWhereItIsNamed() {
        Problem problem = new Loading(folder).with("LISTEN", SECRET)
                .problem("turnout {\n" + ROUTE + "\nadmin {\n  listen = ${LISTEN}\n} }\n");

        assertThat(problem.line()).isEqualTo(4);
        assertThat(problem.toString()).contains("from the environment").doesNotContain("QQ");
    }
}
