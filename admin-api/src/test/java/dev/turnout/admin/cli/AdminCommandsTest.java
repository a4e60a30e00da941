package dev.turnout.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.admin.http.AdminFixture;
import dev.turnout.config.Share;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands against a real server. */
class AdminCommandsTest {
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

    private Share green() {
        return admin.routes.route("shop", Duration.ofMinutes(1)).orElseThrow().split().green();
    }

    @Test
    void setsTheShareOfARoute() {
        assertThat(turnout.run("split", "shop", "green=12.5%", "--reason", "canary"))
                .isEqualTo(ExitCode.DONE);
        assertThat(turnout.out())
                .isEqualToIgnoringNewLines("shop: green 5% -> 12.5% (file: 5%), version 2");
        assertThat(green()).isEqualTo(Share.ofPercent("12.5"));
        assertThat(admin.routes.changes()).singleElement().satisfies(change -> {
            assertThat(change.actor()).isEqualTo("ops");
            assertThat(change.reason()).contains("canary");
            assertThat(change.ifVersion()).isEmpty();
        });
    }

    @Test
    void goesBackToTheFile() {
        turnout.run("split", "shop", "green=100");
        assertThat(green()).isEqualTo(Share.ALL);
        assertThat(turnout.run("split", "shop", "--reset")).isEqualTo(ExitCode.DONE);
        assertThat(turnout.out())
                .isEqualToIgnoringNewLines("shop: green 100% -> 5% (as in the file), version 3");
        assertThat(green()).isEqualTo(Share.ofPercent("5"));
    }

    @Test
    void changesOnlyTheVersionThatWasSeen() {
        assertThat(turnout.run("split", "shop", "green=50%", "--if-version", "1")).isEqualTo(ExitCode.DONE);
        assertThat(turnout.run("split", "shop", "green=60%", "--if-version", "1"))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(turnout.err()).contains("version 2").contains("nothing was changed");
        assertThat(turnout.run("split", "shop", "--reset", "--if-version", "1")).isEqualTo(ExitCode.REFUSED);
        assertThat(green()).isEqualTo(Share.ofPercent("50"));
    }

    @Test
    void listsTheRoutesWithTheirLayers() {
        turnout.run("split", "shop", "green=12.5%", "--reason",
                "a reason that is longer than a column should be");
        assertThat(turnout.run("routes")).isEqualTo(ExitCode.DONE);
        assertThat(turnout.out().lines().takeWhile(line -> !line.isEmpty())).containsExactly(
                "ROUTE  PROTOCOL  LISTEN          GREEN  FILE  RUNTIME  COHORT      VERSION  REASON",
                "api    http      127.0.0.1:8080     5%    5%        -  cookie uid        1  -",
                "shop   http      127.0.0.1:8080  12.5%    5%    12.5%  cookie uid        2  "
                        + "a reason that is longer tha...");
    }

    @Test
    void showsBothSidesNextToEachOther() {
        turnout.run("split", "shop", "green=12.5%");
        assertThat(turnout.run("status", "shop")).isEqualTo(ExitCode.DONE);
        assertThat(turnout.out().lines()).contains(
                "shop   87.5 / 12.5 %  94.9 / 5.1 %  1 190 / 64  0.59 % / 0 %  12 ms / 11 ms  45 ms / 38 ms"
                        + "      3 / 0  1/2 / 1/1",
                "shop: green 12.5% was set at run time over the file's 5%",
                "shop: blue 10.0.0.2:8080 is unhealthy",
                "shop: blue 10.0.0.9:8080 of the file is removed: gone");
    }

    @Test
    void listsTheEndpointsThatAreNotAsInTheFile() {
        turnout.run("endpoint", "shop", "blue", "drain", "10.0.0.1:8080", "--reason", "kernel update");
        turnout.run("endpoint", "shop", "green", "add", "[FD00::7]:8080");
        assertThat(turnout.run("routes")).isEqualTo(ExitCode.DONE);
        assertThat(turnout.out().lines().dropWhile(line -> !line.isEmpty()).skip(1)).containsExactly(
                "ROUTE  SIDE   ENDPOINT        STATE    ORIGIN   REASON",
                "api    blue   10.0.0.9:8080   removed  file     gone",
                "api    green  10.0.1.9:8080   removed  file     -",
                "shop   blue   10.0.0.1:8080   drained  file     kernel update",
                "shop   blue   10.0.0.9:8080   removed  file     gone",
                "shop   green  [fd00::7]:8080  active   runtime  -",
                "shop   green  10.0.1.9:8080   removed  file     -");
    }

    @Test
    void staysWithin110ColumnsForOrdinaryRoutes() {
        turnout.run("split", "shop", "green=12.3456%", "--reason", "x".repeat(500));
        turnout.run("routes");
        assertThat(turnout.out().lines()).allMatch(line -> line.length() <= 110);
    }

    @ParameterizedTest
    @ValueSource(strings = {"routes", "status"})
    void printsTheJsonOfTheApi(String command) throws Exception {
        assertThat(turnout.run(command, "-o", "json")).isEqualTo(ExitCode.DONE);
        var json = new ObjectMapper().readTree(turnout.out());
        assertThat(json.findValuesAsText("name")).containsExactly("api", "shop");
        assertThat(turnout.out()).contains("\"green\" : 5.0");
    }

    @Test
    void printsTheChangedRouteAsJson() throws Exception {
        turnout.run("split", "shop", "green=7%", "-o", "json");
        assertThat(new ObjectMapper().readTree(turnout.out()).at("/split/runtime").decimalValue())
                .isEqualByComparingTo("7");
    }

