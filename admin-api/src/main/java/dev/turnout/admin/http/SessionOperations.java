package dev.turnout.admin.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.admin.http.Problem.Kind;
import dev.turnout.admin.security.Access;
import dev.turnout.admin.security.BearerToken;
import dev.turnout.admin.security.Principal;
import dev.turnout.admin.security.Session;
import dev.turnout.admin.security.SessionCookie;
import dev.turnout.config.Secret;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Trading a token for a cookie, as the dashboard does, and back. */
final class SessionOperations {
    static final String PATH = "/api/v1/session";

    private static final String SET_COOKIE = "Set-Cookie";

    private final Access access;

    SessionOperations(Access access) {
        this.access = access;
    }

    Answer open(Call call) {
        Query.of(call);
        Access.Login login = access.login(token(call))
                .orElseThrow(() -> new Problem(Kind.UNAUTHENTICATED,
                        "token: unknown (expected: one of the configuration)").raised());
        return answer(login.session().owner(), Optional.of(login.session().expires()))
                .with(Map.of(SET_COOKIE, SessionCookie.set(login.id())));
    }

    private static Secret token(Call call) {
        if (call.principal().isPresent()) {
            Changes.refuseBody(call, "since Authorization has the token");
            return BearerToken.of(call.headers().getAll("Authorization")).orElseThrow();
        }
        Changes.requireJson(call);
        return token(call.body());
    }

    private static Secret token(Buffer body) {
        JsonNode token = Json.readObject(body, List.of("token"), "{\"token\": \"...\"}").path("token");
        if (!token.isTextual() || token.textValue().isEmpty()) {
            // Never repeated: it may be most of a secret.
            throw Query.refused("token", token.isMissingNode() ? "missing" : "not a text, or empty",
                    "a text");
        }
        return new Secret(token.textValue());
    }

    /** Who asks. */
    Answer show(Call call) {
        Query.of(call);
        return answer(call.principal().orElseThrow(),
                call.headers().contains("Authorization")
                        ? Optional.empty()
                        : cookie(call).flatMap(access::session).map(Session::expires));
    }

    Answer end(Call call) {
        Query.of(call);
        Changes.refuseBody(call, "the cookie says which session");
        cookie(call).ifPresent(access::logout);
        return new Answer(204, "", Buffer.buffer(), Map.of(SET_COOKIE, SessionCookie.clear()));
    }

    private static Optional<Secret> cookie(Call call) {
        return SessionCookie.of(call.headers().getAll("Cookie"));
    }

    private static Answer answer(Principal principal, Optional<Instant> expires) {
        ObjectNode json = Json.object()
                .put("name", principal.name())
                .put("role", principal.role().label())
                .put("expires", expires.map(Instant::toString).orElse(null));
        return Answer.json(json);
    }
}
