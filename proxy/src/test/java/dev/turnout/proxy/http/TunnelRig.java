package dev.turnout.proxy.http;

import static org.awaitility.Awaitility.await;

import dev.turnout.proxy.http.upstream.OriginConnection;
import dev.turnout.proxy.net.Channels;
import dev.turnout.proxy.net.Deadlines;
import dev.turnout.proxy.net.ReadGate;
import dev.turnout.proxy.testkit.Bytes;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawUpstream;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A tunnel between real sockets without the proxy around it, for one client. It passes the heads of the handshake on,
 * and opens the tunnel behind them. Its time moves when the test says so.
 */
final class TunnelRig implements AfterEachCallback {
    /** Of every limit but that of silence. */
    static final long REQUEST_TICKS = 30;
    static final long SILENT_TICKS = 10_000;
    private static final int TIMEOUT_SECONDS = 20;

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1,
            NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final Deadlines deadlines = new Deadlines(0);
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final CompletableFuture<Tunnel> tunnel = new CompletableFuture<>();
    private final CompletableFuture<Channel> toClient = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private long nowNanos;

    /** Passes bytes up to the end of a head on, and hands over what follows. */
    private static final class Handshake extends ChannelInboundHandlerAdapter {
        private final Channel peer;
        private final ByteBuf said;
        private final Consumer<ByteBuf> next;

        Handshake(Channel channel, Channel peer, Consumer<ByteBuf> next) {
            this.peer = peer;
            this.next = next;
            said = channel.alloc().buffer();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            said.writeBytes(bytes);
            bytes.release();
            int end = Bytes.text(said).indexOf("\r\n\r\n") + 4;
            if (end >= 4) {
                new ReadGate(ctx.channel()).close(ReadGate.Reason.CONNECTING);
                Channels.write(peer, said.readRetainedSlice(end));
                peer.flush();
                next.accept(said);
            }
        }
    }

    /** Listens; what the one client says goes to {@code script}. */
    InetSocketAddress start(boolean webSocket, RawUpstream.Script script) throws Exception {
        RawUpstream upstream = closing(new RawUpstream(script));
        Channel server = new ServerBootstrap().group(group)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<NioSocketChannel>() {
                    @Override
                    protected void initChannel(NioSocketChannel client) {
                        connect(client, upstream.port(), webSocket);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        return (InetSocketAddress) server.localAddress();
    }

    private void connect(Channel client, int port, boolean webSocket) {
        new Bootstrap().group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.AUTO_READ, false)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(InetAddress.getLoopbackAddress(), port)
                .addListener(connected -> {
                    Channel origin = ((ChannelFuture) connected).channel();
                    client.pipeline().addLast(OriginConnection.NAME,
                            new Handshake(client, origin, early -> answer(client, origin, webSocket, early)));
                    new ReadGate(client).reset();
                });
    }

    private void answer(Channel client, Channel origin, boolean webSocket, ByteBuf fromClient) {
        origin.pipeline().addLast(OriginConnection.NAME, new Handshake(origin, client, fromOrigin -> {
            Tunnel opened = new Tunnel(client, origin, deadlines,
                    new HttpRoute.Ticks(1, 1, REQUEST_TICKS, SILENT_TICKS), webSocket,
                    new SplittableRandom(20_261_120), gone -> closed.complete(null));
            opened.open(fromClient, fromOrigin, false);
            toClient.complete(client);
            tunnel.complete(opened);
        }));
        new ReadGate(origin).reset();
    }

    <T extends AutoCloseable> T closing(T part) {
        open.push(part);
        return part;
    }

    RawConnection client(InetSocketAddress address) throws Exception {
        return closing(RawConnection.to(address));
    }

    /** Does it to the tunnel, on its loop, once it is open. */
    void on(Consumer<Tunnel> what) throws Exception {
        Tunnel opened = tunnel.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        loop.submit(() -> what.accept(opened)).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    /** Lets so much time pass. */
    void pass(long ticks) throws Exception {
        loop.submit(() -> {
            for (long i = 0; i < ticks; i++) {
                nowNanos += Deadlines.TICK_NANOS;
                deadlines.advance(nowNanos);
            }
        }).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    /** Retires the tunnel, and lets that time come. */
    void retireNow() throws Exception {
        on(tunnel -> tunnel.retire(0));
        pass(2);
    }

    /** Returns when more is to be written to the client than it takes. */
    void awaitBackPressure() throws Exception {
        Channel client = toClient.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        await().until(() -> !client.isWritable());
    }

    /** Returns when both connections are closed. */
    void awaitClosed() throws Exception {
        closed.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    boolean isClosed() {
        return closed.isDone();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
        if (tunnel.isDone()) {
            awaitClosed();
        }
        group.shutdownGracefully(0, TIMEOUT_SECONDS, TimeUnit.SECONDS).sync();
    }
}
