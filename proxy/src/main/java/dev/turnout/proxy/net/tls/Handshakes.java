package dev.turnout.proxy.net.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.NetUtil;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;

/** What contexts and handlers of both sides have in common. */
final class Handshakes {
    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

    private Handshakes() {}

    static SslContext build(SslContextBuilder builder, SslProvider provider, List<String> alpn)
            throws SSLException {
        builder.sslProvider(provider).protocols(VERSIONS);
        if (!alpn.isEmpty()) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT, alpn));
        }
        return builder.build();
    }

    static SslHandler server(SslContext context, ByteBufAllocator alloc, List<String> alpn) {
        SslHandler handler = alpn.isEmpty()
                ? context.newHandler(alloc)
                : new GuardedHandler(context, alloc, alpn);
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }

    static SslHandler client(SslContext context, ByteBufAllocator alloc, String host, int port) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        SslHandler handler = context.newHandler(alloc, name, port);
        SSLParameters parameters = handler.engine().getSSLParameters();
        parameters.setServerNames(serverNames(name));
        handler.engine().setSSLParameters(parameters);
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }

    /** RFC 6066 3: literals of addresses are not sent. */
    private static List<SNIServerName> serverNames(String host) {
        if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
            return List.of();
        }
        try {
            return List.of(new SNIHostName(host));
        } catch (IllegalArgumentException _) {
            // A name that is none of DNS, as with an underscore: servers do not tell certificates apart by it.
            return List.of();
        }
    }

    /** Empty: it showed none. */
    static Optional<X509Certificate> peer(SslHandler handler) {
        try {
            return Optional.of((X509Certificate) handler.engine().getSession().getPeerCertificates()[0]);
        } catch (SSLPeerUnverifiedException _) {
            return Optional.empty();
        }
    }

    /** Brings its guard with it. */
    private static final class GuardedHandler extends SslHandler {
        private final List<String> alpn;

        GuardedHandler(SslContext context, ByteBufAllocator alloc, List<String> alpn) {
            super(context.newEngine(alloc));
            this.alpn = alpn;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
            ctx.pipeline().addBefore(ctx.name(), ctx.name() + "-alpn", new AlpnGuard(alpn));
            super.handlerAdded(ctx);
        }
    }
}
