package dev.turnout.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Talks to the admin API; whatever goes wrong becomes one {@link OperatorException}. One thread. */
final class AdminClient implements AutoCloseable {
    /** Far more than any answer has; a server that never stops sending is not ours. */
    private static final long MAX_ANSWER_BYTES = 32L * 1024 * 1024;
    private static final String UNKNOWN_OUTCOME = "; whether the change was made is not known: see turnout routes";

    private final URI base;
    private final Optional<String> token;
    private final Duration timeout;
    private final HttpClient http;

    AdminClient(URI base, Optional<String> token, Duration timeout) {
        this.base = base;
        this.token = token;
        this.timeout = timeout;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .proxy(HttpClient.Builder.NO_PROXY)
                .followRedirects(HttpClient.Redirect.NEVER) // the token is for this server alone
                .connectTimeout(timeout)
                .build();
    }

    JsonNode get(String path) {
        return send(request(path).GET().build(), "");
    }

    JsonNode put(String path, ObjectNode body, OptionalLong ifVersion) {
        HttpRequest.Builder request = request(path).header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body.toString()));
        return send(onlyAt(ifVersion, request), UNKNOWN_OUTCOME);
    }

    JsonNode delete(String path, OptionalLong ifVersion) {
        return send(onlyAt(ifVersion, request(path).DELETE()), UNKNOWN_OUTCOME);
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + "/api/v1" + path));
        token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
        return request;
    }

    private static HttpRequest onlyAt(OptionalLong version, HttpRequest.Builder request) {
        version.ifPresent(number -> request.header("If-Match", "\"" + number + "\""));
        return request.build();
    }

    private JsonNode send(HttpRequest request, String ifBroken) {
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(request,
                BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
        try {
            // Not HttpRequest.timeout: that one ends with the head of the answer.
            return AdminAnswer.read(base, token.isPresent(),
                    answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new OperatorException(ExitCode.TIMED_OUT, base + ": no answer within " + timeout.toMillis()
                    + " ms (--request-timeout waits longer)" + ifBroken);
        } catch (ExecutionException e) {
            throw unreachable(e.getCause() == null ? e : e.getCause(), ifBroken);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperatorException(ExitCode.FAILED, "interrupted" + ifBroken);
        }
    }

    private OperatorException unreachable(Throwable cause, String ifBroken) {
        if (cause instanceof ConnectException) {
            String why = cause.getCause() instanceof UnresolvedAddressException
                    ? "the name does not resolve"
                    : Optional.ofNullable(cause.getMessage()).orElse("connection refused");
            return new OperatorException(ExitCode.UNREACHABLE, base + ": cannot reach the admin API: " + why
                    + " (is the proxy running? --admin or TURNOUT_ADMIN say where)");
        }
        if (cause instanceof IOException) {
            String why = Optional.ofNullable(cause.getMessage()).orElse(cause.toString());
            return new OperatorException(ExitCode.UNREACHABLE,
                    base + ": the connection to the admin API broke: " + why + ifBroken);
        }
        throw new IllegalStateException("request to " + base, cause);
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
