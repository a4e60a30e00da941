package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.proxy.testkit.LeakCheck;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each step of the ladder with real sessions: where they are, what explain says, what is counted, what operators see. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class PgLadderTest {
    private static final String RULES = """
            rules = [
              { when { user = side_report, application = nightly }, to = green }
              { when { startup { search_path = archive } }, to = green }
              { when { database = nobodys }, to = green }
              { when { application = [ "a b", ünï ] }, to = green }
              { when { client = "127.0.0.9" }, to = green } ]
            """;

    @RegisterExtension
    static final PgSides sides = new PgSides();
    @RegisterExtension
    private final Rig rig = new Rig();
    private @Nullable RigOperator started;

    private RigOperator operator() {
        return Objects.requireNonNull(started, "not started");
    }

    private void start(String lines) throws Exception {
        rig.startFile(sides.route(lines));
        started = rig.closing(new RigOperator(rig));
    }

    private JsonNode explain(String query) throws Exception {
        return operator().get("/routes/db/explain?" + query);
    }

    private double decided(String rung, String target) throws Exception {
        return rig.metric(
                "turnout_decisions_total{route=\"db\",rung=\"" + rung + "\",target=\"" + target + "\"}");
    }

    private void assertOn(String side, String rung, String query, String user, String... more)
            throws Exception {
        double before = decided(rung, side);
        try (Connection session = sides.connect(rig, user, more)) {
            assertThat(sides.side(session)).as(query).isEqualTo(side);
            JsonNode seen = operator().get("/routes/db/sessions?user=" + user).path("sessions");
            assertThat(seen.findValuesAsText("target")).contains(side);
        }
        JsonNode explained = explain("user=" + user + "&database=" + sides.blue().name() + query);
        assertThat(explained.path("target").asText()).as(explained.toString()).isEqualTo(side);
        assertThat(explained.path("rung").asText()).as(explained.toString()).isEqualTo(rung);
        assertThat(decided(rung, side)).isEqualTo(before + 1);
    }

    @Test
    void aStartupOptionChoosesTheSideAndNoServerHearsOfIt() throws Exception {
        start("split.overrides = [ { startup-option = turnout.target, value = green, to = green, from = \"127.0.0.0/8\" } ]");
        assertOn("green", "override", "&startup=turnout.target%3Dgreen&client=127.0.0.1", PgSides.APP,
                "options",
                "-c turnout.target=green -c work_mem=12MB");
        assertOn("blue", "unkeyed", "&startup=turnout.target%3DGREEN&client=127.0.0.1", PgSides.APP,
                "options",
                "-c turnout.target=GREEN");
        try (Connection session = sides.connect(rig, PgSides.APP, "options",
                "-c turnout.target=green -c work_mem=12MB")) {
            assertThat(PgSides.value(session, "SHOW work_mem")).isEqualTo("12MB");
            assertThat(PgSides.value(session, "SELECT current_setting('turnout.target', true) IS NULL"))
                    .isEqualTo("t");
        }
    }

    @Test
    void aStartupOptionFromAnAddressThatMayNotChooseIsTakenOutAndChangesNothing() throws Exception {
        start("split.overrides = [ { startup-option = turnout.target, value = green, to = green, from = \"10.0.0.0/8\" } ]");
        assertOn("blue", "unkeyed", "&startup=turnout.target%3Dgreen&client=127.0.0.1", PgSides.APP,
                "options",
                "-c turnout.target=green");
        try (Connection session = sides.connect(rig, PgSides.APP, "options", "-c turnout.target=green")) {
            assertThat(PgSides.value(session, "SELECT current_setting('turnout.target', true) IS NULL"))
                    .isEqualTo("t");
        }
    }

    @Test
    void rulesLookAtUserDatabaseApplicationAndOtherParameters() throws Exception {
        start(RULES);
        assertOn("green", "rule", "&application=nightly", PgSides.REPORT, "ApplicationName", "nightly");
        assertOn("blue", "unkeyed", "&application=nightly", PgSides.APP, "ApplicationName", "nightly");
        assertOn("blue", "unkeyed", "&application=daily", PgSides.REPORT, "ApplicationName", "daily");
        assertOn("green", "rule", "&startup=search_path%3Darchive", PgSides.APP, "options",
                "-c search_path=archive");
        assertOn("green", "rule", "&application=a+b", PgSides.APP, "ApplicationName", "a b");
        assertOn("green", "rule", "&application=" + RigOperator.inQuery("ünï"), PgSides.APP,
                "ApplicationName", "ünï");
        assertThat(explain("user=x&database=nobodys").path("target").asText()).isEqualTo("green");
        assertThat(explain("user=nobodys").path("target").asText())
                .as("a client that names no database asks for that of its user's name").isEqualTo("green");
    }

    @Test
    void rulesLookAtTheAddressOfTheClient() throws Exception {
        start("rules = [ { when { client = \"127.0.0.0/30\" }, to = green } ]");
        assertOn("green", "rule", "&client=127.0.0.1", PgSides.APP);
        assertThat(explain("user=a&client=127.0.0.9").path("target").asText()).isEqualTo("blue");
    }

    @Test
    void aUserStaysWhereTheHashOfTheKeyIs() throws Exception {
        start("split { green = 50%, cohort.application = true }");
        Set<String> seen = new TreeSet<>();
        for (String application : IntStream.range(0, 12).mapToObj(number -> "app-" + number).toList()) {
            String side = explain("user=x&application=" + application).path("target").asText();
            seen.add(side);
            for (int again = 0; again < 2; again++) {
                assertOn(side, "cohort", "&application=" + application, PgSides.APP, "ApplicationName",
                        application);
            }
        }
        assertThat(seen).containsExactly("blue", "green");
    }

    @Test
    void aCohortMayBeOfUsersOrOfAnotherParameter() throws Exception {
        start("split { green = 50%, cohort.user = true }");
        for (String user : List.of(PgSides.APP, PgSides.REPORT, "postgres")) {
            String side = explain("user=" + user).path("target").asText();
            assertOn(side, "cohort", "", user);
        }
        rig.reload(sides.route("split { green = 50%, cohort.startup-parameter = turnout.tenant }"));
        for (int tenant = 0; tenant < 6; tenant++) {
            String startup = "&startup=turnout.tenant%3D" + tenant;
            String side = explain("user=" + PgSides.APP + startup).path("target").asText();
            assertOn(side, "cohort", startup, PgSides.APP, "options", "-c turnout.tenant=" + tenant);
        }
    }

    @Test
    void sessionsWithoutAKeyAreDealtOutInProportion() throws Exception {
        start("split.green = 25%");
        int green = 0;
        for (int i = 0; i < 24; i++) {
            green += sides.sideOf(rig, PgSides.APP).equals("green") ? 1 : 0;
        }
        // Each of the two loops deals out its own.
        assertThat(green).isBetween(4, 8);
        assertThat(decided("unkeyed", "green")).isEqualTo(green);
        assertThat(decided("unkeyed", "blue")).isEqualTo(24 - green);
    }

    @Test
    void aChangeOfWeightConcernsNewSessionsOnly() throws Exception {
        start("");
        try (Connection old = sides.connect(rig)) {
            assertThat(sides.side(old)).isEqualTo("blue");
            operator().asks("PUT", "/routes/db/split", "{\"green\":100}");
            assertThat(sides.sideOf(rig, PgSides.APP)).isEqualTo("green");
            assertThat(sides.side(old)).isEqualTo("blue");
            operator().asks("PUT", "/routes/db/split", "{\"green\":0}");
            assertThat(sides.sideOf(rig, PgSides.APP)).isEqualTo("blue");
        }
    }

    @Test
    void aDrainedSideGetsNoneNotEvenByAnOverride() throws Exception {
        start("split.overrides = [ { startup-option = turnout.target, value = blue, to = blue } ]");
        operator().asks("POST", "/routes/db/drain", "{\"target\":\"blue\",\"timeout\":\"10s\"}");
        assertOn("green", "drained", "&startup=turnout.target%3Dblue", PgSides.APP, "options",
                "-c turnout.target=blue");
    }

    private static final String DEAD_BLUE = "blue.endpoints = [\"127.0.0.1:1\"]\n";

    @Test
    void aSideWithoutAnEndpointRefusesOrSpillsAsItIsTold() throws Exception {
        start(DEAD_BLUE);
        assertThatThrownBy(() -> sides.connect(rig)).isInstanceOfSatisfying(SQLException.class,
                e -> assertThat(e.getSQLState()).isEqualTo("08006"));
        rig.reload(sides.route(DEAD_BLUE + "split.unhealthy = spill"));
        assertThat(sides.sideOf(rig, PgSides.APP)).isEqualTo("green");
        assertThat(decided("spill", "green")).isEqualTo(1);
        assertThat(decided("unkeyed", "blue")).as("those before that were refused").isEqualTo(1);
        await().untilAsserted(() -> {
            assertThat(sides.sideOf(rig, PgSides.APP)).isEqualTo("green");
            JsonNode explained = explain("user=" + PgSides.APP);
            assertThat(explained.path("rung").asText()).as(explained.toString()).isEqualTo("spill");
            assertThat(explained.path("target").asText()).isEqualTo("green");
        });
    }

    @Test
    void aWriterIsNeverLeftToAReplicaButAReaderIs() throws Exception {
        start(DEAD_BLUE + """
                data = replicated, split.unhealthy = spill
                rules = [ { when { user = side_report }, to = blue, read-only = true } ]
                """);
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> sides.connect(rig)).isInstanceOf(SQLException.class);
        }
        assertThat(sides.sideOf(rig, PgSides.REPORT)).isEqualTo("green");
        await().untilAsserted(() -> {
            assertThat(sides.sideOf(rig, PgSides.REPORT)).isEqualTo("green");
            assertThat(explain("user=" + PgSides.REPORT).path("target").asText()).isEqualTo("green");
        });
        JsonNode writer = explain("user=" + PgSides.APP);
        assertThat(writer.path("target").asText()).as(writer.toString()).isEqualTo("blue");
        assertThat(writer.path("rung").asText()).isEqualTo("writer");
        assertThat(writer.path("sentence").asText()).contains("57P03");
        assertThat(rig.metric("turnout_pg_sessions{")).isZero();
    }

    @Test
    void nobodySpillsToASideThatIsDrained() throws Exception {
        start(DEAD_BLUE + "split.unhealthy = spill");
        operator().asks("POST", "/routes/db/drain", "{\"target\":\"green\",\"timeout\":\"10s\"}");
        assertThatThrownBy(() -> sides.connect(rig)).isInstanceOf(SQLException.class);
        assertThat(decided("drained", "blue")).isEqualTo(1);
    }
}
