package dev.turnout.proxy.http;

import dev.turnout.proxy.failure.Kind;
import dev.turnout.proxy.failure.ProxyFailure;
import dev.turnout.proxy.http.head.BodyFraming;
import dev.turnout.proxy.http.head.Method;
import dev.turnout.proxy.http.head.RequestHead;
import dev.turnout.proxy.http.head.ResponseHead;
import dev.turnout.proxy.http.upstream.OriginConnection;
import dev.turnout.proxy.http.upstream.OriginListener;
import dev.turnout.proxy.http.upstream.Origins;
import dev.turnout.proxy.metrics.Outcome;
import dev.turnout.proxy.net.Channels;
import dev.turnout.proxy.routing.Decision;
import dev.turnout.proxy.routing.Rung;
import dev.turnout.proxy.upstream.Endpoint;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its answer, from the whole head to the last byte: decided once, sent to one endpoint, counted once.
 * A client connection has one, used for each of its requests. Confined to its event loop.
 */
final class Exchange implements OriginListener {
    /** Whose request it is. Every call comes on the event loop. */
    interface Client {
        /** The origin leg is there: what came meanwhile can go on. */
        void onConnected();

        /** The origin leg takes more bytes, or does not. */
        void onOriginWritability(boolean writable);

        /** The answer is written to its end. {@code persistent}: the connection serves another request. */
        void onAnswered(boolean persistent);

        /**
         * The answer broke off: the client must not take what it has for the whole.
         *
         * @param reset whether nothing less than a reset tells it so, or it takes nothing anyway; earlier answers that it has
         *     not read yet are lost with it
         */
        void abort(boolean reset);

        /** Bytes of the request or of its answer went on, or are awaited from now. */
        void onProgress();

        /**
         * The connection speaks another protocol from now on, with {@code origin} at its other end. Takes ownership of
         * {@code early}, what came behind the head.
         */
        void onSwitched(Channel origin, ByteBuf early, HttpRoute.Side side, boolean webSocket);
    }

    /*
     *   IDLE --begin--> CONNECTING --onConnected--> SENT --onAnswer--> ANSWERING --onEnd--> IDLE
     *                      |    \__ an idle connection is there: at once _/
     *                      onConnectFailed: another endpoint of the side, then 502
     *   SENT --onFailure, nothing answered, a reused connection, safe to repeat--> CONNECTING
     *   SENT --onSwitch--> IDLE, for good
     *   any but IDLE --fail, client gone--> IDLE
     */
    private enum State {
        IDLE, CONNECTING, SENT, ANSWERING
    }

    private static final Logger log = LoggerFactory.getLogger(Exchange.class);

    private final HttpListener listener;
    private final Channel client;
    private final Client connection;
    /** Only when there is an access log. */
    private final @Nullable LogNotes notes;
    /** Made for the first request. */
    private @Nullable HopFields hopFields;

    private final Decision decision = new Decision();
    private State state = State.IDLE;
    private HttpRoute route;
    private HttpRoute.Side side;
    private Method method = Method.OTHER;
    private boolean http10;
    private boolean persistent;
    private boolean hasBody;
    private boolean requestEnded;
    /** The end of the connection is the end of the answer. */
    private boolean endsWithConnection;
    private boolean repeated;
    /** Endpoints that could not be connected to; made for the first of them. */
    private List<Endpoint> tried = List.of();
    /** The endpoint that was chosen last. */
    private @Nullable Endpoint endpoint;
    private long startedNanos;
    private int status;
    private long lastBacklog;
    /** The protocol that the client asks to go on with. */
    private byte @Nullable [] upgrade;
    private Origins.@Nullable Attempt attempt;
    private @Nullable OriginConnection origin;
    /** Head and first part of the body: until it is written, and while it may have to be written again. */
    private @Nullable ByteBuf request;

    Exchange(HttpListener listener, Channel client, Client connection) {
        this.listener = listener;
        this.client = client;
        this.connection = connection;
        notes = LogNotes.of(listener.loop(), client);
        route = listener.routes().lead();
        side = route.side(decision.target());
    }

