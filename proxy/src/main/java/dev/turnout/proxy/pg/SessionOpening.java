package dev.turnout.proxy.pg;

import dev.turnout.config.DataKind;
import dev.turnout.config.Target;
import dev.turnout.proxy.failure.SessionFailure;
import dev.turnout.proxy.metrics.SessionMeters;
import dev.turnout.proxy.net.Channels;
import dev.turnout.proxy.pg.auth.Credentials;
import dev.turnout.proxy.pg.auth.StartupParameters;
import dev.turnout.proxy.pg.wire.StartupRequest;
import dev.turnout.proxy.routing.Decision;
import dev.turnout.proxy.routing.Rung;
import dev.turnout.proxy.upstream.Endpoint;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a client that has proved who it is to a session: decides its side, and logs in to one of that side's servers after
 * the other until one serves. Confined to its loop.
 */
final class SessionOpening {
    private static final Logger log = LoggerFactory.getLogger(SessionOpening.class);
    private static final int STARTING = SessionMeters.STATES.indexOf("starting");
    private static final int UNKNOWN_CATEGORY = 0;
    private static final String CANNOT_CONNECT_NOW = "57P03";

    private final ClientStartup client;
    private final PgLoop loop;
    private final PgRoute route;
    private final StartupRequest.Start start;
    private final StartupParameters parameters;
    private final Credentials credentials;
    private final Decision decision = new Decision();
    private final Deque<Endpoint> candidates = new ArrayDeque<>();
    private PgRoute.@Nullable Side side;
    private @Nullable ServerLogin login;
    private @Nullable Endpoint trying;
    /** The last server that would not serve; it speaks for all of them. */
    private @Nullable LoginOutcome last;
    private boolean spilled;
    private boolean over;

    SessionOpening(ClientStartup client, PgLoop loop, PgRoute route, StartupRequest.Start start,
            StartupParameters parameters, Credentials credentials) {
        this.client = client;
        this.loop = loop;
        this.route = route;
        this.start = start;
        this.parameters = parameters;
        this.credentials = credentials;
    }

    void begin() {
        InetSocketAddress from = (InetSocketAddress) client.channel().remoteAddress();
        if (from == null || !loop.decide(route.name(), parameters, from.getAddress(), decision)) {
            client.refuse(SessionFailure.SHUTDOWN, "the route is no longer served", "");
            return;
        }
        enter(route.side(decision.target()));
    }

    private void enter(PgRoute.Side chosen) {
        side = chosen;
        // From now on a drain waits for it.
        chosen.meters().sessions(UNKNOWN_CATEGORY, 1);
        candidates.addAll(chosen.roles().candidates(chosen.endpoints().endpoints(), decision.readOnly(),
                loop.random()));
        next();
    }

    private void next() {
        PgRoute.Side at = side;
        Endpoint endpoint = candidates.poll();
        if (at == null) {
            return;
        }
        if (endpoint == null) {
            exhausted(at);
            return;
        }
        trying = endpoint;
        endpoint.begun(loop.number());
        at.meters().servers(STARTING, 1);
        StartupParameters sent = parameters.withoutTurnout();
        if (decision.readOnly()) {
            sent = sent.with("default_transaction_read_only", "on");
        }
        login = ServerLogin.begin(loop,
                new ServerLogin.Order(endpoint.socketAddress(), endpoint.address().host(),
                        at.tls(), Math.min(start.minor(), StartupRequest.NEWEST_MINOR), sent.parameters(),
                        credentials,
                        route.config().connectTimeout(), route.config().authenticateTimeout()),
                outcome -> told(at, endpoint, outcome));
    }

    private void told(PgRoute.Side at, Endpoint endpoint, LoginOutcome outcome) {
        trying = null;
        at.meters().servers(STARTING, -1);
        switch (outcome) {
            case LoginOutcome.LoggedIn in -> loggedIn(at, endpoint, in);
            case LoginOutcome.Refused refused -> {
                endpoint.ended(loop.number());
                refused(endpoint, refused);
            }
            case LoginOutcome.Failed failed -> {
                endpoint.ended(loop.number());
                failed(endpoint, failed);
            }
        }
    }

