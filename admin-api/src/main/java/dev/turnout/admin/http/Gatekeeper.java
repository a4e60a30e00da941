package dev.turnout.admin.http;

import dev.turnout.admin.http.Problem.Kind;
import dev.turnout.admin.security.Access;
import dev.turnout.admin.security.BearerToken;
import dev.turnout.admin.security.Loopback;
import dev.turnout.admin.security.Principal;
import dev.turnout.admin.security.Session;
import dev.turnout.admin.security.SessionCookie;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Stands before every route, whatever its path: says who asks, or refuses. Paths are public by exact comparison with
 * what the client sent: {@code //x}, {@code /x/../y} and {@code %2e%2e} lead the router to a path, but never past here.
 */
final class Gatekeeper {
    private static final Set<String> PUBLIC = Set.of("/", "/openapi.yaml", "/healthz", "/readyz");
    private static final String ASSETS = "/assets/";
    private static final String CSRF = "X-Turnout-CSRF";
    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);
    private static final String PRINCIPAL = Gatekeeper.class.getName();

    private final Access access;
    private final boolean loopback;

    /** @param loopback whether only this machine reaches the server */
    Gatekeeper(Access access, boolean loopback) {
        this.access = access;
        this.loopback = loopback;
    }

    void check(RoutingContext ctx) {
        checkHost(ctx);
        if (!isPublic(ctx) && !isLogin(ctx)) {
            ctx.put(PRINCIPAL, authenticate(ctx));
        }
        ctx.next();
    }

    /** Who asks; empty: not asked, on a public path. */
    static Optional<Principal> principal(RoutingContext ctx) {
        return Optional.ofNullable(ctx.get(PRINCIPAL));
    }

    /** On loopback a foreign name is a browser that was led here: DNS rebinding. */
    private void checkHost(RoutingContext ctx) {
        List<String> hosts = ctx.request().headers().getAll("Host");
        boolean mayLackHost = ctx.request().version() == HttpVersion.HTTP_1_0 && hosts.isEmpty();
        if (!mayLackHost && hosts.size() != 1) {
            throw new Problem(Kind.BAD_REQUEST, "Host: " + hosts.size() + " of them (expected: one)")
                    .raised();
        }
        if (loopback && !hosts.stream().allMatch(Loopback::isNamedBy)) {
            throw new Problem(Kind.WRONG_HOST, "Host: " + hosts.getFirst()
                    + " (expected: 127.0.0.1, [::1] or localhost, since the admin API listens on loopback)")
                    .raised();
        }
    }

    private static boolean isPublic(RoutingContext ctx) {
        String sent = ctx.request().path();
        if (sent == null) {
            return false;
        }
        boolean asset = sent.startsWith(ASSETS) && sent.indexOf('%') < 0 && sent.equals(ctx.normalizedPath());
        return asset || PUBLIC.contains(sent);
    }

    /** The token is in the body then, and {@link SessionOperations} asks for it. */
    private static boolean isLogin(RoutingContext ctx) {
        return ctx.request().method().equals(HttpMethod.POST)
                && SessionOperations.PATH.equals(ctx.request().path())
                && !ctx.request().headers().contains("Authorization");
    }

    private Principal authenticate(RoutingContext ctx) {
        List<String> authorization = ctx.request().headers().getAll("Authorization");
        if (authorization.isEmpty()) {
            Principal principal = SessionCookie.of(ctx.request().headers().getAll("Cookie"))
                    .flatMap(access::session)
                    .map(Session::owner)
                    .orElseThrow(() -> refused("Authorization: missing"));
            requireOwnPage(ctx);
            return principal;
        }
        if (authorization.size() > 1) {
            throw refused("Authorization: " + authorization.size() + " of them");
        }
        return BearerToken.of(authorization)
                .map(access::owner)
                .orElseThrow(() -> refused("Authorization: not a bearer token"))
                .orElseThrow(() -> refused("Authorization: unknown token"));
    }

    /** A browser adds a cookie to what another site's page asks for, but lets only our own set this header. */
    private static void requireOwnPage(RoutingContext ctx) {
        boolean reads = READING.contains(ctx.request().method());
        if (!reads && !ctx.request().headers().contains(CSRF)) {
            throw new Problem(Kind.CSRF,
                    CSRF + ": missing (expected: any value, since a cookie authorises this change)").raised();
        }
    }

    private static ProblemException refused(String found) {
        return new Problem(Kind.UNAUTHENTICATED,
                found + " (expected: one header, Bearer and a token; or the cookie of a session)")
                .raised();
    }
}
