package dev.turnout.admin.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.admin.http.Problem.Kind;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts answers and problems on the wire. On the server's event loop. */
final class Replies {
    private static final Logger log = LoggerFactory.getLogger(Replies.class);

    private static final Problem UNREADABLE = new Problem(Kind.BAD_REQUEST,
            "the request cannot be read (expected: HTTP/1.1)");

    private Replies() {}

    /** What no answer lacks: nobody keeps it, and nobody takes it for something else. */
    static void putSafeguards(HttpServerResponse response) {
        response.putHeader("Cache-Control", "no-store").putHeader("X-Content-Type-Options", "nosniff");
    }

    static void send(RoutingContext ctx, Answer answer) {
        HttpServerResponse response = ctx.response();
        if (response.ended() || response.closed()) {
            return; // the client did not wait
        }
        response.setStatusCode(answer.status());
        if (!answer.contentType().isEmpty()) {
            response.putHeader("Content-Type", answer.contentType());
        }
        putSafeguards(response);
        answer.headers().forEach(response::putHeader);
        // HEAD: what GET would have said, the length included (RFC 9110, 9.3.2).
        boolean head = ctx.request().method().equals(HttpMethod.HEAD);
        if (head) {
            response.putHeader("Content-Length", Integer.toString(answer.body().length()));
        }
        (head ? response.end() : response.end(answer.body()))
                .onFailure(failure -> log.debug("answer not delivered: {}", failure.toString()));
    }

    static void send(RoutingContext ctx, Problem problem, Map<String, String> headers) {
        Kind kind = problem.kind();
        ObjectNode json = Json.object()
                .put("type", "about:blank")
                .put("title", kind.title())
                .put("status", kind.status())
                .put("detail", problem.detail())
                .put("code", kind.code());
        json.setAll(problem.members());
        send(ctx, new Answer(kind.status(), "application/problem+json", Json.bytes(json), headers));
    }

    /** Answers whatever a handler threw, and what Vert.x refused by itself. */
    static void fail(RoutingContext ctx) {
        Problem problem = ctx.failure() instanceof ProblemException expected
                ? expected.problem()
                : byStatus(ctx);
        Map<String, String> headers = problem.kind() == Kind.UNAUTHENTICATED
                ? Map.of("WWW-Authenticate", "Bearer realm=\"turnout\"")
                : Map.of();
        send(ctx, problem, headers);
    }

    private static Problem byStatus(RoutingContext ctx) {
        return switch (ctx.statusCode()) {
            case 400 -> UNREADABLE;
            case 404 -> new Problem(Kind.NOT_FOUND, "nothing is here (expected: a path in /openapi.yaml)");
            case 413 -> new Problem(Kind.BODY_TOO_LARGE,
                    "body: too large (expected: at most " + AdminRouter.MAX_BODY_BYTES + " bytes)");
            case 417 -> new Problem(Kind.EXPECTATION_FAILED, "Expect: unknown (expected: 100-continue)");
            default -> canBeDecoded(ctx) ? defect(ctx) : UNREADABLE;
        };
    }

    /** Vert.x decodes a target only when it needs it, and throws then, wherever that is. */
    private static boolean canBeDecoded(RoutingContext ctx) {
        try {
            ctx.normalizedPath();
            ctx.queryParams();
            return true;
        } catch (IllegalArgumentException | HttpException e) {
            return false;
        }
    }

    private static Problem defect(RoutingContext ctx) {
        log.error("admin request failed method={} path={}", ctx.request().method(), ctx.normalizedPath(),
                ctx.failure());
        return new Problem(Kind.INTERNAL, "a defect in Turnout; its log has the cause");
    }
}
