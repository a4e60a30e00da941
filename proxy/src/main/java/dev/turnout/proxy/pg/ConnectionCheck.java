package dev.turnout.proxy.pg;

import dev.turnout.config.PostgresAuth;
import dev.turnout.config.Secret;
import dev.turnout.proxy.failure.SessionFailure;
import dev.turnout.proxy.net.Channels;
import dev.turnout.proxy.net.tls.ClientTls;
import dev.turnout.proxy.pg.auth.Credentials;
import dev.turnout.proxy.pg.auth.Md5;
import dev.turnout.proxy.pg.auth.Verifier;
import dev.turnout.proxy.pg.session.ServerMessage;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Logs in at servers as the proxy would for a client, only to see whether it could. Any thread. */
@SuppressWarnings("FutureReturnValueIgnored") // what an answer becomes is the future that the caller has
public final class ConnectionCheck {
    private static final String VERSION = "server_version";

    private final PgLoop loop;
    private final Duration timeout;

    /** Where to. {@code host}: as configured. */
    public record Place(InetSocketAddress address, String host, ClientTls tls) {}

    /** Who, and where in. */
    public record Login(String user, String database, Credentials credentials) {}

    /** What came of it. */
    public sealed interface Found {
        /** The session was there. {@code version}: empty when the server does not say. */
        record Server(String version, boolean tls, boolean standby) implements Found {}

        /** The server's own words. */
        record Refused(String sqlState, String message) implements Found {}

        /** Nothing came of it; what is wrong, and often what is expected. */
        record Failed(SessionFailure failure, String detail) implements Found {}
    }

    /** What a look-up said. */
    public sealed interface LookedUp {
        /** Empty: there is no such user, or none who may log in with a password. Equal when the texts are. */
        record Answer(Optional<Secret> verifier) implements LookedUp {}

        /** It could not be asked, or cannot be understood. */
        record Failed(Found found) implements LookedUp {}
    }

    /** @param timeout of each step: the connection, the login, the look-up */
    public ConnectionCheck(PgLoop loop, Duration timeout) {
        this.loop = loop;
        this.timeout = timeout;
    }

    /** What would log in with this; empty for a verifier, which only a client's proof makes a key of. */
    public static Optional<Credentials> credentials(Secret secret) {
        if (Md5.isHash(secret.reveal())) {
            return Optional.of(new Credentials.Md5(secret));
        }
        return Verifier.isVerifier(secret.reveal())
                ? Optional.empty()
                : Optional.of(new Credentials.Password(secret));
    }

    /** Whether a look-up's answer is something that a client can be checked against. */
    public static boolean isVerifier(Secret secret) {
        return Accounts.Account.of(secret).isPresent();
    }

    public CompletableFuture<Found> login(Place place, Login login) {
        CompletableFuture<Found> found = new CompletableFuture<>();
        begin(place, login, in -> {
            Found.Server server = server(in);
            in.reports.release();
            in.rest.release();
            Channels.close(in.channel);
            found.complete(server);
        }, found::complete);
        return found;
    }

    /** Asks {@code auth.query} for a user. {@code database}: where the query does not name one. */
    public CompletableFuture<LookedUp> lookUp(Place place, PostgresAuth.Query query, String database,
            String user) {
        CompletableFuture<LookedUp> found = new CompletableFuture<>();
        Credentials credentials = query.password().<Credentials>map(Credentials.Password::new)
                .orElseGet(Credentials.None::new);
        begin(place, new Login(query.user(), query.database().orElse(database), credentials), in -> {
            CompletableFuture<Optional<Secret>> answer = new CompletableFuture<>();
            answer.whenComplete((verifier, failure) -> found.complete(failure == null
                    ? new LookedUp.Answer(verifier)
                    : new LookedUp.Failed(new Found.Failed(SessionFailure.UPSTREAM_AUTHENTICATION,
                            failure instanceof Lookup.Failure known ? known.detail() : failure.toString()))));
            Question.ask(loop, in, query.sql(), user, timeout, answer);
        }, failed -> found.complete(new LookedUp.Failed(failed)));
        return found;
    }

    private void begin(Place place, Login login, Consumer<LoginOutcome.LoggedIn> in, Consumer<Found> failed) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("user", Lookup.latin1(login.user));
        parameters.put("database", Lookup.latin1(login.database));
        parameters.put("application_name", "turnout");
        ServerLogin.begin(loop, new ServerLogin.Order(place.address, place.host, place.tls, 0, parameters,
                login.credentials, timeout, timeout), outcome -> {
                    switch (outcome) {
                        case LoginOutcome.LoggedIn session -> in.accept(session);
                        case LoginOutcome.Refused refused ->
                            failed.accept(new Found.Refused(refused.fields().sqlState(),
                                    refused.fields().message()));
                        case LoginOutcome.Failed failure ->
                            failed.accept(new Found.Failed(failure.failure(),
                                    failure.detail().replace(" (timeouts.authenticate)", "")));
                    }
                });
    }

    private static Found.Server server(LoginOutcome.LoggedIn in) {
        String version = "";
        ByteBuf reports = in.reports.slice();
        while (reports.isReadable()) {
            byte type = reports.readByte();
            ByteBuf body = reports.readSlice(reports.readInt() - Integer.BYTES);
            String text = body.toString(StandardCharsets.UTF_8);
            int end = text.indexOf(0);
            if (type == ServerMessage.PARAMETER_STATUS
                    && text.substring(0, Math.max(0, end)).equals(VERSION)) {
                version = text.substring(end + 1, text.length() - 1);
            }
        }
        return new Found.Server(version, in.tls, in.standby);
    }
}
