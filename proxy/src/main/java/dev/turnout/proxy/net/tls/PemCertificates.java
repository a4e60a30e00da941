package dev.turnout.proxy.net.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.cert.X509CertificateHolder;

/** Certificates from PEM; other objects in the same file are passed over. */
final class PemCertificates {
    private static final String EXPECTED = "certificates in PEM";

    private PemCertificates() {}

    /** At least one, in the order of the file. */
    static List<X509Certificate> read(PemFile file) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Object object : file.read(EXPECTED)) {
            if (object instanceof X509CertificateHolder holder) {
                certificates.add(certificate(file, holder));
            }
        }
        if (certificates.isEmpty()) {
            throw file.wrong("no certificate in it", EXPECTED);
        }
        return certificates;
    }

    private static X509Certificate certificate(PemFile file, X509CertificateHolder holder)
            throws IOException {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(holder.getEncoded()));
        } catch (CertificateException _) {
            throw file.wrong("a certificate that Java cannot read", EXPECTED);
        }
    }
}
