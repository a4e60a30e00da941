package dev.turnout.admin.cli;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

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

    @Test
    void saysThatTheOutcomeOfAChangeIsNotKnown() {
        answers(aResponse().withFixedDelay(60_000));
        assertThat(hasty.run("split", "shop", "green=5%")).isEqualTo(ExitCode.TIMED_OUT);
        tellsOneSentence(hasty, "whether the change was made is not known");
        answers(aResponse().withFault(Fault.EMPTY_RESPONSE));
        assertThat(patient.run("split", "shop", "--reset")).isEqualTo(ExitCode.UNREACHABLE);
        tellsOneSentence(patient, "whether the change was made is not known");
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
    void doesNotLetAServerSteerTheTerminal() {
        answers(aResponse().withStatus(200).withHeader("Content-Type", "application/json")
                .withBody("[{\"name\":\"\\u001b[2Jevil\"}]"));
        assertThat(patient.run("routes")).isEqualTo(ExitCode.DONE);
        assertThat(patient.out()).contains("?[2Jevil").doesNotContain("\u001b");
    }
}
