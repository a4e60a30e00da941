package dev.turnout.proxy.net.tls;

import dev.turnout.config.TlsClientConfig;
import dev.turnout.config.TlsMode;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How servers of a side are connected to, from PEM files that are read again when they change. Any thread. */
public final class ClientTls implements AutoCloseable {
    private final Contexts contexts;
    private final TlsMode mode;

    private ClientTls(Contexts contexts, TlsMode mode) {
        this.contexts = contexts;
        this.mode = mode;
    }

    /**
     * Reads the files, in every mode. Throws IOException that names the key, the file and what is wrong with it.
     *
     * @param alpn protocols that servers are offered, by their registered names; empty: none
     */
    public static ClientTls open(TlsClientConfig config, List<String> alpn) throws IOException {
        return open(config, alpn, Provider.best());
    }

    static ClientTls open(TlsClientConfig config, List<String> alpn, SslProvider provider)
            throws IOException {
        List<Path> files = Stream.of(config.ca(), config.certificate(), config.privateKey())
                .flatMap(Optional::stream).toList();
        return new ClientTls(new Contexts(files, () -> make(config, alpn, provider)), config.mode());
    }

    private static Contexts.Made make(TlsClientConfig config, List<String> alpn, SslProvider provider)
            throws IOException {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .endpointIdentificationAlgorithm(config.mode() == TlsMode.VERIFY_FULL ? "HTTPS" : null);
        if (config.ca().isPresent()) {
            // Read, even where it is not asked, so that a wrong file is known before the mode is made stricter.
            builder.trustManager(PemCertificates.read(new PemFile("tls.ca", config.ca().get())));
        }
        if (!verifies(config)) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        }
        Optional<Identity> identity = identity(config);
        identity.ifPresent(
                own -> builder.keyManager(own.key(), own.chain().toArray(X509Certificate[]::new)));
        SslProvider able = identity.map(own -> Provider.able(provider, own.key())).orElse(provider);
        return new Contexts.Made(Handshakes.build(builder, able, alpn),
                identity.map(Identity::certificate));
    }

    private static Optional<Identity> identity(TlsClientConfig config) throws IOException {
        return config.certificate().isEmpty() || config.privateKey().isEmpty()
                ? Optional.empty()
                : Optional.of(Identity.read(new PemFile("tls.certificate", config.certificate().get()),
                        new PemFile("tls.private-key", config.privateKey().get()),
                        config.privateKeyPassword()));
    }

    /** As libpq does: with authorities at hand, require is verify-ca. */
    private static boolean verifies(TlsClientConfig config) {
        return switch (config.mode()) {
            case DISABLE, ALLOW, PREFER -> false;
            case REQUIRE -> config.ca().isPresent();
            case VERIFY_CA, VERIFY_FULL -> true;
        };
    }

    public TlsMode mode() {
        return mode;
    }

    /**
     * For one connection. Of the caller, who adds it to a pipeline and sees to the time that the handshake takes.
     *
     * @param host as it is configured: a name, which the server is told, or an IP literal, which it is not; with
     *     verify-full the certificate must name it
     */
    public SslHandler handler(ByteBufAllocator alloc, String host, int port) {
        return contexts.use(made -> Handshakes.client(made.context(), alloc, host, port));
    }

    /** What the server showed; empty: nothing, or there was no handshake yet. Verified only as far as the mode says. */
    public static Optional<X509Certificate> serverCertificate(SslHandler handler) {
        return Handshakes.peer(handler);
    }

    /** As {@link ServerTls#refresh}. Blocks. */
    public boolean refresh() {
        return contexts.refresh();
    }

    /** Frees the memory outside the heap when the last connection has ended; no handler comes from now on. */
    @Override
    public void close() {
        contexts.close();
    }
}
