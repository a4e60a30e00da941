package dev.turnout.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How clients are offered TLS. Files are PEM, are absolute, and are read again when they change.
 *
 * @param certificate the certificate, followed by those between it and an authority that clients trust
 * @param privateKey its key: PKCS#8, PKCS#1 or SEC1, encrypted or not
 * @param privateKeyPassword of an encrypted key
 * @param clientCa authorities of client certificates; empty, the default: none is asked for
 * @param clientCertificateRequired whether a client without one is refused; only with {@code clientCa}; default false
 * @param required whether a client that does not ask for TLS is refused; default false
 */
public record TlsServerConfig(
        Path certificate,
        Path privateKey,
        Optional<Secret> privateKeyPassword,
        Optional<Path> clientCa,
        boolean clientCertificateRequired,
        boolean required) {}
