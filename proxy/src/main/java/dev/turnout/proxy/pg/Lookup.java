package dev.turnout.proxy.pg;

import dev.turnout.config.PostgresAuth;
import dev.turnout.config.Secret;
import dev.turnout.config.Target;
import dev.turnout.proxy.failure.SessionFailure;
import dev.turnout.proxy.pg.auth.Credentials;
import dev.turnout.proxy.upstream.Endpoint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches verifiers from the servers of a route ({@code auth.query}), blue's first. Confined to its loop. */
final class Lookup {
    private static final Logger log = LoggerFactory.getLogger(Lookup.class);

    private static final String NO_SUCH_DATABASE = "3D000";

    private final PgLoop loop;
    private final PgRoute route;

    /** A look-up came to nothing. Its message is for the client. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final SessionFailure failure;
        private final String detail;
        private final byte @Nullable [] answer;

        /** @param detail for the operator */
        Failure(SessionFailure failure, String message, String detail) {
            this(failure, message, detail, null);
        }

        private Failure(SessionFailure failure, String message, String detail, byte @Nullable [] answer) {
            super(message, null, false, false);
            this.failure = failure;
            this.detail = detail;
            this.answer = answer;
        }

        /** The server's own words for the client; null: it has none. */
        byte @Nullable [] answer() {
            return answer;
        }

        String detail() {
            return detail;
        }

        SessionFailure failure() {
            return failure;
        }
    }

    /** Where to ask. */
    private record Place(PgRoute.Side side, Endpoint endpoint) {}

    Lookup(PgLoop loop, PgRoute route) {
        this.loop = loop;
        this.route = route;
    }

    /** Completes on the loop; empty: there is no such user, or none who may log in with a password. */
    CompletableFuture<Optional<Secret>> ask(PostgresAuth.Query query, String user, String database) {
        Deque<Place> places = new ArrayDeque<>();
        for (Target target : Target.values()) {
            PgRoute.Side side = route.side(target);
            side.roles().candidates(side.endpoints().endpoints(), false, loop.random())
                    .forEach(endpoint -> places.add(new Place(side, endpoint)));
        }
        CompletableFuture<Optional<Secret>> answer = new CompletableFuture<>();
        next(places, query, user, database, new ArrayList<>(), answer);
        return answer.whenComplete((_, failure) -> {
            if (failure instanceof Failure known && known.answer() == null
                    && route.accounts().mayWarn(loop.nanos())) {
                log.warn("auth.query failed route={} user of the query={}: {}", route.name(), query.user(),
                        known.detail());
            }
        });
    }

    private void next(Deque<Place> places, PostgresAuth.Query query, String user, String database,
            List<String> failures, CompletableFuture<Optional<Secret>> answer) {
        Place place = places.poll();
        if (place == null) {
            answer.completeExceptionally(new Failure(SessionFailure.NO_HEALTHY_ENDPOINT,
                    "no server can be asked who may log in",
                    failures.isEmpty() ? "no endpoint" : String.join("; ", failures)));
            return;
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("user", latin1(query.user()));
        parameters.put("database", latin1(query.database().orElse(database)));
        parameters.put("application_name", "turnout");
        // It outranks what the owner of the database set, who could have made operators of his own.
        parameters.put("search_path", "pg_catalog");
        ServerLogin.Order order = new ServerLogin.Order(place.endpoint.socketAddress(),
                place.endpoint.address().host(), place.side.tls(), 0, parameters,
                query.password().<Credentials>map(Credentials.Password::new).orElseGet(Credentials.None::new),
                route.config().connectTimeout(), route.config().authenticateTimeout());
        ServerLogin.begin(loop, order, outcome -> {
            switch (outcome) {
                case LoginOutcome.LoggedIn in -> Question.ask(loop, in, query.sql(), user,
                        route.config().authenticateTimeout(), answer);
                case LoginOutcome.Refused refused when refused.fields().sqlState().equals(NO_SUCH_DATABASE) ->
                    answer.completeExceptionally(new Failure(SessionFailure.UPSTREAM_AUTHENTICATION,
                            refused.fields().message(), place.endpoint + ": " + refused.fields().message(),
                            refused.message()));
                case LoginOutcome.Refused refused -> {
                    failures.add(place.endpoint + ": " + refused.fields().message());
                    next(places, query, user, database, failures, answer);
                }
                case LoginOutcome.Failed failed -> {
                    failures.add(place.endpoint + ": " + failed.detail());
                    next(places, query, user, database, failures, answer);
                }
            }
        });
    }

    /** Startup packets are handled byte by byte. */
    static String latin1(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