    /**
     * Followed by {@link #start}; or answers false, and nothing has begun, when the route is gone. Borrows all; moves
     * {@code in} past the head and as much of the body as is sent with it.
     */
    boolean begin(HttpRoute asked, RequestHead head, ByteBuf in, BodyFraming body) {
        startedNanos = listener.loop().nanos();
        HopFields hop = hopFields(asked);
        if (!listener.loop().decide(asked.name(), head, in, hop, decision)) {
            return false;
        }
        if (notes != null) {
            notes.decided(asked, decision);
        }
        side = route.side(decision.target());
        method = head.method();
        http10 = head.http10();
        persistent = head.persistent();
        hasBody = head.hasBody();
        upgrade = head.wantedUpgrade(in);
        requestEnded = false;
        repeated = false;
        lastBacklog = 0;
        hop.sift(head, in);
        ByteBuf out = Outgoing.requestHead(client.alloc(), head, in, hop, upgrade);
        if (notes != null) {
            notes.began(head, in, hop.requestId(head, in));
        }
        in.skipBytes(head.length());
        int bytes = body.next(in);
        if (bytes > 0) {
            out.writeBytes(in, bytes);
        }
        request = out;
        state = State.CONNECTING;
        return true;
    }

    private HopFields hopFields(HttpRoute asked) {
        HopFields known = hopFields;
        route = asked;
        if (known == null || !known.isOf(asked.http().headers())) {
            known = new HopFields(route.http().headers(), listener.loop().ids(),
                    ((InetSocketAddress) client.remoteAddress()).getAddress());
            hopFields = known;
        }
        return known;
    }

    /** Chooses an endpoint, or one of the other side when this one has none and that is allowed. */
    void start() {
        Endpoint chosen = side.endpoints().choose();
        if (chosen == null && route.spills() && decision.rung() != Rung.DRAINED) {
            HttpRoute.Side other = route.side(decision.target().other());
            chosen = other.endpoints().choose();
            if (chosen != null) {
                decision.spill();
                side = other;
                side.meters().spilled();
            }
        }
        side.meters().decided(decision.rung().number());
        side.meters().started();
        if (chosen == null) {
            fail(new ProxyFailure(Kind.NO_HEALTHY_ENDPOINT, "no endpoint of the side is healthy"));
        } else {
            send(chosen);
        }
    }

    private void send(Endpoint to) {
        state = State.CONNECTING;
        take(to);
        // What met a closing connection once does not try its luck with another idle one; what may leave HTTP needs its own.
        OriginConnection idle = repeated || upgrade != null ? null : listener.loop().origins().take(to, this);
        if (idle != null) {
            sendOn(idle);
        } else {
            attempt = listener.loop().origins().connect(to, route.http().timeouts(), this);
        }
    }

    private void take(Endpoint to) {
        leave();
        endpoint = to;
        if (notes != null) {
            notes.tried();
        }
        to.begun(listener.loop().number());
    }

    /** The endpoint has one request less. */
    private void leave() {
        if (endpoint != null) {
            endpoint.ended(listener.loop().number());
            endpoint = null;
        }
    }

    private void sendOn(OriginConnection connected) {
        ByteBuf first = request;
        if (first == null) {
            throw new IllegalStateException("request: already sent (expected: once for each connection)");
        }
        state = State.SENT;
        attempt = null;
        origin = connected;
        if (connected.reused() && !repeated && method.idempotent() && !hasBody) {
            first.retain();
        } else {
            request = null;
        }
        // Changes from here on are events; either channel may be full already from what it served before.
        connected.pauseReads(!client.isWritable());
        connection.onOriginWritability(connected.writable());
        connected.begin(method, http10, upgrade, first);
        connection.onConnected();
        connection.onProgress();
    }

    @Override
    public void onConnected(OriginConnection connected) {
        sendOn(connected);
        flush();
    }

