package dev.turnout.proxy.pg;

import dev.turnout.config.TlsMode;
import dev.turnout.proxy.failure.SessionFailure;
import dev.turnout.proxy.net.Channels;
import dev.turnout.proxy.net.Deadlines;
import dev.turnout.proxy.net.tls.ClientTls;
import dev.turnout.proxy.pg.auth.AuthException;
import dev.turnout.proxy.pg.auth.Credentials;
import dev.turnout.proxy.pg.session.ServerMessage;
import dev.turnout.proxy.pg.wire.ClientMessages;
import dev.turnout.proxy.pg.wire.ErrorFields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs in to one server, up to its first ReadyForQuery (PostgreSQL, "Start-up"), and tells how that went, once, always
 * later. What the server's certificate must be, and whether it is tried once more with or without TLS, follows libpq's
 * {@code sslmode}. Confined to its loop.
 */
final class ServerLogin {
    private static final Logger log = LoggerFactory.getLogger(ServerLogin.class);
    /** A message of a login is short; what is longer is none. */
    private static final int MAX_MESSAGE_BYTES = 64 * 1024;
    private static final int HEAD_BYTES = 5;
    private static final Pattern CALL = Pattern.compile("^\\w+\\(\\.\\.\\) failed with error\\(-\\d+\\): ");
    private static final Pattern ADDRESS = Pattern.compile(": [^ /]*/[0-9a-fA-F:.\\[\\]%]+$");
    private static final String NOT_AUTHORISED = "28000";
    private static final byte[] STANDBY = "in_hot_standby\0on\0".getBytes(StandardCharsets.US_ASCII);

    /**
     * What to do.
     *
     * @param host as configured: what its certificate must name, where that is checked
     * @param parameters of the startup packet, each character a byte
     */
    record Order(
            InetSocketAddress address,
            String host,
            ClientTls tls,
            int minor,
            Map<String, String> parameters,
            Credentials credentials,
            Duration connectTimeout,
            Duration authenticateTimeout) {}

    /**
     * One way to try.
     *
     * @param tls whether TLS is asked for
     * @param must whether it may not go on without
     */
    private record Way(boolean tls, boolean must) {}

    private final PgLoop loop;
    private final Order order;
    private final Consumer<LoginOutcome> told;
    private final Deque<Way> ways;
    private @Nullable Channel channel;
    private boolean over;

    private ServerLogin(PgLoop loop, Order order, Consumer<LoginOutcome> told) {
        this.loop = loop;
        this.order = order;
        this.told = told;
        ways = new ArrayDeque<>(ways(order.tls.mode()));
    }

    private static List<Way> ways(TlsMode mode) {
        return switch (mode) {
            case DISABLE -> List.of(new Way(false, false));
            case ALLOW -> List.of(new Way(false, false), new Way(true, true));
            case PREFER -> List.of(new Way(true, false), new Way(false, false));
            case REQUIRE, VERIFY_CA, VERIFY_FULL -> List.of(new Way(true, true));
        };
    }

    static ServerLogin begin(PgLoop loop, Order order, Consumer<LoginOutcome> told) {
        ServerLogin login = new ServerLogin(loop, order, told);
        // Not amid epoll's events: a descriptor that was closed there may be had again, with an event of its last owner.
        loop.loop().execute(login::connect);
        return login;
    }

    /** Nobody waits for it any more. */
    void cancel() {
        over = true;
        if (channel != null) {
            Channels.close(channel);
        }
    }

