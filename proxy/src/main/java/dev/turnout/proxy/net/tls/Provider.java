package dev.turnout.proxy.net.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.security.PrivateKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who does the cryptography: BoringSSL where its library can be loaded, else Java. Chosen, and said, once. */
final class Provider {
    private static final Logger log = LoggerFactory.getLogger(Provider.class);
    private static final SslProvider BEST = choose();

    private Provider() {}

    static SslProvider best() {
        return BEST;
    }

    /** {@code wanted}, unless it cannot sign with this key: BoringSSL, as Netty drives it, cannot with Ed25519. */
    static SslProvider able(SslProvider wanted, PrivateKey key) {
        return key.getAlgorithm().equals("EdDSA") ? SslProvider.JDK : wanted;
    }

    private static SslProvider choose() {
        if (OpenSsl.isAvailable()) {
            log.info("TLS provider=boringssl");
            return SslProvider.OPENSSL_REFCNT;
        }
        log.info("TLS provider=jdk; BoringSSL cannot be loaded here: {}",
                OpenSsl.unavailabilityCause().toString());
        return SslProvider.JDK;
    }
}
