package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OverridesReaderTest {
    @TempDir
    Path folder;

    private static String override(String keys) {
        return Shop.with("split.overrides = [ { " + keys + " } ]");
    }

    private List<ForcedSide> overrides(String keys) {
        return new Loading(folder).valid(override(keys)).routes().getFirst().split().overrides();
    }

    private Problem problem(String keys) {
        return new Loading(folder).problem(override(keys));
    }

    @Test
    void aHeaderOrACookieForcesASide() {
        assertThat(overrides("header = X-Canary, value = always, to = green")).containsExactly(
                new ForcedSide(new RequestKey.Header("X-Canary"), "always", Target.GREEN, List.of(), false));
        assertThat(overrides("cookie = Canary, value = always, to = blue")).containsExactly(
                new ForcedSide(new RequestKey.Cookie("Canary"), "always", Target.BLUE, List.of(), false));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"10.1.2.3/8|10.0.0.0/8", "\"10.1.2.3\"|10.1.2.3/32",
        "[\"10.0.0.0/8\"]|10.0.0.0/8", "\"2001:db8::/32\"|2001:db8::/32"})
    void fromSaysWhoMay(String written, String range) {
        assertThat(overrides("header = x, value = a, to = green, from = " + written).getFirst().from())
                .containsExactly(AddressRange.parse(range));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"value = a, to = blue|none of them",
        "header = x, cookie = y, value = a, to = blue|header and cookie"})
    void anOverrideLooksInOnePlace(String keys, String found) {
        Problem problem = problem(keys);

        assertThat(problem.key()).isEqualTo("turnout.routes.shop.split.overrides[0]");
        assertThat(problem.found()).isEqualTo(found);
        assertThat(problem.allowed()).isEqualTo("one of header, cookie");
    }

    @ParameterizedTest
    @ValueSource(strings = {"from = []", "from = [${?OFFICE}]"})
    void anEmptyListIsNotTakenForAnyone(String from) {
        Problem problem = problem("header = x, value = a, to = green, " + from);

        assertThat(problem.key()).isEqualTo("turnout.routes.shop.split.overrides[0].from");
        assertThat(problem.found()).as("whoever sent the header could choose the side")
                .isEqualTo("an empty list");
    }

    @Test
    void aVariableThatIsNotSetLeavesTheSideToAnyoneAndThatIsAWarning() {
        List<Problem> warnings = new Loading(folder)
                .warnings(override("header = x, value = a, to = green, from = ${?OFFICE}"));

        assertThat(warnings).hasSize(1);
        assertThat(warnings.getFirst().line()).isEqualTo(3);
        assertThat(warnings.getFirst().key()).isEqualTo("turnout.routes.shop.split.overrides[0].from");
        assertThat(warnings.getFirst().found())
                .isEqualTo("${?OFFICE} is not set, so anyone may choose the side");
    }

    @Test
    void oneThatIsMisspeltIsOneProblem() {
        assertThat(problem("coookie = y, value = a, to = blue").suggestion()).contains("cookie");
    }

    @Test
    void everythingThatIsWrongIsReported() {
        assertThat(new Loading(folder)
                .places(override("foo = 1\nheader = te\nto = red\nfrom = [\"10.0.0.0/33\"]\n")))
                .containsExactly("3 turnout.routes.shop.split.overrides[0].foo",
                        "3 turnout.routes.shop.split.overrides[0].value",
                        "4 turnout.routes.shop.split.overrides[0].header",
                        "5 turnout.routes.shop.split.overrides[0].to",
                        "6 turnout.routes.shop.split.overrides[0].from[0]");
    }
}
