package dev.turnout.admin.cli;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.http.RequestMethod;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands against servers that misbehave. */
class AdminClientTest {
    private static final WireMockServer server = new WireMockServer(
            options().dynamicPort().bindAddress("127.0.0.1"));

    private final Cli patient = new Cli("--admin", server.baseUrl(), "--token", "s3cr3t", "--request-timeout",
            "1m");
    private final Cli hasty = new Cli("--admin", server.baseUrl(), "--token", "s3cr3t", "--request-timeout",
            "500ms");

    @BeforeAll
    static void start() {
        server.start();
    }

    @AfterAll
    static void stop() {
        server.stop();
    }

    @AfterEach
    void reset() {
        server.resetAll();
    }

    private void answers(ResponseDefinitionBuilder response) {
        server.stubFor(any(anyUrl()).willReturn(response));
    }

    private static void tellsOneSentence(Cli turnout, String expected) {
        assertThat(turnout.err()).startsWith("turnout: ").contains(expected).doesNotContain("s3cr3t",
                "Exception");
        assertThat(turnout.err().lines()).hasSize(1);
        assertThat(turnout.out()).isEmpty();
    }

    @Test
    void saysWhereNobodyListens() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        Cli cli = new Cli("--admin", "http://127.0.0.1:" + port);
        assertThat(cli.run("routes")).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(cli.err()).contains("http://127.0.0.1:" + port).contains("is the proxy running?");
    }

    @Test
    void saysThatANameDoesNotResolve() {
        Cli cli = new Cli("--admin", "http://no-such-host.invalid:9901", "--request-timeout", "1m");
        assertThat(cli.run("routes")).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(cli.err()).contains("the name does not resolve");
    }

    @Test
    void doesNotWaitForEver() {
        answers(aResponse().withStatus(200).withHeader("Content-Type", "application/json").withBody("[]")
                .withFixedDelay(60_000));
        assertThat(hasty.run("routes")).isEqualTo(ExitCode.TIMED_OUT);
        tellsOneSentence(hasty, "no answer within 500 ms");
    }

    @Test
    void doesNotWaitForEverForTheRestOfABody() {
        answers(aResponse().withStatus(200).withHeader("Content-Type", "application/json")
                .withBody("[" + " ".repeat(1000) + "]")
                .withChunkedDribbleDelay(10, 60_000));
        assertThat(hasty.run("routes")).isEqualTo(ExitCode.TIMED_OUT);
        tellsOneSentence(hasty, "no answer within 500 ms");
    }

    private void answersAChange(ResponseDefinitionBuilder response) {
        answers(response);
        server.stubFor(get(anyUrl()).willReturn(ScriptedApi.json("{}")));
    }

    private static List<String> changes() {
        return server.getAllServeEvents().stream().map(ServeEvent::getRequest)
                .filter(request -> !request.getMethod().equals(RequestMethod.GET))
                .map(request -> request.getMethod() + " " + request.getHeader("Idempotency-Key")).toList();
    }

    @Test
    void saysThatTheOutcomeOfAChangeIsNotKnown() {
        answersAChange(aResponse().withFixedDelay(60_000));
        assertThat(hasty.run("split", "shop", "green=5%")).isEqualTo(ExitCode.TIMED_OUT);
        tellsOneSentence(hasty, "whether the change was made is not known");
        answersAChange(aResponse().withFault(Fault.EMPTY_RESPONSE));
        assertThat(patient.run("split", "shop", "--reset")).isEqualTo(ExitCode.UNREACHABLE);
        tellsOneSentence(patient, "whether the change was made is not known");
    }

    @ParameterizedTest
    @ValueSource(strings = {"split shop green=5%", "split shop --reset", "endpoint shop blue add a:80",
        "endpoint shop blue remove a:80", "drain shop blue"})
    void asksOnceMoreForTheSameChangeWhenTheConnectionBreaks(String words) {
        String change = "change";
        server.stubFor(any(anyUrl()).inScenario(change).whenScenarioStateIs(Scenario.STARTED)
                .willSetStateTo("again").willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
        server.stubFor(any(anyUrl()).inScenario(change).whenScenarioStateIs("again")
                .willReturn(ScriptedApi.json("{'version':2}")));
        server.stubFor(get(anyUrl()).willReturn(ScriptedApi.json("{'version':1}")));
        assertThat(patient.run(words.split(" "))).as(patient.err()).isEqualTo(ExitCode.DONE);
        assertThat(changes()).hasSize(2).doesNotContain("null").first().isEqualTo(changes().getLast());
        List<String> first = changes();
        assertThat(patient.run(words.split(" "))).isEqualTo(ExitCode.DONE);
        assertThat(changes()).as("another command is another change").hasSize(3)
                .filteredOn(first::contains).hasSize(2);
    }

    @Test
    void asksForAChangeNoMoreThanTwice() {
        answersAChange(aResponse().withFault(Fault.EMPTY_RESPONSE));
        assertThat(patient.run("split", "shop", "green=5%")).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(changes()).hasSize(2);
    }

    @Test
    void doesNotRepeatWhatHasAnAnswer() {
        answersAChange(ScriptedApi.problem(503, "{'detail':'the disk is full'}"));
        assertThat(patient.run("split", "shop", "green=5%")).isEqualTo(ExitCode.FAILED);
        assertThat(changes()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void survivesABrokenAnswer(Fault fault) {
        answers(aResponse().withStatus(200).withHeader("Content-Type", "application/json").withFault(fault));
        assertThat(patient.run("routes")).isEqualTo(ExitCode.UNREACHABLE);
        tellsOneSentence(patient, server.baseUrl());
    }

    @ParameterizedTest
    @CsvSource({"200,text/html,<html>", "200,application/json,{broken", "502,text/html,Bad Gateway",
        "404,text/plain,nothing",
        "302,text/plain,''", "204,application/json,''", "500,application/problem+json,<html>"})
    void tellsAnotherServerFromOurs(int status, String type, String body) {
        answers(aResponse().withStatus(status).withHeader("Content-Type", type)
                .withHeader("Location", "/elsewhere").withBody(body));
        assertThat(patient.run("routes")).isEqualTo(ExitCode.UNREACHABLE);
        tellsOneSentence(patient, "expected: Turnout's admin API");
        assertThat(server.getAllServeEvents()).as("no redirect is followed with the token").hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"400,2", "401,3", "403,3", "404,1", "405,1", "408,5", "409,3", "412,3", "413,2", "415,2",
        "421,3", "422,2",
        "500,1", "501,1", "503,1", "504,5"})
    void mapsEveryProblemToAnExitCode(int status, int exitCode) {
        answers(aResponse().withStatus(status).withHeader("Content-Type", "application/problem+json")
                .withBody("{\"detail\":\"because\"}"));
        assertThat(patient.run("routes")).isEqualTo(exitCode);
        tellsOneSentence(patient, status == 401 ? "token" : "because");
    }

    @Test
    void doesNotReadForEver() throws IOException {
        HttpServer endless = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
                0);
        endless.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            byte[] spaces = " ".repeat(65_536).getBytes(StandardCharsets.US_ASCII);
            try (OutputStream body = exchange.getResponseBody()) {
                while (true) {
                    body.write(spaces); // until the reader has had enough
                }
            }
        });
        endless.start();
        try {
            Cli cli = new Cli("--admin", "http://127.0.0.1:" + endless.getAddress().getPort(),
                    "--request-timeout",
                    "1m");
            assertThat(cli.run("status")).isEqualTo(ExitCode.UNREACHABLE);
            tellsOneSentence(cli, "the connection to the admin API broke");
        } finally {
            endless.stop(0);
        }
    }

    private static Stream<String> everyCommand() {
        return Stream.of("status", "status shop", "routes", "explain shop", "split shop green=5%",
                "split shop --reset",
                "drain shop blue", "endpoint shop blue add a:80", "reload", "events", "audit",
                "sessions shop");
    }

    @ParameterizedTest
    @MethodSource("everyCommand")
    void saysInEveryCommandThatNobodyIsThere(String words) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        Cli cli = new Cli("--admin", "http://127.0.0.1:" + port);
        assertThat(cli.run(words.split(" "))).isEqualTo(ExitCode.UNREACHABLE);
        tellsOneSentence(cli, "is the proxy running?");
    }

    @ParameterizedTest
    @MethodSource("everyCommand")
    void survivesAnyJson(String words) {
        for (String json : List.of("null", "[]", "{}", "'text'", "[[]]", "[1,null]",
                "[{'split':[],'targets':1}]",
                "{'split':{'green':1e999999999,'file':'x'},'version':1e999999999,'inputs':[],'changes':{}}",
                "[{'targets':{'blue':{'endpoints':{},'recent':{'p99Millis':1e400,'seconds':-1e400}}}}]")) {
            answers(ScriptedApi.json(json));
            for (String format : List.of("table", "json")) {
                int exitCode = patient.run((words + " -o " + format).split(" "));
                assertThat(exitCode).as("%s: %s", json, patient.err()).isEqualTo(ExitCode.DONE);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("everyCommand")
    void doesNotLetAServerSteerTheTerminal(String words) throws IOException {
        String evil = "\\u001b[2J\\u009b2J\u009b2J\u202eevil\\ud800\\n";
        String route = ("{'name':'E','protocol':'E','listen':'E','split':{'cohort':'E','reason':'E','runtime':1,"
                + "'drained':'E','hidden':'E'},'data':'E','targets':{'\\u009b':{'endpoints':[{'address':'E','state':'drained'}]},"
                + "'blue':{'endpoints':[{'address':'E','state':'drained','reason':'E'}],'removed':[{'address':'E'}]}},"
                + "'sentence':'E','inputs':{'\\u009b':'E'},'changes':['E'],'restart':['E'],'overridden':['E'],'kind':'E','sessions':[{'client':'E','user':'E','since':'E','reason':'E'}],"
                + "'at':'E','text':'E','actor':'E','action':'E','route':'E','subject':'E','before':'E','after':'E'}")
                .replace("E", evil);
        for (String body : List.of(route, "[" + route + "]")) {
            answers(ScriptedApi.json(body));
            for (String format : List.of("table", "json")) {
                int exitCode = patient.run((words + " -o " + format).split(" "));
                assertThat(exitCode).as(patient.err()).isEqualTo(ExitCode.DONE);
                assertThat(patient.out().replace("\n", "").codePoints())
                        .noneMatch(c -> Character.isISOControl(c) || c == 0x202E || c == 0xD800);
            }
        }
        answers(ScriptedApi.problem(409, "{'detail':'" + evil + "'}"));
        assertThat(patient.run(words.split(" "))).isEqualTo(ExitCode.REFUSED);
        assertThat(patient.err().strip().codePoints())
                .noneMatch(c -> Character.isISOControl(c) || c == 0x202E);
    }

    @Test
    void printsJsonThatIsTheSameWhenItIsRead() throws IOException {
        String json = "{\"a\":\"\u009b\u202e\udb40\udc01 ü ☃\"}";
        answers(ScriptedApi.json(json));
        assertThat(patient.run("routes", "-o", "json")).isEqualTo(ExitCode.DONE);
        assertThat(patient.out()).contains("ü ☃").contains("\\u009b\\u202e\\udb40\\udc01");
        assertThat(new ObjectMapper().readTree(patient.out())).isEqualTo(new ObjectMapper().readTree(json));
    }
}