    private void connect() {
        Way way = ways.poll();
        if (over || way == null) {
            return;
        }
        loop.server()
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) order.connectTimeout.toMillis())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel opening) {
                        channel = opening;
                        opening.pipeline().addLast(PgPipelines.LOGIN, new Talk(way, opening));
                    }
                })
                .connect(order.address)
                .addListener(connected -> onConnected((ChannelFuture) connected));
    }

    private void onConnected(ChannelFuture connected) {
        Throwable cause = connected.cause();
        if (cause != null) {
            // A channel that could not even be made reports from a thread that is not a loop's.
            loop.loop().execute(() -> end(new LoginOutcome.Failed(SessionFailure.UPSTREAM_CONNECT,
                    "no connection to the server could be opened: " + reason(cause))));
        } else if (over) {
            Channels.close(connected.channel());
        }
    }

    /** Without what the system call was and where to, which is said elsewhere. */
    private static String reason(Throwable cause) {
        return ADDRESS.matcher(CALL.matcher(String.valueOf(cause.getMessage())).replaceFirst(""))
                .replaceFirst("");
    }

    private void end(LoginOutcome outcome) {
        if (!over) {
            over = true;
            told.accept(outcome);
        } else if (outcome instanceof LoginOutcome.LoggedIn late) {
            late.reports.release();
            late.rest.release();
            Channels.close(late.channel);
        }
    }

    /** Ends this way; goes on with the next one when there is one that may do better. */
    private void failed(LoginOutcome outcome, boolean anotherMayDo) {
        if (anotherMayDo && !over && !ways.isEmpty()) {
            loop.loop().execute(this::connect);
        } else {
            end(outcome);
        }
    }

    /** One connection. */
    private final class Talk extends ChannelInboundHandlerAdapter {
        private final Way way;
        private final Channel with;
        private final Conversation conversation;
        private ByteBuf reports = Unpooled.EMPTY_BUFFER;
        private @Nullable ByteBuf pending;
        private boolean tlsAsked;
        private boolean tls;
        private boolean done;
        private int pid;
        private byte[] key = {};
        private boolean standby;
        private final Deadlines.Deadline limit = new Deadlines.Deadline() {
            @Override
            protected void expired() {
                fail(SessionFailure.UPSTREAM_TIMEOUT, "the server has not let the session in within "
                        + order.authenticateTimeout.toMillis() + " ms (timeouts.authenticate)", false);
            }
        };

        Talk(Way way, Channel with) {
            this.way = way;
            this.with = with;
            conversation = new Conversation(order.credentials, loop.random());
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            loop.deadlines().set(limit, Deadlines.ticks(order.authenticateTimeout.toNanos()));
            reports = with.alloc().buffer();
            ByteBuf out = with.alloc().buffer();
            if (way.tls) {
                tlsAsked = true;
                ClientMessages.sslRequest(out);
            } else {
                ClientMessages.startup(out, order.minor, order.parameters);
            }
            send(out);
        }

        private void send(ByteBuf out) {
            Channels.write(with, out);
            with.flush();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            if (done) {
                in.release();
                return;
            }
            pending = pending == null
                    ? in
                    : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), pending, in);
            if (tlsAsked) {
                answerOfTls(pending);
            } else {
                messages(pending);
            }
        }

        private void answerOfTls(ByteBuf in) {
            byte answer = in.readByte();
            if (in.isReadable()) {
                // Whoever is between could have put them there (CVE-2021-23222).
                fail(SessionFailure.UPSTREAM_PROTOCOL,
                        "the server sent something behind its answer to SSLRequest (expected: nothing)",
                        false);
                return;
            }
            drop();
            tlsAsked = false;
            if (answer == 'S') {
                SslHandler handler = order.tls.handler(with.alloc(), order.host, order.address.getPort());
                with.pipeline().addFirst(PgPipelines.TLS, handler);
            } else if (answer == 'N' && !way.must) {
                startup();
            } else if (answer == 'N') {
                fail(SessionFailure.UPSTREAM_AUTHENTICATION,
                        "the server does not speak TLS (expected: TLS, as tls.mode = "
                                + order.tls.mode().label() + " says)",
                        true);
            } else {
                fail(SessionFailure.UPSTREAM_PROTOCOL,
                        "the server answered SSLRequest with byte " + (answer & 0xFF) + " (expected: S or N)",
                        true);
            }
        }

        private void startup() {
            ByteBuf out = with.alloc().buffer();
            ClientMessages.startup(out, order.minor, order.parameters);
            send(out);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (!(event instanceof SslHandshakeCompletionEvent handshake) || done) {
                ctx.fireUserEventTriggered(event);
            } else if (handshake.isSuccess()) {
                tls = true;
                conversation.protectedBy(with.pipeline().get(SslHandler.class));
                startup();
            } else {
                fail(SessionFailure.UPSTREAM_AUTHENTICATION, "TLS with the server failed: "
                        + handshake.cause().getMessage() + " (expected: what tls.mode = "
                        + order.tls.mode().label() + " asks for)", true);
            }
        }

        private void messages(ByteBuf in) {
            while (!done && in.readableBytes() >= HEAD_BYTES) {
                byte type = in.getByte(in.readerIndex());
                long length = in.getUnsignedInt(in.readerIndex() + 1);
                if (length < Integer.BYTES || length > MAX_MESSAGE_BYTES) {
                    fail(SessionFailure.UPSTREAM_PROTOCOL, "the server sent a message of " + length
                            + " bytes while logging in (expected: 4 to " + MAX_MESSAGE_BYTES + ")", false);
                    return;
                }
                if (in.readableBytes() < length + 1) {
                    return;
                }
                ByteBuf whole = in.readSlice((int) length + 1);
                handle(type, whole, whole.slice(HEAD_BYTES, (int) length - Integer.BYTES), in);
            }
            if (!in.isReadable()) {
                drop();
            }
        }

        private void handle(byte type, ByteBuf whole, ByteBuf body, ByteBuf rest) {
            switch (type) {
                case ServerMessage.AUTHENTICATION -> authenticate(body);
                case ServerMessage.BACKEND_KEY_DATA -> keyData(body);
                case ServerMessage.PARAMETER_STATUS -> {
                    standby |= body.readableBytes() == STANDBY.length
                            && ByteBufUtil.equals(body, Unpooled.wrappedBuffer(STANDBY));
                    reports.writeBytes(whole);
                }
                case ServerMessage.NOTICE_RESPONSE, ServerMessage.NOTIFICATION_RESPONSE ->
                    reports.writeBytes(whole);
                case ServerMessage.NEGOTIATE_PROTOCOL_VERSION -> {
                    // It speaks an older version than the client: the proxy translates the one difference, the key.
                }
                case ServerMessage.ERROR_RESPONSE -> refused(whole, body);
                case ServerMessage.READY_FOR_QUERY -> ready(body, rest);
                default -> fail(SessionFailure.UPSTREAM_PROTOCOL,
                        "the server sent a message of type " + (type & 0xFF)
                                + " while logging in (expected: one of a login)",
                        false);
            }
        }

        private void authenticate(ByteBuf body) {
            ByteBuf out = with.alloc().buffer();
            try {
                conversation.answer(body, order.parameters.getOrDefault("user", ""), out);
                if (out.isReadable()) {
                    send(out.retain());
                }
            } catch (AuthException e) {
                fail(SessionFailure.UPSTREAM_AUTHENTICATION, String.valueOf(e.getMessage()), false);
            } finally {
                out.release();
            }
        }

        private void keyData(ByteBuf body) {
            if (body.readableBytes() < Integer.BYTES) {
                fail(SessionFailure.UPSTREAM_PROTOCOL, "BackendKeyData: " + body.readableBytes()
                        + " bytes (expected: 4 or more)", false);
                return;
            }
            pid = body.readInt();
            key = ByteBufUtil.getBytes(body);
        }

        private void refused(ByteBuf whole, ByteBuf body) {
            ErrorFields fields = ErrorFields.of(body, body.readerIndex(), body.readableBytes());
            LoginOutcome outcome = new LoginOutcome.Refused(fields, ByteBufUtil.getBytes(whole));
            end(false);
            failed(outcome, fields.sqlState().equals(NOT_AUTHORISED) && !(way.tls && !tls));
        }

        private void ready(ByteBuf body, ByteBuf in) {
            if (!conversation.authenticated() || body.readableBytes() != 1) {
                fail(SessionFailure.UPSTREAM_PROTOCOL,
                        "the server was ready before it had let the session in",
                        false);
                return;
            }
            ByteBuf rest = in.readableBytes() == 0
                    ? Unpooled.EMPTY_BUFFER
                    : in.readRetainedSlice(in.readableBytes());
            ByteBuf all = reports.retain();
            end(true);
            ServerLogin.this
                    .end(new LoginOutcome.LoggedIn(with, tls, pid, key, all, body.readByte(), standby, rest));
        }

        private void fail(SessionFailure failure, String detail, boolean anotherMayDo) {
            if (!done) {
                end(false);
                failed(new LoginOutcome.Failed(failure, detail), anotherMayDo);
            }
        }

        /** Nothing more is heard here; the connection is kept by others, or closed. */
        private void end(boolean kept) {
            done = true;
            loop.deadlines().clear(limit);
            reports.release();
            if (!kept) {
                drop();
                Channels.close(with);
            }
        }

        private void drop() {
            if (pending != null) {
                pending.release();
                pending = null;
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            fail(SessionFailure.UPSTREAM_RESET, "the server has closed the connection while logging in",
                    false);
            ctx.fireChannelInactive();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (!PgPipelines.isOfPeer(cause)) {
                log.error("login at a server failed address={}", order.address, cause);
            }
            if (with.pipeline().get(SslHandler.class) == null || tls) {
                fail(SessionFailure.UPSTREAM_RESET, "the connection to the server broke while logging in: "
                        + cause.getMessage(), false);
            }
        }
    }
}
