package dev.turnout.admin.cli;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.request;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.util.List;

/** An admin API that says what a test has it say, and remembers what it was asked. */
final class ScriptedApi implements AutoCloseable {
    final WireMockServer server = new WireMockServer(wireMockConfig().dynamicPort().bindAddress("127.0.0.1"));

    ScriptedApi() {
        server.start();
    }

    /** The options of a command that is to ask here. */
    String[] options() {
        return new String[]{"--admin", server.baseUrl(), "--token", "s3cr3t", "--request-timeout", "1m"};
    }

    Cli cli(Command... commands) {
        return commands.length == 0
                ? new Cli(options())
                : new Cli(Main.commandLine(List.of(commands)), options());
    }

    /** Single quotes stand for double ones. */
    static ResponseDefinitionBuilder json(String body) {
        return answer(200, "application/json", body);
    }

    static ResponseDefinitionBuilder problem(int status, String body) {
        return answer(status, "application/problem+json", body);
    }

    private static ResponseDefinitionBuilder answer(int status, String type, String body) {
        return aResponse().withStatus(status).withHeader("Content-Type", type)
                .withBody(body.replace('\'', '"'));
    }

    /** @param target below {@code /api/v1}; with a query it has to be that very one */
    void on(String method, String target, ResponseDefinitionBuilder answer) {
        var url = target.contains("?") ? urlEqualTo("/api/v1" + target) : urlPathEqualTo("/api/v1" + target);
        server.stubFor(request(method, url).willReturn(answer));
    }

    void onAnything(ResponseDefinitionBuilder answer) {
        server.stubFor(any(anyUrl()).willReturn(answer));
    }

    /** Oldest first. */
    List<LoggedRequest> requests() {
        return server.getAllServeEvents().reversed().stream()
                .map(event -> LoggedRequest.createFrom(event.getRequest())).toList();
    }

    @Override
    public void close() {
        server.stop();
    }
}