    private void loggedIn(PgRoute.Side at, Endpoint endpoint, LoginOutcome.LoggedIn in) {
        endpoint.succeeded();
        at.roles().seen(endpoint, in.standby);
        boolean cannotWrite = in.standby && !decision.readOnly() && at.endpoints().endpoints().size() > 1;
        if (over || cannotWrite) {
            // A standby takes no writes, and another of the side may be the primary.
            endpoint.ended(loop.number());
            in.reports.release();
            in.rest.release();
            Channels.close(in.channel);
            if (!over) {
                last = new LoginOutcome.Failed(SessionFailure.NO_HEALTHY_ENDPOINT, "only standbys of "
                        + at.target().label() + " can be reached, and the session may write");
                next();
            }
            return;
        }
        done();
        client.handOver(new Session(client, route, at, endpoint, parameters, start, decision.readOnly(), in),
                in);
    }

    /** What the server says goes to the client as it is, unless another server may do better. */
    private void refused(Endpoint endpoint, LoginOutcome.Refused refused) {
        String state = refused.fields().sqlState();
        log.debug("login refused route={} endpoint={} sqlstate={}", route.name(), endpoint, state);
        if (state.startsWith("28")) {
            forget();
        }
        last = refused;
        if (state.equals(CANNOT_CONNECT_NOW)) {
            endpoint.failed();
            next();
        } else {
            end(refused);
        }
    }

    /** The verifier may have changed since it was looked up. */
    private void forget() {
        route.accounts().forget(ClientStartup.utf8(parameters.user()),
                ClientStartup.utf8(parameters.database()));
    }

    private void failed(Endpoint endpoint, LoginOutcome.Failed failed) {
        log.debug("login failed route={} endpoint={}: {}", route.name(), endpoint, failed.detail());
        last = failed;
        switch (failed.failure()) {
            case UPSTREAM_CONNECT -> endpoint.connectFailed(failed.detail());
            case UPSTREAM_RESET, UPSTREAM_TIMEOUT, UPSTREAM_PROTOCOL -> endpoint.failed();
            case UPSTREAM_AUTHENTICATION -> forget();
            default -> {
                // The server is well, but does not get on with the proxy.
            }
        }
        next();
    }

    private void exhausted(PgRoute.Side at) {
        Target other = at.target().other();
        if (route.spills() && !spilled && maySpill()) {
            spilled = true;
            at.meters().sessions(UNKNOWN_CATEGORY, -1);
            decision.spill();
            enter(route.side(other));
        } else {
            end(last);
        }
    }

    /** Writers have one side, and an operator who drained the other means it. */
    private boolean maySpill() {
        return decision.rung() != Rung.DRAINED
                && (decision.readOnly() || route.config().data() != DataKind.REPLICATED);
    }

    private void end(@Nullable LoginOutcome outcome) {
        if (over) {
            return;
        }
        done();
        uncount();
        over = true;
        switch (outcome) {
            case LoginOutcome.Refused refused -> client.refused(refused.message());
            case LoginOutcome.Failed failed -> client.refuse(failed.failure(), failed.detail(), "");
            case null, default -> client.refuse(SessionFailure.NO_HEALTHY_ENDPOINT, "no endpoint of "
                    + decision.target().label() + " takes sessions now", "");
        }
    }

    private void uncount() {
        if (!over && side != null) {
            side.meters().sessions(UNKNOWN_CATEGORY, -1);
        }
    }

    /** The side is final. What the client's proof gave away dies with its login. */
    private void done() {
        if (side != null) {
            side.meters().decided(decision.rung().number());
        }
        if (credentials instanceof Credentials.Keys keys) {
            keys.destroy();
        }
    }

    /** The client has gone. */
    void cancel() {
        if (over) {
            return;
        }
        done();
        uncount();
        over = true;
        if (login != null) {
            login.cancel();
        }
        if (trying != null && side != null) {
            trying.ended(loop.number());
            side.meters().servers(STARTING, -1);
            trying = null;
        }
    }
}
