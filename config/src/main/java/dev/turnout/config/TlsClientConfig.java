package dev.turnout.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How connections to the endpoints of a side are protected. Files are PEM, are absolute, and are read again when they
 * change.
 *
 * @param mode default prefer
 * @param ca the authorities that are trusted; empty: those of the system, and only verify-ca and verify-full ask them
 * @param certificate of the proxy itself, for servers that ask for one
 * @param privateKey its key; there exactly when the certificate is
 * @param privateKeyPassword of an encrypted key
 */
public record TlsClientConfig(
        TlsMode mode,
        Optional<Path> ca,
        Optional<Path> certificate,
        Optional<Path> privateKey,
        Optional<Secret> privateKeyPassword) {
    /** As libpq does when nothing is said. */
    public static final TlsClientConfig DEFAULT = new TlsClientConfig(TlsMode.PREFER, Optional.empty(),
            Optional.empty(), Optional.empty(), Optional.empty());
}
