package dev.turnout.admin.http;

import dev.turnout.admin.http.Problem.Kind;
import dev.turnout.admin.security.Principal;
import dev.turnout.config.Role;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;

/**
 * The way of a request: gatekeeper, role, body, then its operation on a thread of its own. A body is read only once it
 * is known that whoever sends it may.
 */
final class AdminRouter {
    static final int MAX_BODY_BYTES = 64 * 1024;

    private static final Pattern DETOUR = Pattern.compile("(?i)//|/(\\.|%2e){1,2}(/|$)");

    private final Vertx vertx;
    private final Executor blocking;
    private final IdleConnections idle;

    AdminRouter(Vertx vertx, Executor blocking, IdleConnections idle) {
        this.vertx = vertx;
        this.blocking = blocking;
        this.idle = idle;
    }

    Router of(List<Endpoint> endpoints, Gatekeeper gatekeeper) {
        Router router = Router.router(vertx);
        router.route().handler(ctx -> {
            idle.clientsTurn(ctx.request().connection());
            ctx.next();
        });
        router.route().handler(gatekeeper::check);
        router.route().handler(AdminRouter::refuseDetours);
        Map<String, SortedSet<String>> allowed = new LinkedHashMap<>();
        for (Endpoint endpoint : endpoints) {
            add(router, endpoint);
            SortedSet<String> methods = allowed.computeIfAbsent(endpoint.path(), path -> new TreeSet<>());
            endpoint.methods().forEach(method -> methods.add(method.name()));
        }
        allowed.forEach((path, methods) -> router.route(path).handler(ctx -> refuseMethod(ctx, methods)));
        router.route().handler(ctx -> ctx.fail(404));
        router.route().failureHandler(Replies::fail);
        router.errorHandler(400, Replies::fail);
        return router;
    }

    /** Vert.x would straighten it, and whoever stands before us and judges by the path would have judged another. */
    private static void refuseDetours(RoutingContext ctx) {
        String sent = ctx.request().path();
        if (sent == null || DETOUR.matcher(sent).find()) {
            ctx.fail(404);
        } else {
            ctx.next();
        }
    }

    private void add(Router router, Endpoint endpoint) {
        // Each step is a route of its own: within one, Vert.x wants the body read before anything else is asked.
        endpoint.needs().ifPresent(role -> route(router, endpoint).handler(ctx -> requireRole(ctx, role)));
        if (endpoint.isChange()) {
            route(router, endpoint).handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES));
        }
        route(router, endpoint).handler(ctx -> run(ctx, endpoint));
    }

    private static Route route(Router router, Endpoint endpoint) {
        Route route = router.route(endpoint.path());
        endpoint.methods().forEach(route::method);
        return route;
    }

    private static void requireRole(RoutingContext ctx, Role needed) {
        Principal principal = Gatekeeper.principal(ctx).orElseThrow();
        if (!principal.may(needed)) {
            throw new Problem(Kind.FORBIDDEN,
                    "role: " + principal.role().label() + " of token " + principal.name()
                            + " (expected: " + needed.label() + " or higher)")
                    .raised();
        }
        ctx.next();
    }

    private static void refuseMethod(RoutingContext ctx, SortedSet<String> allowed) {
        String methods = String.join(", ", allowed);
        Replies.send(ctx, new Problem(Kind.METHOD_NOT_ALLOWED,
                ctx.request().method() + ": not here (expected: " + methods + ")"), Map.of("Allow", methods));
    }

    private void run(RoutingContext ctx, Endpoint endpoint) {
        Buffer body = Optional.ofNullable(ctx.body().buffer()).orElseGet(Buffer::buffer);
        Call call = new Call(endpoint.method() + " " + endpoint.path(), Gatekeeper.principal(ctx),
                ctx.pathParams(),
                ctx.queryParams(), ctx.request().headers(), body);
        Context loop = vertx.getOrCreateContext();
        idle.serversTurn(ctx.request().connection());
        blocking.execute(() -> {
            try {
                Reply reply = endpoint.operation().answer(call);
                loop.runOnContext(done -> reply(ctx, reply));
            } catch (RuntimeException | Error failure) {
                loop.runOnContext(done -> {
                    idle.clientsTurn(ctx.request().connection());
                    ctx.fail(failure);
                });
            }
        });
    }

    private void reply(RoutingContext ctx, Reply reply) {
        switch (reply) {
            case Answer answer -> {
                idle.clientsTurn(ctx.request().connection());
                Replies.send(ctx, answer);
            }
            case EventStream stream -> stream.start(ctx);
        }
    }
}
