package dev.turnout.proxy.net.tls;

import dev.turnout.config.TlsServerConfig;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What clients are offered, from PEM files that are read again when they change. Any thread. */
public final class ServerTls implements AutoCloseable {
    /** Of TLS 1.2, in native memory, about 1 kB each. */
    private static final int MAX_SESSIONS = 2048;

    private final Contexts contexts;
    private final List<String> alpn;
    private final boolean required;

    /**
     * For one connection.
     *
     * @param handler of the caller, who adds it to a pipeline, sees to the time that the handshake takes, and may then
     *     ask it for {@code applicationProtocol()}
     * @param certificate what the client is shown, as channel binding needs it
     */
    public record Offer(SslHandler handler, X509Certificate certificate) {}

    private ServerTls(Contexts contexts, List<String> alpn, boolean required) {
        this.contexts = contexts;
        this.alpn = alpn;
        this.required = required;
    }

    /**
     * Reads the files. Throws IOException that names the key, the file and what is wrong with it.
     *
     * @param alpn protocols that are spoken, by their registered names; a client that offers others only is refused, one
     *     that offers none is not; empty: ALPN is not spoken
     */
    public static ServerTls open(TlsServerConfig config, List<String> alpn) throws IOException {
        return open(config, alpn, Provider.best());
    }

    static ServerTls open(TlsServerConfig config, List<String> alpn, SslProvider provider)
            throws IOException {
        List<Path> files = new ArrayList<>(List.of(config.certificate(), config.privateKey()));
        config.clientCa().ifPresent(files::add);
        return new ServerTls(new Contexts(files, () -> make(config, alpn, provider)), List.copyOf(alpn),
                config.required());
    }

    private static Contexts.Made make(TlsServerConfig config, List<String> alpn, SslProvider provider)
            throws IOException {
        Identity identity = Identity.read(new PemFile("tls.certificate", config.certificate()),
                new PemFile("tls.private-key", config.privateKey()), config.privateKeyPassword());
        SslContextBuilder builder = SslContextBuilder
                .forServer(identity.key(), identity.chain().toArray(X509Certificate[]::new))
                .sessionCacheSize(MAX_SESSIONS);
        if (config.clientCa().isPresent()) {
            builder.trustManager(
                    PemCertificates.read(new PemFile("tls.client-ca", config.clientCa().get())))
                    .clientAuth(
                            config.clientCertificateRequired() ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
        }
        return new Contexts.Made(Handshakes.build(builder, Provider.able(provider, identity.key()), alpn),
                Optional.of(identity.certificate()));
    }

    /** With the newest certificate. */
    public Offer offer(ByteBufAllocator alloc) {
        return contexts.use(made -> new Offer(Handshakes.server(made.context(), alloc, alpn),
                made.certificate().orElseThrow()));
    }

    /**
     * Reads files that have changed; cheap when none has. False when what they hold now is unusable: a WARN says once per
     * change why, and what was read before stays in force. Blocks.
     */
    public boolean refresh() {
        return contexts.refresh();
    }

    /** Whether a client that does not ask for TLS is refused. */
    public boolean required() {
        return required;
    }

    /** The first common name of the client's certificate, which was verified; empty: none. After the handshake. */
    public static Optional<String> clientName(SslHandler handler) {
        return Handshakes.peer(handler).flatMap(CommonName::of);
    }

    /** Frees the memory outside the heap when the last connection has ended; nothing is offered from now on. */
    @Override
    public void close() {
        contexts.close();
    }
}