    @Override
    public void onConnectFailed(ProxyFailure failure) {
        attempt = null;
        if (endpoint != null) {
            tried = tried.isEmpty() ? new ArrayList<>() : tried;
            tried.add(endpoint);
        }
        // Nothing was sent, so any method may go to another endpoint.
        Endpoint next = side.endpoints().another(tried);
        if (next != null) {
            side.meters().retried();
            send(next);
            flush();
        } else {
            fail(failure);
        }
    }

    /** A request ended before it could be one. Borrows both. */
    void refused(HttpRoute of, Kind kind, @Nullable RequestHead head, ByteBuf in) {
        if (notes != null) {
            notes.refused(of, kind, head, in);
        }
    }

    /** Whether {@link #body} may be called now. */
    boolean takesBody() {
        return state != State.CONNECTING;
    }

    /** A part of the request's body. Takes ownership. */
    void body(ByteBuf part) {
        connection.onProgress();
        OriginConnection to = origin;
        if (to == null) {
            part.release();
            return;
        }
        to.write(part);
    }

    /** The request has been read, and handed over, to its end. */
    void requestEnd() {
        requestEnded = true;
    }

    @Override
    public boolean requestSent() {
        return requestEnded;
    }

    /** Sends what was written to the origin. */
    void flush() {
        if (origin != null) {
            origin.flush();
        }
    }

    @Override
    public void onInterim(ResponseHead head, ByteBuf in) {
        dropRepeat();
        if (!http10) {
            Channels.write(client, Outgoing.interim(client.alloc(), head, in));
        }
    }

    @Override
    public void onSwitch(ResponseHead head, ByteBuf in, Channel channel) {
        byte[] protocol = Objects.requireNonNull(upgrade, "upgrade: none was asked for");
        Channels.write(client, Outgoing.switching(client.alloc(), head, in, protocol, minted(head, in)));
        in.skipBytes(head.length());
        origin = null;
        boolean webSocket = isWebSocket(protocol);
        HttpRoute.Side switched = side;
        status = head.status();
        answered();
        // First: a drain that looks in between would see neither a request nor a tunnel.
        side.meters().tunnelOpened();
        end(null);
        connection.onSwitched(channel, in.readRetainedSlice(in.readableBytes()), switched, webSocket);
    }

    private static boolean isWebSocket(byte[] protocol) {
        return new String(protocol, StandardCharsets.US_ASCII).equalsIgnoreCase("websocket");
    }

    @Override
    public void onAnswer(ResponseHead head, ByteBuf in, BodyFraming framing) {
        dropRepeat();
        if (http10 && head.chunked()) {
            in.skipBytes(in.readableBytes());
            fail(new ProxyFailure(Kind.UPSTREAM_PROTOCOL,
                    "a chunked answer to HTTP/1.0 (expected: HTTP/1.0)"));
            return;
        }
        state = State.ANSWERING;
        status = head.status();
        answered();
        endsWithConnection = framing.endsWithConnection();
        persistent &= requestEnded && !framing.endsWithConnection() && !listener.draining();
        Decision minted = minted(head, in);
        if (head.asItStands() && persistent && !http10 && !route.exposeTarget() && minted == null) {
            Outgoing.asItStands(client, head, in, framing);
        } else {
            Outgoing.answer(client, head, in, framing, new Outgoing.Added(
                    route.exposeTarget() ? decision.target() : null, minted, persistent,
                    http10));
        }
    }

    /** With the cookie that the client is to be given with this answer; null: none, or the endpoint's own. */
    private @Nullable Decision minted(ResponseHead head, ByteBuf in) {
        byte[] name = decision.mintedName();
        if (name == null || head.setsCookie(in, name)) {
            return null;
        }
        route.meters().cookieMinted();
        return decision;
    }

    @Override
    public void onBody(ByteBuf part) {
        Channels.write(client, part);
    }

    void onClientWritability(boolean writable) {
        if (origin != null) {
            origin.pauseReads(!writable);
        }
    }

    @Override
    public void onWritability(boolean writable) {
        connection.onOriginWritability(writable);
    }

