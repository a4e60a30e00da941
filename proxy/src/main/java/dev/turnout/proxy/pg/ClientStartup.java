package dev.turnout.proxy.pg;

import dev.turnout.proxy.failure.SessionFailure;
import dev.turnout.proxy.net.Channels;
import dev.turnout.proxy.net.Deadlines;
import dev.turnout.proxy.net.ReadGate;
import dev.turnout.proxy.net.tls.ServerTls;
import dev.turnout.proxy.pg.auth.AuthException;
import dev.turnout.proxy.pg.auth.Credentials;
import dev.turnout.proxy.pg.auth.EndPoint;
import dev.turnout.proxy.pg.auth.StartupParameters;
import dev.turnout.proxy.pg.session.ClientMessage;
import dev.turnout.proxy.pg.wire.ServerMessages;
import dev.turnout.proxy.pg.wire.StartupRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client from its first byte until it has proved who it is (PostgreSQL, "Start-up", "SSL Session Encryption",
 * "Canceling Requests in Progress"). Confined to its loop.
 */
final class ClientStartup extends ChannelInboundHandlerAdapter implements PgLoop.Drainable {
    private static final Logger log = LoggerFactory.getLogger(ClientStartup.class);
    /** The first byte of a TLS record that opens a handshake (RFC 8446 5.1). */
    private static final byte TLS_HANDSHAKE = 0x16;
    private static final String DIRECT_TLS_PROTOCOL = "postgresql";
    /** As PostgreSQL has it: PG_MAX_AUTH_TOKEN_LENGTH. */
    private static final int MAX_PASSWORD_BYTES = 65_535;
    private static final int HEAD_BYTES = 5;
    /** How long one may stay that is not let in: it reads why, and goes. */
    private static final long REFUSED_TICKS = Deadlines.ticks(TimeUnit.SECONDS.toNanos(1));

    private enum Expecting {
        /** The first packet, or the next one after a request for encryption. */
        STARTUP,
        /** The TLS handshake goes on below. */
        HANDSHAKE,
        /** The client's answer to a question of the login. */
        PASSWORD,
        /** Something that others do; what comes meanwhile is for the session. */
        NOTHING,
        /** Nothing any more. */
        END
    }

    private final PgListener listener;
    private final PgLoop loop;
    private final PgRoute route;
    private final Channel channel;
    private final ReadGate reads;
    private Expecting expecting = Expecting.STARTUP;
    private @Nullable ByteBuf pending;
    private @Nullable SslHandler tls;
    private byte @Nullable [] endPoint;
    private boolean direct;
    private boolean tlsAsked;
    private boolean gssAsked;
    private boolean admitted;
    private boolean counted;
    /** A session has taken the connection over, with all that counts it. */
    private boolean handedOver;
    private @Nullable SessionFailure refusal;
    private StartupRequest.@Nullable Start start;
    private @Nullable StartupParameters parameters;
    private @Nullable ClientLogin login;
    /** What the client is still to be told, together with what the server has to say. */
    private @Nullable ByteBuf greeting;
    private @Nullable SessionOpening opening;
    private final Deadlines.Deadline limit = new Deadlines.Deadline() {
        @Override
        protected void expired() {
            onTimeUp();
        }
    };

    ClientStartup(PgListener listener, Channel channel) {
        this.listener = listener;
        this.channel = channel;
        loop = listener.loop();
        route = listener.route();
        reads = new ReadGate(channel);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        route.meters().opened();
        loop.opened(this);
        admitted = route.connections().enter();
        counted = admitted && route.unauthenticated().enter();
        if (!counted) {
            refusal = SessionFailure.OVERLOAD;
        }
        loop.deadlines().set(limit, counted
                ? Deadlines.ticks(route.config().authenticateTimeout().toNanos())
                : REFUSED_TICKS);
    }

