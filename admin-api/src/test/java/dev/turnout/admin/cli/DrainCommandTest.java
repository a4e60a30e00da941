package dev.turnout.admin.cli;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DrainCommandTest {
    private static final String DRAINED = """
            {'target':'blue','drained':true,'tookMillis':1234,
             'route':{'name':'shop','version':12,'split':{'green':100.0,'drained':'blue'}}}""";

    private final ScriptedApi api = new ScriptedApi();
    private final Cli turnout = api.cli();

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void saysThatASideIsEmptyAndWhatUndoesIt() throws Exception {
        api.on("POST", "/routes/shop/drain", ScriptedApi.json(DRAINED));
        assertThat(turnout.run("drain", "shop", "blue", "--timeout", "2m", "--reason", "update",
                "--if-version", "11"))
                .isEqualTo(ExitCode.DONE);
        assertThat(turnout.out().lines()).containsExactly(
                "shop blue: drained after 1.2 s, everything goes to green, version 12",
                "turnout split shop green=PERCENT, or --reset, undoes it");
        assertThat(api.requests()).singleElement().satisfies(request -> {
            assertThat(new ObjectMapper().readTree(request.getBodyAsString())).isEqualTo(new ObjectMapper()
                    .readTree("{\"target\":\"blue\",\"timeout\":\"120s\",\"reason\":\"update\"}"));
            assertThat(request.getHeader("If-Match")).isEqualTo("\"11\"");
        });
    }

    @Test
    void printsTheJsonOfTheApi() throws Exception {
        api.on("POST", "/routes/shop/drain", ScriptedApi.json(DRAINED));
        assertThat(turnout.run("drain", "shop", "blue", "-o", "json")).isEqualTo(ExitCode.DONE);
        assertThat(new ObjectMapper().readTree(turnout.out()).at("/route/version").asLong()).isEqualTo(12);
    }

    @Test
    void saysWhatIsLeftWhenTheTimeIsUp() {
        api.on("POST", "/routes/shop/drain", ScriptedApi.problem(504,
                "{'code':'drain_timeout','detail':'x','requests':3,'tunnels':1}"));
        assertThat(turnout.run("drain", "shop", "green")).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(turnout.err())
                .isEqualToIgnoringNewLines("turnout: shop green: after 30s 3 requests and 1 tunnel"
                        + " are left, which go on; it stays drained, and everything new goes to blue"
                        + " (turnout split shop green=PERCENT, or --reset, undoes it)");
        assertThat(turnout.out()).isEmpty();
    }

    @Test
    void saysHowManySessionsAreLeft() {
        api.on("POST", "/routes/shop/drain", ScriptedApi.problem(504,
                "{'code':'drain_timeout','detail':'x','requests':2,'tunnels':0,'sessions':5}"));
        assertThat(turnout.run("drain", "shop", "green")).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(turnout.err()).startsWith("turnout: shop green: after 30s 5 sessions are left");
    }

    @Test
    void tellsThatSomebodyUndidIt() {
        api.on("POST", "/routes/shop/drain",
                ScriptedApi.problem(409,
                        "{'code':'drain_undone','detail':'somebody set the split meanwhile'}"));
        assertThat(turnout.run("drain", "shop", "green")).isEqualTo(ExitCode.REFUSED);
        assertThat(turnout.err()).isEqualToIgnoringNewLines("turnout: somebody set the split meanwhile");
    }

    private void leaves(String scenario, String from, String to, String answer) {
        api.server
                .stubFor(get(urlEqualTo("/api/v1/routes/shop")).inScenario(scenario).whenScenarioStateIs(from)
                        .willSetStateTo(to).willReturn(ScriptedApi.json(answer)));
    }

    @Test
    void showsWhatIsLeftWhenItChangesWhileItWaits() {
        leaves("drain", "Started", "second", "{'targets':{'blue':{'inFlight':3,'tunnels':1}}}");
        leaves("drain", "second", "third", "{'targets':{'blue':{'inFlight':3,'tunnels':1}}}");
        leaves("drain", "third", "third", "{'targets':{'blue':{'inFlight':1,'tunnels':0}}}");
        api.on("POST", "/routes/shop/drain", ScriptedApi.json(DRAINED).withFixedDelay(3_000));
        Cli hasty = new Cli(Main.commandLine(List.of(new DrainCommand(Duration.ofMillis(1)))), "--admin",
                api.server.baseUrl(), "--token", "s3cr3t", "--request-timeout", "2500ms");
        assertThat(hasty.run("drain", "shop", "blue")).as("it may take longer than any other answer")
                .isEqualTo(ExitCode.DONE);
        assertThat(hasty.err().lines()).containsExactly(
                "shop blue: draining, 3 requests and 1 tunnel left",
                "shop blue: draining, 1 request and 0 tunnels left");
    }

    @Test
    void goesOnWaitingWhenProgressCannotBeHad() {
        api.on("POST", "/routes/shop/drain", ScriptedApi.json(DRAINED).withFixedDelay(500));
        Cli curious = api.cli(new DrainCommand(Duration.ofMillis(100)));
        assertThat(curious.run("drain", "shop", "blue")).isEqualTo(ExitCode.DONE);
        assertThat(curious.err().lines()).singleElement().asString()
                .startsWith("shop blue: draining, how much is left is not known: ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"shop|SIDE", "shop red|expected: blue or green",
        "Shop blue|lower-case letters",
        "shop blue --timeout 5|like 500ms, 10s", "shop blue --timeout 0s|like 500ms, 10s"})
    void explainsAWrongCommandLineInOneSentence(String words, String expected) {
        assertThat(turnout.run(("drain " + words).split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(turnout.err()).startsWith("turnout: ").contains(expected);
        assertThat(api.requests()).isEmpty();
    }
}
