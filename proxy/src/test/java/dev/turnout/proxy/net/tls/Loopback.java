package dev.turnout.proxy.net.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.Secret;
import dev.turnout.config.TlsClientConfig;
import dev.turnout.config.TlsMode;
import dev.turnout.config.TlsServerConfig;
import dev.turnout.proxy.net.Channels;
import dev.turnout.proxy.testkit.Certificates;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Two ends of a connection without a network: what one writes is read by the other, as long as somebody pumps. */
final class Loopback implements AutoCloseable {
    private final SslHandler clientTls;
    private final SslHandler serverTls;
    final List<Throwable> clientFailures = new ArrayList<>();
    final List<Throwable> serverFailures = new ArrayList<>();
    private final EmbeddedChannel client;
    private final EmbeddedChannel server;

    Loopback(SslHandler clientTls, SslHandler serverTls) {
        this.clientTls = clientTls;
        this.serverTls = serverTls;
        server = channel(serverTls, serverFailures);
        client = channel(clientTls, clientFailures);
        pump();
    }

    private static EmbeddedChannel channel(ChannelHandler tls, List<Throwable> failures) {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAllocator(PooledByteBufAllocator.DEFAULT);
        channel.pipeline().addLast("tls", tls).addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                failures.add(cause);
            }
        });
        return channel;
    }

    /** Until neither has anything to say. */
    void pump() {
        boolean moved = true;
        while (moved) {
            client.runPendingTasks();
            server.runPendingTasks();
            moved = move(client, server);
            moved |= move(server, client);
        }
    }

    private static boolean move(EmbeddedChannel from, EmbeddedChannel to) {
        boolean moved = false;
        for (ByteBuf bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
            moved = true;
            if (to.isOpen()) {
                to.writeInbound(bytes);
            } else {
                bytes.release();
            }
        }
        return moved;
    }

    /** Both have finished the handshake, and a byte passes in each direction. */
    boolean works() {
        return clientTls.handshakeFuture().isSuccess() && serverTls.handshakeFuture().isSuccess()
                && passes(client, server) && passes(server, client);
    }

    private boolean passes(EmbeddedChannel from, EmbeddedChannel to) {
        if (!from.isOpen() || !to.isOpen()) {
            return false;
        }
        Channels.write(from, from.alloc().buffer().writeBytes("hello".getBytes(StandardCharsets.US_ASCII)));
        from.flush();
        pump();
        ByteBuf came = to.readInbound();
        if (came == null) {
            return false;
        }
        String text = came.toString(StandardCharsets.US_ASCII);
        came.release();
        assertThat(text).isEqualTo("hello");
        return true;
    }

    String why() {
        return "client: " + clientTls.handshakeFuture().cause() + clientFailures + ", server: "
                + serverTls.handshakeFuture().cause() + serverFailures;
    }

    SslHandler clientTls() {
        return clientTls;
    }

    SslHandler serverTls() {
        return serverTls;
    }

    EmbeddedChannel server() {
        return server;
    }

    @Override
    public void close() {
        Channels.close(client);
        pump();
        client.finishAndReleaseAll();
        server.finishAndReleaseAll();
    }

    static TlsServerConfig serverConfig(Path folder, Certificates own) throws IOException {
        return serverConfig(folder, own, Optional.empty(), false);
    }

    static TlsServerConfig serverConfig(Path folder, Certificates own, Optional<Path> clientCa,
            boolean required)
            throws IOException {
        return new TlsServerConfig(own.certificateIn(folder, "server"), own.keyIn(folder, "server"),
                Optional.empty(), clientCa, required, false);
    }

    static TlsClientConfig clientConfig(TlsMode mode, Optional<Path> ca) {
        return new TlsClientConfig(mode, ca, Optional.empty(), Optional.empty(), Optional.empty());
    }

    static TlsClientConfig clientConfig(Path folder, Path ca, Certificates own, String password)
            throws IOException {
        return new TlsClientConfig(TlsMode.VERIFY_FULL, Optional.of(ca),
                Optional.of(own.certificateIn(folder, "client")),
                Optional.of(own.keyIn(folder, "client", Certificates.Form.PKCS8_ENCRYPTED, password)),
                Optional.of(new Secret(password)));
    }
}
