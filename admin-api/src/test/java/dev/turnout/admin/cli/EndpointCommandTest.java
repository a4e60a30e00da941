package dev.turnout.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.admin.ChangeContext;
import dev.turnout.admin.http.AdminFixture;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code turnout endpoint} against a real server. */
class EndpointCommandTest {
    private AdminFixture admin;
    private Cli turnout;

    @BeforeEach
    void start(@TempDir Path stateDir) throws Exception {
        admin = new AdminFixture(stateDir);
        turnout = as(AdminFixture.OPERATOR);
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    private Cli as(String token) {
        return new Cli("--admin", admin.uri().toString(), "--token", token);
    }

    private int endpoint(String words) {
        return turnout.run(("endpoint " + words).split(" "));
    }

    private void says(String sentence) {
        assertThat(turnout.out()).isEqualToIgnoringNewLines(sentence);
    }

    @Test
    void drainsAndActivates() {
        assertThat(endpoint("shop blue drain 10.0.0.1:8080 --reason update")).isEqualTo(ExitCode.DONE);
        says("shop blue 10.0.0.1:8080: drained (was: active), 3 in flight, version 2");
        assertThat(admin.routes.changes()).singleElement().extracting(ChangeContext::reason)
                .isEqualTo(Optional.of("update"));
        assertThat(endpoint("shop blue activate 10.0.0.1:8080")).isEqualTo(ExitCode.DONE);
        says("shop blue 10.0.0.1:8080: active (was: drained), 3 in flight, version 3");
    }

    @Test
    void addsAndRemoves() {
        assertThat(endpoint("shop blue ADD [FD00::7]:8080")).isEqualTo(ExitCode.DONE);
        says("shop blue [fd00::7]:8080: active (was: not there), 0 in flight, version 2");
        assertThat(turnout.run("endpoint", "shop", "blue", "remove", "[fd00::7]:8080", "--reason",
                "50% & more?"))
                .isEqualTo(ExitCode.DONE);
        says("shop blue [fd00::7]:8080: removed (was: active), requests under way end, version 3");
        assertThat(admin.routes.changes()).last().extracting(ChangeContext::reason)
                .isEqualTo(Optional.of("50% & more?"));
    }

    @Test
    void saysSoWhenItIsSoAlready() {
        assertThat(endpoint("shop blue add 10.0.0.1:8080")).isEqualTo(ExitCode.DONE);
        says("shop blue 10.0.0.1:8080: already active, nothing was changed, version 1");
        assertThat(admin.routes.changes()).isEmpty();
    }

    @Test
    void takesNoSlipOfThePenForANewEndpoint() {
        for (String action : new String[]{"drain", "activate", "remove"}) {
            assertThat(endpoint("shop blue " + action + " 10.0.0.3:8080")).isEqualTo(ExitCode.FAILED);
            assertThat(turnout.err()).startsWith("turnout: endpoint: 10.0.0.3:8080 of blue (expected: one of"
                    + " 10.0.0.1:8080, 10.0.0.2:8080");
        }
        assertThat(admin.routes.changes()).isEmpty();
    }

    @Test
    void keepsTheLastEndpointOfASide() {
        for (String action : new String[]{"drain", "remove"}) {
            assertThat(endpoint("shop green " + action + " 10.0.1.1:8080")).isEqualTo(ExitCode.REFUSED);
            assertThat(turnout.err()).contains("last active one of green", "nothing was changed",
                    "add or activate another endpoint first");
        }
    }

    @Test
    void changesOnlyTheVersionThatWasSeen() {
        assertThat(endpoint("shop blue drain 10.0.0.1:8080 --if-version 1")).isEqualTo(ExitCode.DONE);
        for (String action : new String[]{"add", "drain", "activate", "remove"}) {
            assertThat(endpoint("shop blue " + action + " 10.0.0.2:8080 --if-version 1"))
                    .isEqualTo(ExitCode.REFUSED);
            assertThat(turnout.err()).contains("version 2", "nothing was changed");
        }
    }

    @Test
    void printsTheChangedRouteAsJson() throws Exception {
        assertThat(endpoint("shop blue drain 10.0.0.1:8080 -o json")).isEqualTo(ExitCode.DONE);
        assertThat(new ObjectMapper().readTree(turnout.out()).at("/targets/blue/endpoints")
                .findValuesAsText("state"))
                .containsExactly("active", "drained");
    }

    @Test
    void tellsAViewerWhatItLacks() {
        turnout = as(AdminFixture.VIEWER);
        assertThat(endpoint("shop blue drain 10.0.0.1:8080")).isEqualTo(ExitCode.REFUSED);
        assertThat(turnout.err()).contains("role: viewer of token looker (expected: operator or higher)");
    }

    @Test
    void failsWhenTheChangeCannotBeMadeDurable() {
        admin.routes.fillTheDisk();
        assertThat(endpoint("shop blue drain 10.0.0.1:8080")).isEqualTo(ExitCode.FAILED);
        assertThat(turnout.err()).contains("no space left on device");
    }

    @Test
    void namesTheRoutesThatThereAre() {
        assertThat(endpoint("shp blue drain 10.0.0.1:8080")).isEqualTo(ExitCode.FAILED);
        assertThat(turnout.err())
                .isEqualToIgnoringNewLines("turnout: route: shp (expected: one of api, shop)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"shop blue drain|ADDRESS", "shop blue|ACTION", "shop|SIDE",
        "shop red drain a:80|blue or green", "shop drain blue a:80|blue or green",
        "shop blue stop a:80|ADD, DRAIN, ACTIVATE, REMOVE", "shop blue add 10.0.0.1|port 1 to 65535",
        "shop blue add 10.0.0.1:0|ADDRESS: 10.0.0.1:0 (expected: host:port, port 1 to 65535",
        "shop blue add ::1:80|IPv6 in brackets", "shop blue add 10.0.0.300:80|10.0.0.300:80",
        "shop blue add ../../split:80|host:port", "../shop blue add a:80|lower-case letters",
        "shop blue add a:80 b:80|b:80", "shop blue drain a:80 --if-version x|--if-version"})
    void explainsAWrongCommandLineInOneSentence(String words, String expected) {
        assertThat(endpoint(words)).isEqualTo(ExitCode.USAGE);
        assertThat(turnout.err()).contains(expected).startsWith("turnout: ");
        assertThat(turnout.err().lines()).hasSizeLessThanOrEqualTo(3);
        assertThat(admin.routes.changes()).isEmpty();
    }
}