    private void onTimeUp() {
        if (expecting == Expecting.END || refusal != null || start == null) {
            // Nobody who has said who he is: PostgreSQL does not answer either.
            if (refusal == null && expecting != Expecting.END) {
                route.meters().failed(SessionFailure.STARTUP_TIMEOUT);
            }
            Channels.close(channel);
        } else {
            refuse(SessionFailure.STARTUP_TIMEOUT, "the login was not complete within "
                    + route.config().authenticateTimeout().toMillis() + " ms (timeouts.authenticate)", "");
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (expecting == Expecting.END) {
            in.release();
            return;
        }
        pending = pending == null
                ? in
                : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), pending, in);
        process();
    }

    private void process() {
        boolean more = true;
        while (more && pending != null && pending.isReadable()) {
            more = switch (expecting) {
                case STARTUP -> startup(pending);
                case PASSWORD -> password(pending);
                case HANDSHAKE, NOTHING -> false;
                case END -> {
                    drop();
                    yield false;
                }
            };
        }
        if (pending != null && !pending.isReadable()) {
            drop();
        }
    }

    private void drop() {
        if (pending != null) {
            pending.release();
            pending = null;
        }
    }

    private boolean startup(ByteBuf in) {
        if (in.getByte(in.readerIndex()) == TLS_HANDSHAKE && tls == null) {
            return directTls(in);
        }
        StartupRequest request = StartupRequest.read(in);
        return switch (request) {
            case null -> false;
            case StartupRequest.Tls _ -> tlsAsked(in);
            case StartupRequest.Gss _ -> gssAsked();
            case StartupRequest.Cancel cancel -> cancel(cancel);
            case StartupRequest.Start asked -> begin(asked);
            case StartupRequest.Malformed malformed ->
                refuse(SessionFailure.PROTOCOL, malformed.detail(), "");
        };
    }

    private boolean directTls(ByteBuf in) {
        if (route.tls().isEmpty() || gssAsked) {
            return refuseUnheard(SessionFailure.PROTOCOL);
        }
        direct = true;
        tlsAsked = true;
        pending = null;
        encrypt();
        // What has come is the beginning of the handshake.
        channel.pipeline().fireChannelRead(in);
        return false;
    }

    private boolean tlsAsked(ByteBuf in) {
        if (tlsAsked) {
            return refuse(SessionFailure.PROTOCOL, "SSLRequest: a second one (expected: at most one)", "");
        }
        tlsAsked = true;
        if (route.tls().isEmpty()) {
            answer('N');
            return true;
        }
        if (in.isReadable()) {
            // Whoever is between could have put them there (CVE-2021-23214).
            return refuse(SessionFailure.PROTOCOL,
                    "the client sent something behind SSLRequest (expected: nothing before the handshake)",
                    "");
        }
        answer('S');
        encrypt();
        return false;
    }

    private void answer(char answer) {
        Channels.write(channel, channel.alloc().buffer(1).writeByte(answer));
        channel.flush();
    }

    private void encrypt() {
        ServerTls.Offer offer = route.tls().orElseThrow().offer(channel.alloc());
        tls = offer.handler();
        endPoint = EndPoint.of(offer.certificate());
        expecting = Expecting.HANDSHAKE;
        channel.pipeline().addFirst(PgPipelines.TLS, offer.handler());
    }

    /** GSSAPI encryption is between a client and its server; a client that cannot have it goes on without. */
    private boolean gssAsked() {
        if (gssAsked || tls != null) {
            return refuse(SessionFailure.PROTOCOL,
                    "GSSENCRequest: a second one, or one within TLS (expected: neither)",
                    "");
        }
        gssAsked = true;
        answer('N');
        return true;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && expecting == Expecting.HANDSHAKE) {
            encrypted(handshake.isSuccess());
        } else if (event instanceof ChannelInputShutdownEvent) {
            // A client that is not logged in and says nothing more has nothing to wait for.
            Channels.close(channel);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    private void encrypted(boolean success) {
        String spoken = tls == null ? null : tls.applicationProtocol();
        if (!success || (direct && !DIRECT_TLS_PROTOCOL.equals(spoken))) {
            refuseUnheard(SessionFailure.PROTOCOL);
            return;
        }
        route.meters().tls();
        expecting = Expecting.STARTUP;
        process();
    }

    private boolean cancel(StartupRequest.Cancel cancel) {
        expecting = Expecting.END;
        loop.cancels().cancel(loop, route, cancel, channel);
        return false;
    }

    private boolean begin(StartupRequest.Start asked) {
        start = asked;
        StartupParameters all = StartupParameters.of(asked.parameters());
        parameters = all;
        if (refusal != null) {
            return refuse(refusal,
                    "as many connections are open as may be (limits.connections, limits.unauthenticated)",
                    "");
        }
        if (all.user().isEmpty()) {
            return refuse(SessionFailure.NOT_ALLOWED, "no PostgreSQL user name specified in startup packet",
                    "");
        }
        if (listener.draining()) {
            return refuse(SessionFailure.SHUTDOWN, "the proxy takes up no more sessions", "");
        }
        if (tls == null && route.tls().map(ServerTls::required).orElse(false)) {
            return refuse(SessionFailure.NOT_ALLOWED, "TLS is required here",
                    "Connect with sslmode=require.");
        }
        ByteBuf out = channel.alloc().buffer();
        greeting = out;
        if (asked.minor() > StartupRequest.NEWEST_MINOR || !asked.unknownOptions().isEmpty()) {
            ServerMessages.negotiateProtocolVersion(out,
                    Math.min(asked.minor(), StartupRequest.NEWEST_MINOR), asked.unknownOptions());
        }
        authenticate(all);
        return true;
    }

    private void authenticate(StartupParameters all) {
        String user = utf8(all.user());
        Optional<String> role = tls == null
                ? Optional.empty()
                : ServerTls.clientName(tls).flatMap(route.accounts()::roleOf);
        if (route.accounts().trusts() || role.equals(Optional.of(user))) {
            authenticated(route.accounts().configured(user).<Credentials>map(Accounts.Account::password)
                    .orElseGet(Credentials.None::new));
            return;
        }
        expecting = Expecting.NOTHING;
        reads.close(ReadGate.Reason.CONNECTING);
        route.accounts().find(new Lookup(loop, route), user, lookUpDatabase(all), (account, failure) -> {
            if (loop.loop().inEventLoop()) {
                found(account, failure);
            } else {
                loop.loop().execute(() -> found(account, failure));
            }
        });
    }

    /** A replica of the whole cluster names none. */
    private static String lookUpDatabase(StartupParameters all) {
        return all.replication() == StartupParameters.Replication.PHYSICAL
                ? "postgres"
                : utf8(all.database());
    }

    static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private void found(Accounts.@Nullable Account account, @Nullable Throwable failure) {
        if (expecting != Expecting.NOTHING || parameters == null) {
            return;
        }
        if (account == null) {
            Throwable cause = failure == null || failure.getCause() == null ? failure : failure.getCause();
            if (cause instanceof Lookup.Failure known && known.answer() != null) {
                refused(known.answer());
                return;
            }
            SessionFailure kind = cause instanceof Lookup.Failure known
                    ? known.failure()
                    : SessionFailure.UPSTREAM_AUTHENTICATION;
            refuse(kind, cause instanceof Lookup.Failure
                    ? String.valueOf(cause.getMessage())
                    : "the login cannot be checked now", "");
            return;
        }
        ClientLogin asking = new ClientLogin(account, endPoint, tls != null, loop.random());
        login = asking;
        ByteBuf out = takeGreeting();
        asking.begin(out);
        Channels.write(channel, out);
        channel.flush();
        greeting = channel.alloc().buffer();
        expecting = Expecting.PASSWORD;
        reads.open(ReadGate.Reason.CONNECTING);
        process();
    }

    private ByteBuf takeGreeting() {
        ByteBuf out = greeting == null ? channel.alloc().buffer() : greeting;
        greeting = null;
        return out;
    }

    private boolean password(ByteBuf in) {
        if (in.readableBytes() < HEAD_BYTES) {
            return false;
        }
        byte type = in.getByte(in.readerIndex());
        long length = in.getUnsignedInt(in.readerIndex() + 1);
        if (type != ClientMessage.PASSWORD || length < Integer.BYTES || length > MAX_PASSWORD_BYTES) {
            return refuse(SessionFailure.PROTOCOL, "a message of type " + (type & 0xFF) + " with " + length
                    + " bytes (expected: a password message of 4 to " + MAX_PASSWORD_BYTES + " bytes)", "");
        }
        if (in.readableBytes() < length + 1) {
            return false;
        }
        ByteBuf body = in.readSlice((int) length + 1).skipBytes(HEAD_BYTES);
        return check(body);
    }

    private boolean check(ByteBuf body) {
        ByteBuf out = takeGreeting();
        greeting = out;
        try {
            Credentials credentials = login == null ? null : login.answer(body, out);
            if (credentials != null) {
                authenticated(credentials);
            } else {
                Channels.write(channel, takeGreeting());
                channel.flush();
            }
            return true;
        } catch (AuthException e) {
            return denied(e);
        }
    }

    private boolean denied(AuthException denial) {
        if (parameters != null) {
            route.accounts().forget(utf8(parameters.user()), utf8(parameters.database()));
        }
        return switch (denial.kind()) {
            case CLIENT_WRONG ->
                refuse(SessionFailure.AUTHENTICATION, "password authentication failed for user \""
                        + (parameters == null ? "" : utf8(parameters.user())) + "\"", "");
            case PROTOCOL, SERVER_WRONG ->
                refuse(SessionFailure.PROTOCOL, String.valueOf(denial.getMessage()), "");
        };
    }

    private void authenticated(Credentials credentials) {
        uncount();
        expecting = Expecting.NOTHING;
        reads.close(ReadGate.Reason.CONNECTING);
        // From here on the limits of the login at the server hold.
        loop.deadlines().clear(limit);
        ByteBuf out = greeting == null ? channel.alloc().buffer() : greeting;
        greeting = out;
        ServerMessages.authenticationOk(out);
        SessionOpening next = new SessionOpening(this, loop, route, Objects.requireNonNull(start),
                Objects.requireNonNull(parameters), credentials);
        opening = next;
        next.begin();
    }

    private void uncount() {
        if (counted) {
            counted = false;
            route.unauthenticated().leave();
        }
    }

    /** The server is there: the client belongs to the session from now on, with what was not said yet. */
    void handOver(Session session, LoginOutcome.LoggedIn in) {
        opening = null;
        expecting = Expecting.END;
        ByteBuf rest = pending;
        pending = null;
        handedOver = true;
        session.begin(takeGreeting(), in, rest == null ? Unpooled.EMPTY_BUFFER : rest);
    }

    ReadGate reads() {
        return reads;
    }

    Channel channel() {
        return channel;
    }

    boolean encrypted() {
        return tls != null;
    }

    PgListener listener() {
        return listener;
    }

    /** The server's own words for the client; the session is over before it began. */
    void refused(byte[] errorResponse) {
        ByteBuf out = takeGreeting();
        out.writeBytes(errorResponse);
        say(out);
    }

    /** Tells the client why it is not let in, and waits no longer for it. Answers false. */
    boolean refuse(SessionFailure failure, String detail, String hint) {
        route.meters().failed(failure);
        ByteBuf out = takeGreeting();
        ServerMessages.fatal(out, failure.sqlState(), detail, hint, failure.code());
        say(out);
        return false;
    }

    private void say(ByteBuf out) {
        expecting = Expecting.END;
        if (opening != null) {
            opening.cancel();
            opening = null;
        }
        drop();
        Channels.write(channel, out);
        Channels.finish(channel);
        reads.open(ReadGate.Reason.CONNECTING);
        loop.deadlines().set(limit, REFUSED_TICKS);
    }

    /** Before the client could understand an answer. Answers false. */
    private boolean refuseUnheard(SessionFailure failure) {
        route.meters().failed(failure);
        expecting = Expecting.END;
        Channels.close(channel);
        return false;
    }

    @Override
    public void drain(@Nullable PgListener which) {
        if ((which == null || which == listener) && expecting != Expecting.END) {
            refuse(SessionFailure.SHUTDOWN, "the proxy takes up no more sessions", "");
        }
    }

    @Override
    public void close() {
        Channels.close(channel);
    }

    @Override
    public PgRoute route() {
        return route;
    }

    @Override
    public @Nullable OpenSession view(String of) {
        return null;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        expecting = Expecting.END;
        if (opening != null) {
            opening.cancel();
        }
        ctx.fireChannelInactive();
    }

    /** Either the connection has ended, or it belongs to a session. */
    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        loop.deadlines().clear(limit);
        loop.closed(this);
        uncount();
        drop();
        if (greeting != null) {
            greeting.release();
            greeting = null;
        }
        if (!handedOver) {
            if (admitted) {
                route.connections().leave();
            }
            route.meters().closed();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!PgPipelines.isOfPeer(cause)) {
            log.error("login of a client failed route={}", route.name(), cause);
        }
        Channels.close(channel);
    }
}
