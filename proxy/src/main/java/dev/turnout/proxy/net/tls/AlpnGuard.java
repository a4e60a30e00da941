package dev.turnout.proxy.net.tls;

import dev.turnout.proxy.net.Channels;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the ClientHello before TLS does, and ends the handshake of a client that offers protocols of which we speak none
 * (RFC 7301 3.2): BoringSSL, as Netty drives it, would go on without one, and so let a client talk to a service that it
 * does not mean. A client that offers none at all passes. Confined to its loop; gone after the ClientHello.
 */
final class AlpnGuard extends SslClientHelloHandler<Boolean> {
    private static final int MAX_CLIENT_HELLO_BYTES = 64 * 1024;
    /** TLS 1.2 alert record: fatal, no_application_protocol. No keys are agreed yet, so it is in the clear. */
    private static final byte[] NO_APPLICATION_PROTOCOL = {21, 3, 3, 0, 2, 2, 120};
    private static final int VERSION_AND_RANDOM_BYTES = 34;
    private static final int EXTENSION_ALPN = 16;

    private final List<String> spoken;
    private boolean refused;

    AlpnGuard(List<String> spoken) {
        super(MAX_CLIENT_HELLO_BYTES);
        this.spoken = spoken;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (refused) {
            in.skipBytes(in.readableBytes());
            return;
        }
        super.decode(ctx, in, out);
    }

    /** Whether it may pass. Null: what came is no ClientHello, and TLS says so itself. */
    @Override
    protected Future<Boolean> lookup(ChannelHandlerContext ctx, @Nullable ByteBuf clientHello) {
        return ctx.executor().newSucceededFuture(clientHello == null || mayPass(clientHello));
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext ctx, Future<Boolean> mayPass) {
        if (mayPass.getNow()) {
            ctx.pipeline().remove(this);
            return;
        }
        refused = true;
        // Before anybody hears of it, who may close at once.
        ChannelFuture told = ctx.writeAndFlush(
                ctx.alloc().buffer(NO_APPLICATION_PROTOCOL.length).writeBytes(NO_APPLICATION_PROTOCOL));
        ctx.fireExceptionCaught(new DecoderException(new SSLHandshakeException(
                "ALPN: none of ours is offered (expected: " + String.join(", ", spoken) + ")")));
        told.addListener(_ -> Channels.close(ctx.channel()));
    }

    private boolean mayPass(ByteBuf clientHello) {
        List<String> offered = offered(clientHello);
        return offered.isEmpty() || offered.stream().anyMatch(spoken::contains);
    }

    /** RFC 8446 4.1.2. Borrows; empty: no ALPN. A length that lies ends in IndexOutOfBoundsException. */
    static List<String> offered(ByteBuf clientHello) {
        ByteBuf hello = clientHello.duplicate();
        hello.skipBytes(VERSION_AND_RANDOM_BYTES);
        hello.skipBytes(hello.readUnsignedByte()); // session id
        hello.skipBytes(hello.readUnsignedShort()); // cipher suites
        hello.skipBytes(hello.readUnsignedByte()); // compression methods
        List<String> protocols = new ArrayList<>();
        if (!hello.isReadable()) {
            return protocols;
        }
        ByteBuf extensions = hello.readSlice(hello.readUnsignedShort());
        while (extensions.isReadable()) {
            int type = extensions.readUnsignedShort();
            ByteBuf extension = extensions.readSlice(extensions.readUnsignedShort());
            if (type == EXTENSION_ALPN) {
                ByteBuf names = extension.readSlice(extension.readUnsignedShort());
                while (names.isReadable()) {
                    protocols.add(names.readString(names.readUnsignedByte(), StandardCharsets.ISO_8859_1));
                }
            }
        }
        return protocols;
    }
}
