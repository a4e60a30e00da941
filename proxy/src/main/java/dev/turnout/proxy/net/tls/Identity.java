package dev.turnout.proxy.net.tls;

import dev.turnout.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A key and the certificates that go with it.
 *
 * @param chain the certificate of the key first
 */
record Identity(PrivateKey key, List<X509Certificate> chain) {
    private static final Logger log = LoggerFactory.getLogger(Identity.class);
    private static final byte[] PROBE = {1, 2, 3};

    Identity {
        chain = List.copyOf(chain);
    }

    /** Throws IOException when the two files do not make a pair. A certificate out of date is only warned of. */
    static Identity read(PemFile certificate, PemFile privateKey, Optional<Secret> password)
            throws IOException {
        List<X509Certificate> chain = PemCertificates.read(certificate);
        PrivateKey key = PemPrivateKey.read(privateKey, password);
        X509Certificate own = chain.getFirst();
        if (!belongs(key, own)) {
            throw privateKey.wrong("not the key of the certificate " + certificate.path(),
                    "the key of the first certificate of that file");
        }
        warnOfDates(certificate, own);
        warnOfReaders(privateKey);
        return new Identity(key, chain);
    }

    X509Certificate certificate() {
        return chain.getFirst();
    }

    private static boolean belongs(PrivateKey key, X509Certificate certificate) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "Ed25519";
        };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException _) {
            // A signature of another length, a public key of another kind.
            return false;
        }
    }

    private static void warnOfDates(PemFile file, X509Certificate certificate) {
        try {
            certificate.checkValidity();
        } catch (CertificateException _) {
            log.warn(file.about("valid from {} to {} only (expected: valid now; peers will refuse it)"),
                    certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant());
        }
    }

    private static void warnOfReaders(PemFile file) throws IOException {
        if (Files.getFileStore(file.path()).supportsFileAttributeView("posix")
                && Files.getPosixFilePermissions(file.path()).contains(PosixFilePermission.OTHERS_READ)) {
            log.warn(file.about("readable by everybody on this machine (expected: mode 0600 or 0640)"));
        }
    }
}
