package dev.turnout.proxy.pg;

import dev.turnout.config.PostgresConfig;
import dev.turnout.proxy.net.Channels;
import dev.turnout.proxy.net.Deadlines;
import dev.turnout.proxy.pg.wire.ClientMessages;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries one cancel request to a server, over TLS when the session is (PostgreSQL, "Canceling Requests in
 * Progress"). Confined to its loop.
 */
final class CancelSender extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(CancelSender.class);

    private final PgLoop loop;
    private final Cancels.Aim aim;
    private final Channel channel;
    private final Consumer<Boolean> told;
    private boolean sent;
    private boolean over;
    private final Deadlines.Deadline limit = new Deadlines.Deadline() {
        @Override
        protected void expired() {
            end();
        }
    };

    private CancelSender(PgLoop loop, Cancels.Aim aim, Channel channel, Consumer<Boolean> told) {
        this.loop = loop;
        this.aim = aim;
        this.channel = channel;
        this.told = told;
    }

    /** Tells, later, whether the server has got it and has closed the connection, as it does once it has acted. */
    static void send(PgLoop loop, PostgresConfig config, Cancels.Aim aim, Consumer<Boolean> told) {
        // Not amid epoll's events: a descriptor that was closed there may be had again, with an event of its last owner.
        loop.loop().execute(() -> loop.server()
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) config.connectTimeout().toMillis())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel opening) {
                        CancelSender sender = new CancelSender(loop, aim, opening, told);
                        opening.pipeline().addLast(PgPipelines.LOGIN, sender);
                        loop.deadlines().set(sender.limit,
                                Deadlines.ticks(config.authenticateTimeout().toNanos()));
                    }
                })
                .connect(aim.address())
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        log.debug("cancel not sent: {}", connected.cause().getMessage());
                        loop.loop().execute(() -> told.accept(false));
                    }
                }));
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (!aim.encrypted()) {
            request();
        } else {
            ByteBuf out = channel.alloc().buffer();
            ClientMessages.sslRequest(out);
            write(out);
        }
    }

    private void request() {
        sent = true;
        ByteBuf out = channel.alloc().buffer();
        ClientMessages.cancelRequest(out, aim.pid(), aim.key());
        write(out);
    }

    private void write(ByteBuf out) {
        Channels.write(channel, out);
        channel.flush();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        byte answer = in.getByte(in.readerIndex());
        // Whoever is between could have put more there (CVE-2021-23222).
        boolean alone = in.readableBytes() == 1;
        ReferenceCountUtil.release(message);
        if (sent || channel.pipeline().get(PgPipelines.TLS) != null) {
            return;
        }
        if (answer == 'S' && alone) {
            channel.pipeline().addFirst(PgPipelines.TLS,
                    aim.tls().handler(channel.alloc(), aim.host(), aim.address().getPort()));
        } else {
            end();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                request();
            } else {
                end();
            }
        }
    }

    private void end() {
        Channels.close(channel);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!over) {
            over = true;
            loop.deadlines().clear(limit);
            told.accept(sent);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        end();
    }
}
