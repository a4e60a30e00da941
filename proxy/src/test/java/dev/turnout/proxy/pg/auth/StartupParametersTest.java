package dev.turnout.proxy.pg.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.pg.auth.StartupParameters.Replication;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartupParametersTest {
    private static StartupParameters of(String... namesAndValues) {
        SequencedMap<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            parameters.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return StartupParameters.of(parameters);
    }

    private static StartupParameters options(String options) {
        return of("user", "u", "options",
                options.replace("\\t", "\t").replace("\\n", "\n").replace("\\v", "\u000b"));
    }

    /** Each line was given to PostgreSQL 15 as PGOPTIONS; the value is that of current_setting('a.b'). */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, value = {
        "-c a.b=x|x", "-ca.b=x|x", "--a.b=x|x", "--a.B=x|x", "-c a.b=x -c a.b=y|y", "-c a.b=x\\ y|x y",
        "-c a.b=x\\\\y|x\\y", "-c a.b=x\\|x", "-c  a.b=x|x", "-c\\ta.b=x\\n--work-mem=2MB|x",
        "-c a.b=x=y|x=y",
        "-c a.b=|``", "--|", "-ec a.b=x|x", "-eca.b=x|x", "-e-a.b=x|x", "-S 2048 -c a.b=x|x",
        "-S2048 -c a.b=x|x",
        "-c a.b=\"x|\"x", "-c a.b='x'|'x'", "\\-c a.b=x|x", "-\\c a.b=x|x", "-c a.b=x -- |x", "-c a\\.b=x|x",
        "-C work_mem -c a.b=x|x", "   |", "-n -c a.b=x|x", "-tpa -c a.b=x|x", "-t pa -c a.b=x|x",
        "-c a-b.c=1 -c a.b=x|x", "-c A.B=x|x"})
    void findsWhatPostgresFinds(String options, String value) {
        assertThat(options(options).find("a.b").orElse(null)).isEqualTo(value);
    }

    /** PostgreSQL 15 refuses them; nothing is found that could be taken for something that the server will have. */
    @ParameterizedTest
    @ValueSource(strings = {"-c a.b", "--a.b", "-- a.b=x", "- a.b=x", "-S -c a.b=x", "-c =x", "-c -c a.b=x",
        "-s -c",
        "-c\\ a.b=x", "a.b=x"})
    void findsNothingInWhatPostgresRefuses(String options) {
        assertThat(options(options).find("a.b")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-c work-mem=2MB", "-c WORK_MEM=2MB", "--work-mem=2MB", "--Work_Mem=2MB"})
    void dashesInOptionsAreUnderscores(String options) {
        assertThat(options(options).find("work_mem")).contains("2MB");
    }

    @Test
    void aParameterCountsMoreThanOptionsAndOfSeveralTheLast() {
        assertThat(of("application_name", "p", "options", "-c application_name=o").application())
                .contains("p");
        assertThat(options("-c application_name=o").application()).contains("o");
        assertThat(of("DateStyle", "ISO", "datestyle", "German").find("datestyle")).contains("German");
        assertThat(of("work-mem", "1MB").find("work_mem")).as("only options have dashes").isEmpty();
        assertThat(of("user", "u").application()).isEmpty();
    }

    @Test
    void knowsUserAndDatabase() {
        assertThat(of("user", "u", "database", "d").user()).isEqualTo("u");
        assertThat(of("user", "u", "database", "d").database()).isEqualTo("d");
        assertThat(of("user", "u").database()).isEqualTo("u");
        assertThat(of("user", "u", "database", "").find("database")).contains("u");
        assertThat(of("database", "d").user()).isEmpty();
    }

    @Test
    void isNotFooledByNamesThatOnlyLookLikeTheUsers() {
        StartupParameters packet = of("user", "u", "USER", "postgres", "options",
                "-c user=postgres -c database=d");
        assertThat(packet.user()).isEqualTo("u");
        assertThat(packet.find("user")).contains("u");
        assertThat(packet.find("database")).contains("u");
        assertThat(of("user", "u", "wor\u212a_mem", "1MB").find("work_mem")).as("a Kelvin sign is no k")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"true, PHYSICAL", "TRUE, PHYSICAL", "tru, PHYSICAL", "t, PHYSICAL", "yes, PHYSICAL",
        "on, PHYSICAL",
        "1, PHYSICAL", "database, DATABASE", "Database, NONE", "of, NONE", "off, NONE", "o, NONE", "0, NONE",
        "no, NONE", "2, NONE", "'', NONE", "truer, NONE"})
    void readsReplicationAsPostgresDoes(String value, Replication expected) {
        assertThat(of("user", "u", "replication", value).replication()).isEqualTo(expected);
    }

    @Test
    void noReplicationIsNone() {
        assertThat(of("user", "u").replication()).isEqualTo(Replication.NONE);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, value = {
        "-c turnout.target=green|", " -c turnout.target=green |", "--turnout.target=green|",
        "-c turnout.target=green -c a.b=x|-c a.b=x", "-c a.b=x  -c turnout.target=green|-c a.b=x  ",
        "-c a.b=x\\ y -cTurnout.x=1  --turnout.y=2 --c.d=\\\\ -e|-c a.b=x\\ y --c.d=\\\\ -e",
        "-ec turnout.x=1 -c a.b=x|-e -c a.b=x", "-e\\c turnout.x=a\\ b|-e",
        "  -c a.b=turnout.x=1|  -c a.b=turnout.x=1", "-c turnouts.x=1|-c turnouts.x=1"})
    void takesOutWhatIsMeantForTurnoutAndNothingElse(String options, String rest) {
        assertThat(options(options).withoutTurnout().parameters().get("options")).isEqualTo(rest);
    }

    @Test
    void takesOutParametersOfTurnoutAndKeepsTheOrderOfTheOthers() {
        assertThat(of("user", "u", "Turnout.target", "green", "z", "1", "turnout.x", "2", "a", "3")
                .withoutTurnout()
                .parameters()
                .sequencedEntrySet())
                .containsExactly(Map.entry("user", "u"), Map.entry("z", "1"), Map.entry("a", "3"));
    }

    @Test
    void aPacketWithoutTurnoutStaysAsItIs() {
        assertThat(of("user", "u", "options", "   ").withoutTurnout().parameters()).containsEntry("options",
                "   ");
    }

    @Test
    void whatIsSetWinsOverTheClientsOwn() {
        StartupParameters packet = of("user", "u", "Default_Transaction_Read_Only", "off", "options",
                "-c default-transaction-read-only=off --DEFAULT_transaction_read_only=no -c a.b=x", "z", "1");
        StartupParameters readOnly = packet.with("default_transaction_read_only", "on");
        assertThat(readOnly.parameters()
                .sequencedEntrySet()).containsExactly(Map.entry("user", "u"),
                        Map.entry("options", "-c a.b=x"),
                        Map.entry("z", "1"), Map.entry("default_transaction_read_only", "on"));
        assertThat(readOnly.find("default_transaction_read_only")).contains("on");
        assertThat(packet.find("default_transaction_read_only")).as("immutable").contains("off");
    }

    @Test
    void setsTheUserToo() {
        assertThat(of("user", "u", "database", "d").with("user", "mapped").parameters().sequencedEntrySet())
                .containsExactly(Map.entry("user", "mapped"), Map.entry("database", "d"));
    }

    @Test
    void showsNamesOnly() {
        assertThat(of("user", "u", "options", "-c app.token=hush"))
                .hasToString("StartupParameters[user, options]");
    }
}
