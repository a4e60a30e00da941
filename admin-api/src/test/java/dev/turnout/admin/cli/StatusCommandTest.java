package dev.turnout.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.client.WireMock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusCommandTest {
    private static final String ALL = "/routes?window=60s";
    private static final String CANARY = """
            {'name':'shop','protocol':'http','listen':'127.0.0.1:8080','version':7,
             'split':{'green':10.0,'file':10.0,'runtime':null,'fileThen':null,'drained':null,'reason':null},
             'targets':{
              'blue':{'inFlight':4,'requests':90000,'failures':9,'tunnels':0,'removed':[],
               'endpoints':[{'address':'10.0.0.1:8080','state':'active','healthy':true,'inFlight':2,'origin':'file'},
                            {'address':'10.0.0.2:8080','state':'active','healthy':true,'inFlight':2,'origin':'file'}],
               'recent':{'seconds':60.0,'requests':90000,'errors':9,'errorPercent':0.01,'sharePercent':90.0,
                'p50Millis':12.25,'p99Millis':45.0}},
              'green':{'inFlight':0,'requests':10000,'failures':2,'tunnels':0,'removed':[],
               'endpoints':[{'address':'10.0.1.1:8080','state':'active','healthy':true,'inFlight':0,'origin':'file'}],
               'recent':{'seconds':60.0,'requests':10000,'errors':2,'errorPercent':0.02,'sharePercent':10.0,
                'p50Millis':0.44,'p99Millis':38.0}}}}""";
    private static final String HEADING = "The last 60 s; blue / green:";

    private final ScriptedApi api = new ScriptedApi();

    @AfterEach
    void stop() {
        api.close();
    }

    private List<String> lines(String routes) {
        api.on("GET", ALL, ScriptedApi.json(routes));
        Cli turnout = api.cli();
        assertThat(turnout.run("status")).isEqualTo(ExitCode.DONE);
        return turnout.out().lines().toList();
    }

    @Test
    void showsTheFiguresOfACanaryNextToThoseOfTheOtherSide() {
        assertThat(lines("[" + CANARY + "]")).containsExactly(HEADING,
                "ROUTE      SHARE    TRAFFIC         REQUESTS       ERROR RATE             P50            P99"
                        + "  IN FLIGHT    HEALTHY",
                "shop   90 / 10 %  90 / 10 %  90 000 / 10 000  0.01 % / 0.02 %  12 ms / 0.4 ms  45 ms / 38 ms"
                        + "      4 / 0  2/2 / 1/1");
    }

    @Test
    void showsADashWhereThereIsNothing() {
        String idle = """
                {'name':'shop','split':{'green':12.5},'targets':{
                 'blue':{'inFlight':0,'endpoints':[],
                  'recent':{'seconds':60,'requests':0,'errors':0,'errorPercent':0,'sharePercent':null,
                   'p50Millis':null,'p99Millis':null}},
                 'green':{'inFlight':0,'endpoints':[],
                  'recent':{'seconds':60,'requests':0,'errors':0,'errorPercent':0,'sharePercent':null,
                   'p50Millis':null,'p99Millis':null}}}}""";
        assertThat(lines("[" + idle + "]")).last().isEqualTo(
                "shop   87.5 / 12.5 %        -     0 / 0           -    -    -      0 / 0  0/0 / 0/0");
    }

    @Test
    void saysWhatIsNotAsInTheFileOrNotWell() {
        String route = """
                {'name':'shop','split':{'green':100.0,'file':10.0,'runtime':12.5,'fileThen':5.0,'drained':'blue',
                  'reason':'first step'},
                 'targets':{'blue':{'inFlight':1200,'tunnels':1,'endpoints':[
                   {'address':'10.0.0.1:80','state':'drained','healthy':false,'inFlight':3,'origin':'file',
                    'reason':'kernel update'},
                   {'address':'10.0.0.2:80','state':'active','healthy':false,'inFlight':0,'origin':'file'}],
                  'removed':[{'address':'10.0.0.9:80','reason':'gone'}]},
                 'green':{'inFlight':0,'tunnels':0,'endpoints':[
                   {'address':'[fd00::7]:80','state':'active','healthy':true,'inFlight':0,'origin':'runtime'}],
                  'removed':[{'address':'10.0.1.9:80','reason':null}]}}}""";
        assertThat(lines("[" + route + "]")).endsWith("",
                "shop: blue is drained, 1 200 requests and 1 tunnel left: first step; turnout split shop green=PERCENT, or"
                        + " --reset, sends it requests again",
                "shop: green 12.5% was set at run time over the file's 5%: first step; the file says 10% now,"
                        + " turnout split shop --reset takes that",
                "shop: blue 10.0.0.1:80 is drained, 3 in flight: kernel update",
                "shop: blue 10.0.0.1:80 is unhealthy",
                "shop: blue 10.0.0.2:80 is unhealthy",
                "shop: blue 10.0.0.9:80 of the file is removed: gone",
                "shop: green [fd00::7]:80 was added at run time",
                "shop: green 10.0.1.9:80 of the file is removed");
    }

    @Test
    void showsTheSessionsOfPostgres() {
        String route = """
                {'name':'db','protocol':'postgresql','split':{'green':0.0,'file':0.0,'drained':'green'},
                 'targets':{'blue':{'sessions':{'open':1200,'pinned':1,'active':3,'inTransaction':2,'transactions':90000,
                   'errors':4}},
                  'green':{'sessions':{'open':1,'pinned':0,'active':0,'inTransaction':0,'transactions':0,'errors':0}}}}""";
        assertThat(lines("[" + route + "]")).endsWith("",
                "ROUTE   SESSIONS  ACTIVE  IN TRANSACTION  PINNED  TRANSACTIONS  ERRORS",
                "db     1 200 / 1   3 / 0           2 / 0   1 / 0    90 000 / 0   4 / 0",
                "",
                "db: green is drained, 1 session left; turnout split db green=PERCENT, or --reset, sends it requests"
                        + " again");
    }

    @Test
    void saysThatAnOperatorsShareHoldsOverTheFile() {
        assertThat(lines("[{'name':'shop','split':{'green':12.5,'file':5.0,'runtime':12.5,'fileThen':null,"
                + "'drained':null,'reason':null}}]")).endsWith("",
                        "shop: green 12.5% was set at run time over the file's 5%");
    }

    @Test
    void saysWhenTheProxyHasNotRunAsLong() {
        assertThat(lines("[" + CANARY.replace("'seconds':60.0", "'seconds':12.3") + "]")).first()
                .isEqualTo("The last 60 s, of which the proxy has seen 12 s; blue / green:");
    }

    @Test
    void asksForOneRouteAndAnotherWindow() throws Exception {
        api.on("GET", "/routes/shop?window=300s", ScriptedApi.json(CANARY));
        Cli turnout = api.cli();
        assertThat(turnout.run("status", "shop", "--window", "5m")).isEqualTo(ExitCode.DONE);
        assertThat(turnout.out().lines()).hasSize(3).first().asString()
                .startsWith("The last 300 s, of which");
        assertThat(turnout.run("status", "shop", "--window", "5m", "-o", "json")).isEqualTo(ExitCode.DONE);
        assertThat(new ObjectMapper().readTree(turnout.out()))
                .isEqualTo(new ObjectMapper().readTree(CANARY.replace('\'', '"')));
    }

    @ParameterizedTest
    @ValueSource(strings = {"9s", "9999ms", "11m", "601s"})
    void refusesAWindowThatTheProxyDoesNotKeep(String window) {
        Cli turnout = api.cli();
        assertThat(turnout.run("status", "--window", window)).isEqualTo(ExitCode.USAGE);
        assertThat(turnout.err()).startsWith("turnout: --window: ").contains("expected: 10s to 10m");
        assertThat(api.requests()).isEmpty();
    }

    /** Does one of these between two refreshes; the display ends after the last. */
    private static Ticks between(Runnable... acts) {
        Deque<Runnable> left = new ArrayDeque<>(List.of(acts));
        return () -> {
            Runnable act = left.poll();
            if (act != null) {
                act.run();
            }
            return act != null;
        };
    }

    private void goesAway() {
        api.server.resetAll();
        api.onAnything(WireMock.aResponse().withStatus(503).withBody("starting"));
    }

    private void isBack() {
        api.server.resetAll();
        api.on("GET", ALL, ScriptedApi.json("[" + CANARY + "]"));
    }

    @Test
    void goesOnWatchingWhenTheProxyGoesAwayForAWhile() {
        isBack();
        Cli turnout = api.cli(new StatusCommand(between(this::goesAway, () -> {}, this::isBack), false));
        assertThat(turnout.run("status", "-w")).isEqualTo(ExitCode.DONE);
        assertThat(turnout.out().lines().filter(HEADING::equals)).hasSize(2);
        assertThat(turnout.err().lines()).as("said once").singleElement().asString()
                .contains("answered HTTP 503").endsWith("; trying again each second");
    }

    @Test
    void keepsTheLastFiguresOnATerminalWhileTheProxyIsAway() {
        isBack();
        Cli turnout = api.cli(new StatusCommand(between(this::goesAway), true));
        assertThat(turnout.run("status", "-w")).isEqualTo(ExitCode.DONE);
        assertThat(turnout.err()).isEmpty();
        assertThat(List.of(turnout.out().split("\u001b\\[H\u001b\\[2J", -1))).hasSize(3).last().asString()
                .contains(HEADING, "90 000 / 10 000", "trying again each second");
    }

    @Test
    void writesOneLineOfJsonForEachRefreshAndNothingElse() throws Exception {
        isBack();
        Cli turnout = api.cli(new StatusCommand(between(this::goesAway, this::isBack), true));
        assertThat(turnout.run("status", "-w", "-o", "json")).isEqualTo(ExitCode.DONE);
        assertThat(turnout.out().lines()).hasSize(2).allMatch(line -> line.startsWith("[{"));
        assertThat(turnout.err()).contains("trying again");
    }

    @Test
    void doesNotBeginToWatchWhatIsNotThere() {
        api.on("GET", "/routes/shp?window=60s",
                ScriptedApi.problem(404, "{'detail':'route: shp (expected: one of shop)'}"));
        Cli turnout = api.cli();
        assertThat(turnout.run("status", "shp", "-w")).isEqualTo(ExitCode.FAILED);
        assertThat(turnout.err()).isEqualToIgnoringNewLines("turnout: route: shp (expected: one of shop)");
    }
}
