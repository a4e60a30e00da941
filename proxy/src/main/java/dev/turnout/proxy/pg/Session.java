package dev.turnout.proxy.pg;

import dev.turnout.config.Target;
import dev.turnout.proxy.failure.SessionFailure;
import dev.turnout.proxy.net.Channels;
import dev.turnout.proxy.net.Deadlines;
import dev.turnout.proxy.net.LongLived;
import dev.turnout.proxy.net.ReadGate;
import dev.turnout.proxy.pg.auth.StartupParameters;
import dev.turnout.proxy.pg.wire.ClientMessages;
import dev.turnout.proxy.pg.wire.FrameCursor;
import dev.turnout.proxy.pg.wire.ServerMessages;
import dev.turnout.proxy.pg.wire.StartupRequest;
import dev.turnout.proxy.upstream.Endpoint;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client and its server connection. What either sends goes to the other as it comes, whole reads at a time; the session
 * only looks on, to know where it stands. A leg is not read while the other cannot be written to. Confined to the loop
 * of both.
 */
final class Session implements PgLoop.Drainable, LongLived.Connection {
    private static final Logger log = LoggerFactory.getLogger(Session.class);
    /** How long a client that was told of the end may stay: until then what it sends is no reason to reset. */
    private static final long DISMISSED_TICKS = Deadlines.ticks(TimeUnit.SECONDS.toNanos(1));
    /** How long the one that is left may take to take what was sent to it. */
    private static final long FAREWELL_TICKS = Deadlines.ticks(TimeUnit.SECONDS.toNanos(10));

    /** Who it is, for operators. */
    private record Identity(
            long id,
            String client,
            String user,
            String database,
            Optional<String> application,
            boolean tls,
            Instant since,
            long nanos) {}

    private final PgListener listener;
    private final PgLoop loop;
    private final PgRoute route;
    private final PgRoute.Side side;
    private final Endpoint endpoint;
    private final Identity identity;
    private final int pid;
    private final SessionWork work;
    private final Leg client;
    private final Leg server;
    private final Cancels.Ticket cancels;
    /** Null for a session that may write. */
    private final @Nullable ReadOnlyGuard guard;
    /** Why it ends as soon as it can. */
    private @Nullable SessionFailure leaving;
    /** What ended it is known, and counted. */
    private boolean over;
    /** The client was told that it is over. */
    private boolean dismissed;
    private int legsOpen = 2;
    private final Deadlines.Deadline retirement = new Deadlines.Deadline() {
        @Override
        protected void expired() {
            leave(SessionFailure.DRAINED);
        }
    };
    private final Deadlines.Deadline farewell = new Deadlines.Deadline() {
        @Override
        protected void expired() {
            onFarewellOver();
        }
    };

    /** One of its two connections. */
    final class Leg extends ChannelInboundHandlerAdapter {
        private final Channel channel;
        private final ReadGate reads;
        private final FrameCursor cursor;
        private final boolean ofClient;
        /** It has said all that it will say. */
        private boolean inputEnded;
        private boolean open = true;
        /** What was passed on ends amid a message. */
        private boolean amidMessage;
        /** What was left to write when that was last looked at, once the other leg has closed. */
        private long unread;

        Leg(Channel channel, ReadGate reads, FrameCursor cursor, boolean ofClient) {
            this.channel = channel;
            this.reads = reads;
            this.cursor = cursor;
            this.ofClient = ofClient;
        }

        private Leg other() {
            return ofClient ? server : client;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            if (over) {
                in.release();
            } else if (ofClient && guard != null) {
                guarded(guard, in);
            } else {
                relay(in);
            }
        }

        private void guarded(ReadOnlyGuard by, ByteBuf in) {
            ByteBuf passed = by.pass(channel.alloc(), in);
            if (passed != null) {
                relay(passed);
            }
            if (by.refusal() != null) {
                end(SessionFailure.READ_ONLY, by.refusal());
            }
        }

