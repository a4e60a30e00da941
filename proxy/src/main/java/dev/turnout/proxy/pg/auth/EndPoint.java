package dev.turnout.proxy.pg.auth;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The channel-binding data {@code tls-server-end-point} of RFC 5929, section 4.1. */
public final class EndPoint {
    private EndPoint() {}

    /**
     * The hash of the certificate that the server shows. Null where the RFC does not say which hash (Ed25519), and where
     * the clients do not agree (RSASSA-PSS): then there is no SCRAM-SHA-256-PLUS, and plain SCRAM works.
     */
    public static byte @Nullable [] of(X509Certificate certificate) {
        String algorithm = hashOf(certificate.getSigAlgName());
        if (algorithm == null) {
            return null;
        }
        try {
            return Sha256.hash(algorithm, certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("certificate: cannot be encoded", e);
        }
    }

    static @Nullable String hashOf(String signatureAlgorithm) {
        String name = signatureAlgorithm.toUpperCase(Locale.ROOT);
        int with = name.indexOf("WITH");
        return switch (with < 0 ? "" : name.substring(0, with)) {
            case "MD5", "SHA1", "SHA256" -> "SHA-256";
            case "SHA224" -> "SHA-224";
            case "SHA384" -> "SHA-384";
            case "SHA512" -> "SHA-512";
            default -> null;
        };
    }
}
