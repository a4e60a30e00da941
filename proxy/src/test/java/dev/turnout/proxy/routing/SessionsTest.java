package dev.turnout.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.CohortConfig;
import dev.turnout.config.ConfigLoader;
import dev.turnout.config.ConfigResult;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How sessions of PostgreSQL are decided, and what is said of it. */
class SessionsTest {
    private static final String OVERRIDE = """
            split.overrides = [ { startup-option = turnout.target, value = green, to = green, read-only = true } ]
            """;
    private static final String REPORTS = "split.rules = [ { when.user = [report, bi], read-only = true } ]\n";

    @TempDir
    Path folder;

    private Split split(String keys) throws IOException {
        Path file = Files.writeString(folder.resolve("turnout.conf"), """
                turnout.routes.db { protocol = postgresql, listen = "127.0.0.1:0", auth.mode = trust
                blue.endpoints = ["b:1"], green.endpoints = ["g:1"]
                %KEYS% }""".replace("%KEYS%", keys));
        ConfigResult result = ConfigLoader.load(file, Map.of());
        assertThat(result).isInstanceOf(ConfigResult.Valid.class);
        return Split.of(((ConfigResult.Valid) result).config().routes().getFirst());
    }

    private static FakeFacts user(String name) {
        return new FakeFacts().startup("user", name);
    }

    private static Explained explain(Split split, FakeFacts facts) {
        Explained explained = new Explainer(64).explain(Routing.snapshot(split), Routing.ROUTE, facts);
        Decision decision = Routing.decide(split, facts);
        assertThat(explained.rung()).isEqualTo(decision.rung());
        if (explained.certain()) {
            assertThat(explained.target()).isEqualTo(decision.target());
        }
        return explained;
    }

    @Test
    void whatMayWriteGoesToTheWriters() throws IOException {
        Split split = split(REPORTS + "split.green = 100%");
        Explained explained = explain(split, user("app"));

        assertThat(explained.rung()).isEqualTo(Rung.WRITER);
        assertThat(explained.sentence()).isEqualTo(
                "the session may write, and writers have one side while data = replicated: blue");
        assertThat(explained.inputs()).containsEntry("writers", "blue").doesNotContainKey("rule");
        assertThat(Routing.decide(split, user("app")).readOnly()).isFalse();
    }

    @Test
    void whatOnlyReadsHasTheWeightOfTheRoute() throws IOException {
        Split split = split(REPORTS + "split.green = 100%");
        Decision decision = Routing.decide(split, user("bi"));
        Explained explained = explain(split, user("bi"));

        assertThat(decision.rung()).isEqualTo(Rung.RULE);
        assertThat(decision.target()).isEqualTo(Target.GREEN);
        assertThat(decision.readOnly()).isTrue();
        assertThat(explained.sentence()).isEqualTo(
                "rule 1 (user report or bi) has the weight of the route; there is no cohort; green has 100%: green");
        assertThat(explained.inputs()).containsEntry("readOnly", true).containsEntry("when",
                "user report or bi");
        assertThat(Routing.decide(split.withGreen(Share.NONE), user("bi")).target())
                .as("a weight of the running proxy counts").isEqualTo(Target.BLUE);
    }

    @Test
    void aRuleThatMatchesAWriterIsNamed() throws IOException {
        Explained explained = explain(split("split.rules = [ { when.user = app, split = 0% } ]"),
                user("app"));

        assertThat(explained.rung()).isEqualTo(Rung.WRITER);
        assertThat(explained.sentence()).isEqualTo("rule 1 (user app) matches, but the session may write, and"
                + " writers have one side while data = replicated: blue");
        assertThat(explained.inputs()).containsKeys("rule", "when", "writers");
    }

    @Test
    void anOptionForcesTheSideAndHoldsToReading() throws IOException {
        Split split = split(OVERRIDE);
        FakeFacts facts = user("app").startup("turnout.target", "green");
        Explained explained = explain(split, facts);

        assertThat(Routing.decide(split, facts).readOnly()).isTrue();
        assertThat(explained.rung()).isEqualTo(Rung.OVERRIDE);
        assertThat(explained.sentence())
                .isEqualTo("override 1, startup parameter turnout.target=green: green");
        assertThat(explained.inputs()).containsEntry("startup-option", "turnout.target")
                .containsEntry("value", "green").containsEntry("readOnly", true);
        assertThat(explain(split, user("app").header("turnout.target", "green")).rung())
                .isEqualTo(Rung.WRITER);
    }

    @Test
    void aDecisionForgetsThatTheOneBeforeOnlyRead() throws IOException {
        RoutingSnapshot snapshot = Routing.snapshot(split(REPORTS));
        Decider decider = Routing.decider();
        Decision decision = new Decision();
        decider.decide(snapshot, Routing.ROUTE, user("bi"), decision);
        assertThat(decision.readOnly()).isTrue();
        decider.decide(snapshot, Routing.ROUTE, user("app"), decision);
        assertThat(decision.readOnly()).as("a writer must not be held to reading").isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"user = app|user app", "database = [a, b]|database a or b",
        "application = psql|application psql", "startup.TimeZone = UTC|startup timezone=UTC",
        "client = \"192.0.2.0/24\", user = app|client 192.0.2.0/24, user app"})
    void aRuleIsShownInTheWordsOfItsConfiguration(String when, String shown) throws IOException {
        Split split = split("split.rules = [ { when { " + when + " }, to = blue } ]");
        FakeFacts facts = user("app").startup("database", "b").startup("application_name", "psql")
                .startup("timezone", "UTC");

        assertThat(explain(split, facts).sentence()).isEqualTo("rule 1 (" + shown + "): blue");
        assertThat(Routing.decide(split, new FakeFacts().startup("user", "APP")).rung())
                .isEqualTo(Rung.WRITER);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"user = true|user", "application = true|application_name",
        "startup-parameter = TimeZone|timezone"})
    void aStartupParameterMakesACohort(String cohort, String parameter) throws IOException {
        Split split = split(
                "data = shared, split { green = 5%, salt = checkout, cohort { " + cohort + " } }");
        Explained explained = explain(split, new FakeFacts().startup(parameter, "user-1"));

        assertThat(explained.rung()).isEqualTo(Rung.COHORT);
        assertThat(explained.inputs()).containsEntry("bucket", 197_442);
        assertThat(split.config().cohort().map(CohortConfig::mint)).isEqualTo(Optional.of(false));
    }

    @Test
    void sessionsAreNotCalledRequests() throws IOException {
        assertThat(explain(split("data = shared, split.green = 5%"), user("app")).sentence())
                .isEqualTo(
                        "there is no cohort, so each session is dealt out by itself: 5% to green, 95% to blue");
        assertThat(
                explain(split("data = shared, split { green = 5%, cohort.application = true }"), user("app"))
                        .sentence())
                .startsWith("the session has no startup parameter application_name, so each session");
        assertThat(explain(split("split.rules = [ { to = blue } ]"), user("app")).sentence())
                .isEqualTo("rule 1 (any session): blue");
    }
}