    @Test
    void refreshesUntilItIsToldToStop() {
        AtomicInteger ticks = new AtomicInteger();
        Cli watching = new Cli(
                Main.commandLine(List.of(new StatusCommand(() -> ticks.incrementAndGet() < 3, false))),
                "--admin",
                admin.uri().toString(), "--token", AdminFixture.VIEWER);
        assertThat(watching.run("status", "-w")).isEqualTo(ExitCode.DONE);
        assertThat(watching.out().lines().filter(line -> line.startsWith("ROUTE"))).hasSize(3);
    }

    @Test
    void saysInAWatchThatTheServerWent() {
        AtomicInteger ticks = new AtomicInteger();
        Cli watching = new Cli(Main.commandLine(List.of(new StatusCommand(() -> {
            admin.close();
            return ticks.incrementAndGet() < 4;
        }, false))), "--admin", admin.uri().toString(), "--token", AdminFixture.VIEWER);
        assertThat(watching.run("status", "-w")).isEqualTo(ExitCode.DONE);
        assertThat(watching.err()).contains("is the proxy running?", "trying again each second");
    }

    @Test
    void tellsWhoHasNoTokenWhereToFindOne() {
        Cli nobody = as("");
        assertThat(nobody.run("routes")).isEqualTo(ExitCode.REFUSED);
        assertThat(nobody.err()).contains("TURNOUT_TOKEN").contains("admin.token");
    }

    @Test
    void tellsAWrongTokenFromAMissingOneAndRepeatsNeither() {
        Cli stranger = as("s3cr3t-but-wrong");
        assertThat(stranger.run("routes")).isEqualTo(ExitCode.REFUSED);
        assertThat(stranger.err()).contains("not valid here").doesNotContain("s3cr3t");
        Cli broken = as("s3cr3t with spaces");
        assertThat(broken.run("routes")).isEqualTo(ExitCode.USAGE);
        assertThat(broken.err()).doesNotContain("s3cr3t");
        assertThat(as(AdminFixture.VIEWER + "\n").run("routes")).as("as a file's content")
                .isEqualTo(ExitCode.DONE);
    }

    @Test
    void tellsAViewerWhatItLacks() {
        Cli viewer = as(AdminFixture.VIEWER);
        assertThat(viewer.run("split", "shop", "green=50%")).isEqualTo(ExitCode.REFUSED);
        assertThat(viewer.err()).contains("role: viewer of token looker (expected: operator or higher)");
    }

    @Test
    void namesTheRoutesThatThereAre() {
        assertThat(turnout.run("split", "shp", "green=50%")).isEqualTo(ExitCode.FAILED);
        assertThat(turnout.err())
                .isEqualToIgnoringNewLines("turnout: route: shp (expected: one of api, shop)");
    }

    @Test
    void failsWhenTheChangeCannotBeMadeDurable() {
        admin.routes.fillTheDisk();
        assertThat(turnout.run("split", "shop", "green=50%")).isEqualTo(ExitCode.FAILED);
        assertThat(turnout.err()).contains("no space left on device");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"split shop|no share",
        "split shop green=101%|green=101%: not a share",
        "split shop green=1.23456%|at most four decimals", "split shop green=|0% to 100%",
        "split shop blue=5%|green=PERCENT", "split shop 5%|green=PERCENT",
        "split shop green=5% --reset|expected: one of them",
        "split shop --reset --reason x|a reset keeps none",
        "split ../x green=5%|lower-case letters", "split Shop green=5%|lower-case letters",
        "split shop green=5% --if-version x|--if-version", "split|ROUTE",
        "split shop green=5% blue=95%|blue=95%",
        "routes --request-timeout 5|500ms, 10s", "routes --request-timeout 0s|500ms, 10s",
        "routes -o xml|TABLE, JSON",
        "routs|routes", "status --wtch|--wtch"})
    void explainsAWrongCommandLineInOneSentence(String args, String expected) {
        assertThat(turnout.run(args.split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(turnout.err()).contains(expected).startsWith("turnout: ");
        assertThat(turnout.err().lines()).hasSizeLessThanOrEqualTo(3);
        assertThat(admin.routes.changes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:9901", "ftp://x", "http://", "http://user:pw@localhost:1",
        "http://localhost/?a=b",
        "http://a b", "not a url", ""})
    void explainsAWrongUrl(String url) {
        Cli cli = new Cli("--admin", url);
        assertThat(cli.run("routes")).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains("expected: a URL like http://127.0.0.1:9901");
    }

    @Test
    void takesAUrlWithASlashAtItsEnd() {
        Cli cli = new Cli("--admin", admin.uri() + "/", "--token", AdminFixture.VIEWER);
        assertThat(cli.run("routes")).isEqualTo(ExitCode.DONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "routes", "explain", "split", "drain", "endpoint", "reload", "events",
        "audit"})
    void explainsItselfWithAnExample(String command) {
        Cli help = new Cli();
        assertThat(help.run(command, "--help")).isEqualTo(ExitCode.DONE);
        assertThat(help.out()).contains("Example").contains("turnout " + command).contains("--admin")
                .contains("--token");
        assertThat(help.out().lines()).allMatch(line -> line.length() <= 110);
        assertThat(help.run("--help")).isEqualTo(ExitCode.DONE);
        assertThat(help.out()).contains(command).contains("Exit codes:");
    }
}