        private void relay(ByteBuf in) {
            String broken = cursor.advance(in);
            if (broken == null) {
                amidMessage = !cursor.between();
                Channels.write(other().channel, in);
                if (guard != null && work.leftReadOnly() && !over) {
                    end(SessionFailure.READ_ONLY, ReadOnlyGuard.REFUSAL);
                }
            } else {
                in.release();
                end(ofClient ? SessionFailure.PROTOCOL : SessionFailure.UPSTREAM_PROTOCOL, broken);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            other().channel.flush();
            if (leaving != null && !over) {
                leave(leaving);
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (!over) {
                other().reads.peerWritable(channel.isWritable());
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent && ofClient && !inputEnded) {
                inputEnded = true;
                if (over) {
                    Channels.close(channel);
                } else {
                    // The server does what it was asked for, answers, and goes.
                    Channels.finish(server.channel);
                }
            } else {
                ctx.fireUserEventTriggered(event);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            closed();
        }

        private void closed() {
            if (open) {
                open = false;
                onClosed(this);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (!PgPipelines.isOfPeer(cause)) {
                log.error("session={} {} leg failed", identity.id, ofClient ? "client" : "server", cause);
            }
            log.debug("session={} {} leg: {}", identity.id, ofClient ? "client" : "server",
                    cause.getMessage());
            // A server that takes nothing more may have said why: that is still to be read, and then its end.
            if (ofClient || !((DuplexChannel) channel).isOutputShutdown()) {
                Channels.close(channel);
            }
        }
    }

    /** Takes over the server's connection, and then the client's by {@link #begin}. */
    Session(ClientStartup from, PgRoute route, PgRoute.Side side, Endpoint endpoint,
            StartupParameters parameters,
            StartupRequest.Start start, boolean readOnly, LoginOutcome.LoggedIn in) {
        guard = readOnly ? new ReadOnlyGuard() : null;
        listener = from.listener();
        loop = listener.loop();
        this.route = route;
        this.side = side;
        this.endpoint = endpoint;
        pid = in.pid;
        identity = new Identity(loop.nextId(),
                NetUtil.toSocketAddressString((InetSocketAddress) from.channel().remoteAddress()),
                ClientStartup.utf8(parameters.user()), ClientStartup.utf8(parameters.database()),
                parameters.application().map(ClientStartup::utf8), from.encrypted(),
                PgLoop.now(), loop.nanos());
        work = new SessionWork(side.meters(), in.status, slow(), loop::nanos);
        if (parameters.replication() != StartupParameters.Replication.NONE) {
            work.inventory().replication();
            work.recategorise();
        }
        client = new Leg(from.channel(), from.reads(), work.client(), true);
        server = new Leg(in.channel, new ReadGate(in.channel), work.server(), false);
        cancels = loop.cancels().register(
                new Cancels.Aim(endpoint.socketAddress(), endpoint.address().host(), side.tls(), in.tls,
                        in.pid,
                        in.key),
                start.minor(), loop.random());
    }

    private @Nullable SlowStatements slow() {
        return route.config().slowStatement()
                .map(threshold -> new SlowStatements("route=" + route.name() + " target="
                        + side.target().label() + " session=" + identity.id + " user=" + identity.user
                        + " database="
                        + identity.database, threshold.toNanos(), loop::nanos))
                .orElse(null);
    }

    /**
     * The client hears that it is let in, and may ask.
     *
     * @param greeting what it was not told yet; takes ownership
     * @param rest what it has sent already; takes ownership
     */
    void begin(ByteBuf greeting, LoginOutcome.LoggedIn in, ByteBuf rest) {
        loop.opened(this);
        greeting.writeBytes(in.reports);
        in.reports.release();
        if (in.key.length > 0) {
            ServerMessages.backendKeyData(greeting, in.pid, cancels.secret());
        }
        ServerMessages.readyForQuery(greeting, in.status);
        PgPipelines.session(server.channel, server);
        PgPipelines.session(client.channel, client);
        Channels.write(client.channel, greeting);
        hand(server, in.rest);
        client.channel.flush();
        hand(client, rest);
        server.channel.flush();
        side.sessions().opened(this);
        if (listener.draining()) {
            leave(SessionFailure.SHUTDOWN);
        }
        client.reads.open(ReadGate.Reason.CONNECTING);
        if (!over) {
            client.reads.peerWritable(server.channel.isWritable());
            server.reads.peerWritable(client.channel.isWritable());
        }
        if (!client.channel.isActive()) {
            client.closed();
        }
        if (!server.channel.isActive()) {
            server.closed();
        }
    }

    private void hand(Leg leg, ByteBuf came) {
        if (came.isReadable()) {
            leg.channelRead(leg.channel.pipeline().firstContext(), came);
        } else {
            came.release();
        }
    }

    private void onClosed(Leg leg) {
        if (!over) {
            over = true;
            if (leg.ofClient) {
                clientGone();
            } else {
                serverGone();
            }
        }
        if (!leg.ofClient) {
            serverLeft();
        }
        if (--legsOpen == 0) {
            clientLeft();
            return;
        }
        Leg left = leg.other();
        if (left.ofClient && !work.terminated() && !left.inputEnded) {
            dismiss();
        } else {
            // It may be waiting to be read itself, before it takes anything.
            left.reads.reset();
            Channels.closeAfterFlush(left.channel);
        }
        loop.deadlines().set(farewell, dismissed ? DISMISSED_TICKS : FAREWELL_TICKS);
    }

    /** What it still sends is taken and dropped: to close over it would reset the connection, and with it what it was told. */
    private void dismiss() {
        if (dismissed) {
            return;
        }
        dismissed = true;
        Channels.finish(client.channel);
        client.reads.reset();
    }

    private void clientGone() {
        if (work.busy() && !work.terminated()) {
            route.meters().failed(SessionFailure.CLIENT_ABORT);
        }
    }

    private void serverGone() {
        work.serverGone();
        if (work.terminated() || work.fatal() || client.inputEnded) {
            return;
        }
        endpoint.failed();
        route.meters().failed(SessionFailure.UPSTREAM_RESET);
        tell(SessionFailure.UPSTREAM_RESET, "the server has closed the connection unexpectedly");
    }

    /** Between two messages the client can be told; amid one it only sees the end. */
    private void tell(SessionFailure failure, String detail) {
        if (client.open && !server.amidMessage) {
            ByteBuf out = client.channel.alloc().buffer();
            ServerMessages.fatal(out, failure.sqlState(), detail, "", failure.code());
            Channels.write(client.channel, out);
        }
    }

    /** There is no session any more, though perhaps a client that has not heard of it yet. */
    private void serverLeft() {
        loop.deadlines().clear(retirement);
        loop.cancels().forget(cancels);
        side.sessions().closed(this);
        work.end();
        endpoint.ended(loop.number());
    }

    private void clientLeft() {
        loop.deadlines().clear(farewell);
        if (guard != null) {
            guard.release();
        }
        route.meters().closed();
        route.connections().leave();
        loop.closed(this);
    }

    /** The proxy ends it, and says why. */
    private void end(SessionFailure failure, String detail) {
        if (over) {
            return;
        }
        route.meters().failed(failure);
        if (failure == SessionFailure.UPSTREAM_PROTOCOL) {
            endpoint.failed();
        }
        tell(failure, detail);
        over = true;
        ByteBuf out = server.channel.alloc().buffer();
        if (!client.amidMessage) {
            ClientMessages.terminate(out);
        }
        Channels.write(server.channel, out);
        Channels.closeAfterFlush(server.channel);
        dismiss();
        loop.deadlines().set(farewell, DISMISSED_TICKS);
    }

    /** Ends it now, if nothing is under way; else as soon as that is so. What follows the log has no such moment. */
    private void leave(SessionFailure why) {
        leaving = leaving == SessionFailure.SHUTDOWN ? leaving : why;
        if (!over && (work.atSafePoint() || work.inventory().replicates())) {
            end(why, why == SessionFailure.SHUTDOWN
                    ? "terminating connection because the proxy is shutting down"
                    : "terminating connection because its sessions are sent elsewhere");
        }
    }

    private void onFarewellOver() {
        for (Leg leg : new Leg[]{client, server}) {
            if (leg.open) {
                long left = Channels.pendingBytes(leg.channel);
                if (left > 0 && left != leg.unread) {
                    leg.unread = left;
                    loop.deadlines().set(farewell, FAREWELL_TICKS);
                } else {
                    Channels.close(leg.channel);
                }
            }
        }
    }

    @Override
    public void retire(long ticks) {
        loop.deadlines().bringForward(retirement, ticks);
    }

    @Override
    public void cancelRetire() {
        loop.deadlines().clear(retirement);
        if (leaving == SessionFailure.DRAINED) {
            leaving = null;
        }
    }

    @Override
    public void drain(@Nullable PgListener which) {
        if (which == null || which.equals(listener)) {
            leave(SessionFailure.SHUTDOWN);
        }
    }

    @Override
    public void close() {
        Channels.close(client.channel);
        Channels.close(server.channel);
    }

    @Override
    public PgRoute route() {
        return route;
    }

    @Override
    public @Nullable OpenSession view(String of) {
        if (!of.equals(route.name()) || !server.open) {
            return null;
        }
        Duration inState = Duration.ofNanos(Math.max(0, work.stateNanos() - identity.nanos));
        Target target = side.target();
        return new OpenSession(identity.id, identity.client, identity.user, identity.database,
                identity.application,
                identity.tls, over ? "closing" : work.state(),
                work.inventory().category().name().toLowerCase(Locale.ROOT), work.inventory().reasons(),
                target, endpoint.toString(), pid, identity.since,
                identity.since.plus(inState));
    }
}
