package dev.turnout.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Talks to the admin API; whatever goes wrong becomes one {@link OperatorException}. One thread, one change. */
final class AdminClient implements AutoCloseable {
    /** Far more than any answer has; a server that never stops sending is not ours. */
    private static final long MAX_ANSWER_BYTES = 32L * 1024 * 1024;
    private static final String UNKNOWN_OUTCOME = "; whether the change was made is not known: see turnout routes";

    private final URI base;
    private final Optional<String> token;
    private final Duration timeout;
    private final HttpClient http;
    /** The server carries out one change by this name, however often it is asked to. */
    private final String idempotencyKey = UUID.randomUUID().toString();

    AdminClient(URI base, Optional<String> token, Duration timeout) {
        this.base = base;
        this.token = token;
        this.timeout = timeout;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .proxy(HttpClient.Builder.NO_PROXY)
                .followRedirects(HttpClient.Redirect.NEVER) // the token is for this server alone
                .connectTimeout(timeout.dividedBy(2)) // tells nobody there from a slow answer
                .build();
    }

    JsonNode get(String path) {
        return send(request(path).GET().build(), Waiting.NONE, false, "");
    }

    JsonNode put(String path, ObjectNode body, OptionalLong ifVersion) {
        return change(withJson(request(path), "PUT", body), ifVersion, Waiting.NONE);
    }

    JsonNode post(String path, ObjectNode body, OptionalLong ifVersion, Waiting waiting) {
        return change(withJson(request(path), "POST", body), ifVersion, waiting);
    }

    JsonNode delete(String path, OptionalLong ifVersion) {
        return change(request(path).DELETE(), ifVersion, Waiting.NONE);
    }

    /** Has the server do what it may do any number of times. */
    JsonNode post(String path) {
        return send(request(path).POST(BodyPublishers.noBody()).build(), Waiting.NONE, false,
                "; whether it was done is not known");
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + "/api/v1" + path))
                .header("Accept", "application/json");
        token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
        return request;
    }

    private static HttpRequest.Builder withJson(HttpRequest.Builder request, String method, ObjectNode body) {
        return request.header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body.toString()));
    }

    private JsonNode change(HttpRequest.Builder request, OptionalLong ifVersion, Waiting waiting) {
        ifVersion.ifPresent(number -> request.header("If-Match", "\"" + number + "\""));
        request.header("Idempotency-Key", idempotencyKey);
        return send(request.build(), waiting, true, UNKNOWN_OUTCOME);
    }

    /** @param repeatable whether to ask once more when the connection breaks before the answer is there */
    private JsonNode send(HttpRequest request, Waiting waiting, boolean repeatable, String ifBroken) {
        Duration atMost = timeout.plus(waiting.longer());
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        try {
            HttpResponse<byte[]> answer = repeatable
                    ? answerAtLast(request, waiting, deadlineNanos)
                    : answer(request, waiting, deadlineNanos);
            return AdminAnswer.read(base, token.isPresent(), answer);
        } catch (TimeoutException e) {
            throw new OperatorException(ExitCode.TIMED_OUT, base + ": no answer within " + atMost.toMillis()
                    + " ms (--request-timeout waits longer)" + ifBroken);
        } catch (IOException e) {
            throw unreachable(e, ifBroken);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperatorException(ExitCode.FAILED, "interrupted" + ifBroken);
        }
    }

    private HttpResponse<byte[]> answerAtLast(HttpRequest request, Waiting waiting, long deadlineNanos)
            throws IOException, TimeoutException, InterruptedException {
        try {
            return answer(request, waiting, deadlineNanos);
        } catch (IOException broken) {
            if (nothingWasSent(broken)) {
                throw broken;
            }
            return answerAfter(broken, request, waiting, deadlineNanos);
        }
    }

    private HttpResponse<byte[]> answerAfter(IOException broken, HttpRequest request, Waiting waiting,
            long deadlineNanos) throws IOException, TimeoutException, InterruptedException {
        try {
            return answer(request, waiting, deadlineNanos);
        } catch (IOException again) {
            broken.addSuppressed(again); // the first one may have reached the server, whatever became of this one
            throw broken;
        }
    }

    private HttpResponse<byte[]> answer(HttpRequest request, Waiting waiting, long deadlineNanos)
            throws IOException, TimeoutException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(request,
                BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
        try {
            return await(answer, waiting, deadlineNanos);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException broken) {
                throw broken;
            }
            throw new IllegalStateException("request to " + base, e.getCause());
        } finally {
            answer.cancel(true); // has no effect on one that is there
        }
    }

    /** Not HttpRequest.timeout: that one ends with the head of the answer. */
    private static HttpResponse<byte[]> await(CompletableFuture<HttpResponse<byte[]>> answer, Waiting waiting,
            long deadlineNanos) throws ExecutionException, TimeoutException, InterruptedException {
        while (true) {
            long leftNanos = deadlineNanos - System.nanoTime();
            try {
                return answer.get(Math.min(leftNanos, waiting.every().toNanos()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (deadlineNanos - System.nanoTime() <= 0) {
                    throw e;
                }
                waiting.progress().run();
            }
        }
    }

    private static boolean nothingWasSent(IOException cause) {
        return cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException;
    }

    private OperatorException unreachable(IOException cause, String ifBroken) {
        if (nothingWasSent(cause)) {
            String why = cause.getCause() instanceof UnresolvedAddressException
                    ? "the name does not resolve"
                    : Optional.ofNullable(cause.getMessage()).orElse("connection refused");
            return new OperatorException(ExitCode.UNREACHABLE, base + ": cannot reach the admin API: " + why
                    + " (is the proxy running? --admin or TURNOUT_ADMIN say where)");
        }
        String why = Table.printable(Optional.ofNullable(cause.getMessage()).orElse(cause.toString()));
        return new OperatorException(ExitCode.UNREACHABLE,
                base + ": the connection to the admin API broke: " + why + ifBroken);
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
