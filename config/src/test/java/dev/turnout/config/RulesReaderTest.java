package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RulesReaderTest {
    private static final RuleConfig.Then TO_GREEN = new RuleConfig.Then.To(Target.GREEN);

    @TempDir
    Path folder;

    private List<RuleConfig> rules(String more) {
        return new Loading(folder).valid(Shop.with(more)).routes().getFirst().split().rules();
    }

    private RequestMatch when(String when) {
        List<RuleConfig> rules = rules("split.rules = [ { when { " + when + " }, to = green } ]");
        assertThat(rules).hasSize(1);
        return rules.getFirst().when();
    }

    private Problem problem(String more) {
        return new Loading(folder).problem(Shop.with(more));
    }

    @Test
    void rulesKeepTheirOrderAndSayWhereOrHowMuch() {
        assertThat(rules("""
                split.rules = [
                  { when.method = POST, to = blue }
                  { when.path-prefix = "/new", split = 12.5% }
                  { to = green }
                ]""")).containsExactly(
                new RuleConfig(
                        new RequestMatch(Set.of("POST"), List.of(), Optional.empty(), Map.of(), Map.of(),
                                Map.of(),
                                List.of()),
                        new RuleConfig.Then.To(Target.BLUE), false),
                new RuleConfig(
                        new RequestMatch(Set.of(), List.of(), Optional.of("/new"), Map.of(), Map.of(),
                                Map.of(),
                                List.of()),
                        new RuleConfig.Then.Split(new Share(125_000)), false),
                new RuleConfig(RequestMatch.ANY, TO_GREEN, false));
    }

    @Test
    void rulesMayStandBesideTheSplit() {
        assertThat(rules("rules = [ { to = green } ]"))
                .containsExactly(new RuleConfig(RequestMatch.ANY, TO_GREEN, false));
        assertThat(rules("rules = []")).isEmpty();
    }

    @Test
    void rulesInBothPlacesAreAProblemThatNamesBoth() {
        Problem problem = problem("split.rules = [ { to = green } ]\nrules = [ { to = blue } ]");

        assertThat(problem.line()).isEqualTo(4);
        assertThat(problem.key()).isEqualTo("turnout.routes.shop.rules");
        assertThat(problem.found()).contains("turnout.routes.shop.split.rules in ", Loading.FILE + ":3");
        assertThat(problem.allowed()).isEqualTo("one of the two");
    }

    @Test
    void whatIsWrongWithRulesBesideTheSplitIsSaidThere() {
        Problem problem = problem("rules = [ { when.methd = GET, to = blue } ]");

        assertThat(problem.key()).isEqualTo("turnout.routes.shop.rules[0].when.methd");
        assertThat(problem.suggestion()).contains("method");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"GET|GET", "[GET]|GET", "[GET, PUT]|GET,PUT", "PURGE|PURGE",
        "\"M-SEARCH\"|M-SEARCH", "purge|purge"})
    void aMethodIsOneOrSeveral(String written, String methods) {
        assertThat(when("method = " + written).methods()).containsExactlyInAnyOrder(methods.split(",", -1));
    }

    @ParameterizedTest
    @CsvSource({"get,GET", "Post,POST", "oPTIONS,OPTIONS"})
    void aStandardMethodInSmallLettersWouldNeverBeAsked(String written, String meant) {
        Problem problem = problem("split.rules = [ { when.method = [PUT, " + written + "], to = blue } ]");

        assertThat(problem.key()).isEqualTo("turnout.routes.shop.split.rules[0].when.method[1]");
        assertThat(problem.suggestion()).contains(meant);
    }

    @Test
    void hostsAndClientsAreOneOrSeveral() {
        assertThat(when("host = Shop.Example, client = 10.0.0.1")).isEqualTo(new RequestMatch(Set.of(),
                List.of(new HostPattern("shop.example", false)), Optional.empty(), Map.of(), Map.of(),
                Map.of(),
                List.of(AddressRange.parse("10.0.0.1/32"))));
        assertThat(when("host = [\"*.example\", \"[::1]\"], client = [\"10.0.0.0/8\", \"::1\"]"))
                .isEqualTo(new RequestMatch(Set.of(),
                        List.of(new HostPattern("example", true), new HostPattern("[::1]", false)),
                        Optional.empty(), Map.of(), Map.of(), Map.of(),
                        List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("::1/128"))));
    }

    @Test
    void headersAreReadInSmallLettersAndParametersAsTheyAre() {
        RequestMatch when = when(
                "header { X-Country = DE, \"x.y\" = 1.0 }, query { A = \"\", ä = \"ü & + %20\" }");

        assertThat(when.headers()).isEqualTo(Map.of("x-country", "DE", "x.y", "1.0"));
        assertThat(when.query()).isEqualTo(Map.of("A", "", "ä", "ü & + %20"));
    }

    @Test
    void parametersThatDifferInLetterCaseAreTwo() {
        assertThat(when("query { a = 1, A = 2 }").query()).isEqualTo(Map.of("a", "1", "A", "2"));
    }

    @Test
    void headersThatDifferOnlyInLetterCaseAreAProblemThatNamesBoth() {
        Problem problem = problem("split.rules = [ { to = blue, when.header {\nX-A = 1\nx-a = 2\n} } ]");

        assertThat(problem.line()).isEqualTo(5);
        assertThat(problem.key()).isEqualTo("turnout.routes.shop.split.rules[0].when.header.x-a");
        assertThat(problem.found())
                .contains("the same as turnout.routes.shop.split.rules[0].when.header.X-A in ", ":4");
    }

    @ParameterizedTest
    @CsvSource({"/,/", "/api,/api", "/api/,/api", "/a/b/,/a/b", "/%20;x=[1],/%20;x=[1]"})
    void aSlashAtTheEndOfAPathPrefixIsCutOff(String written, String prefix) {
        assertThat(when("path-prefix = \"" + written + "\"").pathPrefix()).contains(prefix);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{ to = green }", "{ when {}, to = green }", "{ when = null, to = green }",
        "{ when { header {}, method = null }, split = 5% }"})
    void noRuleIsReachedBehindOneWithoutConditions(String all) {
        List<Problem> problems = new Loading(folder).problems(Shop.with("""
                split.rules = [
                  { when.method = GET, to = blue }
                  %s
                  { when.method = PUT, to = blue }
                  { to = blue }
                ]""".replace("%s", all)));

        assertThat(problems).extracting(problem -> problem.line() + " " + problem.key()).containsExactly(
                "6 turnout.routes.shop.split.rules[2]", "7 turnout.routes.shop.split.rules[3]");
        assertThat(problems).extracting(Problem::found).allMatch(found -> found
                .matches("never reached, because turnout.routes.shop.split.rules\\[1] in .*"
                        + Loading.FILE + ":5 matches every request"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"when.methd = GET", "when.method = get", "when = 5", "when.header = 5",
        "when.user = app", "when.client = []", "whn.method = GET", "when.header.te = a"})
    void aConditionThatIsWrongIsNotTakenForNone(String broken) {
        assertThat(new Loading(folder).problems(
                Shop.with("rules = [ { to = blue, " + broken + " }, { when.method = PUT, to = blue } ]")))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"when.method = GET|none of them",
        "when.method = GET, to = blue, split = 5%|to and split", "to = null|none of them"})
    void aRuleSaysOneThing(String rule, String found) {
        Problem problem = problem("split.rules = [ { " + rule + " } ]");

        assertThat(problem.key()).isEqualTo("turnout.routes.shop.split.rules[0]");
        assertThat(problem.found()).isEqualTo(found);
        assertThat(problem.allowed()).isEqualTo("one of to, split");
    }

    @Test
    void aListThatLostItsVariablesIsNotTakenForAnyone() {
        Problem problem = problem("split.rules = [ { when.client = [${?OFFICE}], to = green } ]");

        assertThat(problem.key()).isEqualTo("turnout.routes.shop.split.rules[0].when.client");
        assertThat(problem.found()).isEqualTo("an empty list");
    }

    @Test
    void aThousandRulesAreRead() {
        String thousand = "{ when.query.n = 1, to = blue },".repeat(1000);

        assertThat(rules("split.rules = [" + thousand + "]")).hasSize(1000);
    }
}