    @Override
    public void onBurstEnd() {
        connection.onProgress();
        client.flush();
    }

    @Override
    public void onEnd() {
        origin = null;
        end(null);
        connection.onAnswered(persistent);
    }

    @Override
    public void onFailure(ProxyFailure failure, boolean answered) {
        origin = null;
        ByteBuf again = request;
        if (again != null && !answered && state == State.SENT) {
            // RFC 9112 9.3.1: the endpoint closed an idle connection just as the request came.
            // The first connection has released its share, and wrote from the beginning of this very buffer.
            again.readerIndex(0);
            repeated = true;
            Endpoint next = side.endpoints().choose();
            if (next != null) {
                side.meters().retried();
                send(next);
                return;
            }
        }
        fail(failure);
    }

    /** For as long as is allowed neither leg has brought or taken a byte that this can tell of. */
    void onTimeUp() {
        if (state == State.IDLE) {
            return;
        }
        long towardsClient = Channels.pendingBytes(client);
        long backlog = towardsClient + (origin == null ? 0 : origin.pendingBytes());
        if (backlog > 0 && backlog != lastBacklog) {
            // Somebody takes what was written, if slowly.
            lastBacklog = backlog;
            connection.onProgress();
        } else if (towardsClient > 0) {
            fail(new ProxyFailure(Kind.REQUEST_TIMEOUT, "the client takes no more of the answer"));
        } else if (state != State.CONNECTING && !requestEnded && backlog == 0) {
            fail(new ProxyFailure(Kind.REQUEST_TIMEOUT, "the request's body does not go on"));
        } else {
            if (endpoint != null && state != State.CONNECTING) {
                endpoint.failed();
            }
            fail(new ProxyFailure(Kind.UPSTREAM_TIMEOUT, state == State.CONNECTING
                    ? "no connection to an endpoint opened in time"
                    : "the endpoint said nothing for too long"));
        }
    }

    /** Ends the exchange with an answer of the proxy's own; or, when the endpoint's has begun, by breaking it off. */
    void fail(ProxyFailure failure) {
        log.debug("[{}] request failed route={} target={} endpoint={} code={}: {}", client.id(), route.name(),
                decision.target().label(), endpoint, failure.kind().code(), failure.detail());
        abandonOrigin();
        boolean begun = state == State.ANSWERING;
        end(failure.kind());
        if (begun) {
            connection.abort(endsWithConnection || failure.kind() == Kind.REQUEST_TIMEOUT);
            return;
        }
        // HTTP/1.0 would wait for the end; a client that does not read must not make us write.
        boolean stays = persistent && requestEnded && !http10 && client.isWritable()
                && !listener.draining();
        Channels.write(client, ErrorAnswer.of(client.alloc(), failure, !stays, method != Method.HEAD));
        connection.onAnswered(stays);
    }

    void onClientGone() {
        if (state == State.IDLE) {
            return;
        }
        abandonOrigin();
        end(Kind.CLIENT_ABORT);
    }

    private void abandonOrigin() {
        if (attempt != null) {
            attempt.cancel();
            attempt = null;
        }
        if (origin != null) {
            origin.abandon();
            origin = null;
        }
    }

    /** @param reason why the proxy ended it; null when the endpoint's answer is complete */
    private void end(@Nullable Kind reason) {
        dropRepeat();
        long nanos = listener.loop().nanos() - startedNanos;
        side.meters().ended(reason == null ? Outcome.ofStatus(status) : Outcome.of(reason), nanos);
        if (notes != null) {
            notes.ended(decision.target(), endpoint, status, reason, nanos);
        }
        leave();
        state = State.IDLE;
        status = 0;
        upgrade = null;
        tried = List.of();
    }

    /** The head of the answer is there. */
    private void answered() {
        if (notes != null) {
            notes.answered(listener.loop().nanos() - startedNanos);
        }
    }

    /** The request will not be written again. */
    private void dropRepeat() {
        if (request != null) {
            request.release();
            request = null;
        }
    }
}
