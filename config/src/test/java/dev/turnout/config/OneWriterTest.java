package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing sends what may write to a replica. */
class OneWriterTest {
    private static final String READS = "rules = [ { when.user = report, read-only = true } ]\n";

    @TempDir
    Path folder;

    private RouteConfig route(String more) {
        return new Loading(folder).valid(Shop.database(more)).routes().getFirst();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "split.green = 0.0001%|split.green",
        "split { green = 5%, rules = [ { when.user = a, to = green, read-only = true } ] }|split.green",
        "split.overrides = [ { startup-option = a, value = b, to = green } ]|split.overrides[0].to",
        "split.overrides = [ { startup-option = a, value = b, to = green, read-only = false } ]|split.overrides[0].to",
        "split.rules = [ { when.user = a, to = green } ]|split.rules[0].to",
        "rules = [ { when.user = a, to = green } ]|rules[0].to",
        "split.rules = [ { when.user = a, split = 1% } ]|split.rules[0].split"})
    void whatWouldSendWritersAcrossIsAProblemThatSaysWhatToDo(String keys, String key) {
        Problem problem = new Loading(folder).problem(Shop.database(keys));

        assertThat(problem.line()).isEqualTo(3);
        assertThat(problem.key()).isEqualTo("turnout.routes.db." + key);
        assertThat(problem.found()).contains("data = replicated");
        assertThat(problem.allowed()).contains("read-only = true", "cutover", "shared", "independent");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "split.green = 0%",
        "split.green = 5%, " + READS,
        "split { green = 5%, rules = [ { when.user = a, split = 10%, read-only = true } ] }",
        "split.overrides = [ { startup-option = a, value = b, to = blue } ]",
        "split.overrides = [ { startup-option = a, value = b, to = green, read-only = true } ]",
        "split.rules = [ { when.user = a, to = blue }, { when.user = b, split = 0% } ]",
        "split.rules = [ { when.user = a, to = green, read-only = true } ]"})
    void whatOnlyReadsMayGoAcross(String keys) {
        assertThat(route(keys).split().writers()).contains(Target.BLUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "independent"})
    void sessionsOfOtherDatabasesAreSplitAsTheyAre(String data) {
        RouteConfig route = route("data = " + data + ", split { green = 5%, "
                + "overrides = [ { startup-option = a, value = b, to = green } ], "
                + "rules = [ { when.user = a, to = green }, { when.user = b, split = 5%, read-only = true } ] }");

        assertThat(route.split().writers()).isEmpty();
        assertThat(OneWriter.refusal(route, Share.ALL)).isEmpty();
        assertThat(OneWriter.drainRefusal(route, Target.BLUE)).isEmpty();
    }

    @Test
    void aRouteForHttpHasNoWriters() {
        RouteConfig route = new Loading(folder).valid(Shop.with("split.green = 5%")).routes().getFirst();

        assertThat(route.split().writers()).isEmpty();
        assertThat(OneWriter.refusal(route, Share.ALL)).isEmpty();
        assertThat(OneWriter.drainRefusal(route, Target.BLUE)).isEmpty();
    }

    @Test
    void aWeightWithoutReadsToShareIsRefused() {
        assertThat(OneWriter.refusal(route(""), new Share(50_000)).orElseThrow())
                .startsWith("green: 5%, where data = replicated").contains("read-only = true", "cutover");
        assertThat(OneWriter.refusal(route(""), Share.NONE)).isEmpty();
        assertThat(OneWriter.refusal(route(READS), new Share(50_000))).isEmpty();
    }

    @Test
    void theSideOfTheWritersIsNotDrained() {
        assertThat(OneWriter.drainRefusal(route(READS), Target.BLUE).orElseThrow())
                .startsWith("drain: blue, where data = replicated").contains("cutover", "shared");
        assertThat(OneWriter.drainRefusal(route(READS), Target.GREEN)).isEmpty();
    }

    @Test
    void aMisspeltWordInARuleIsNotTakenForARefusal() {
        List<Problem> problems = new Loading(folder).problems(Shop.database(
                "split { green = 5%, rules = [ { when.user = a, read-onyl = true } ] }"));

        assertThat(problems).extracting(Problem::key)
                .containsExactly("turnout.routes.db.split.rules[0].read-onyl");
    }

    @Test
    void aRuleThatOnlyReadsHasTheWeightOfTheRoute() {
        assertThat(route(READS).split().rules()).extracting(RuleConfig::then)
                .containsExactly(new RuleConfig.Then.Weight());
    }

    @Test
    void aRuleThatOnlyReadsSaysOneThingAtMost() {
        Problem problem = new Loading(folder).problem(Shop.database(
                "split.rules = [ { when.user = a, to = green, split = 1%, read-only = true } ]"));

        assertThat(problem.found()).isEqualTo("to and split");
    }
}
