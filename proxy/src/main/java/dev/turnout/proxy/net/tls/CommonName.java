package dev.turnout.proxy.net.tls;

import java.security.cert.X509Certificate;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;

/** The first common name of a certificate's subject, as it is written there. */
final class CommonName {
    private CommonName() {}

    static Optional<String> of(X509Certificate certificate) {
        X500Name subject = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        for (RDN part : subject.getRDNs(BCStyle.CN)) {
            for (AttributeTypeAndValue attribute : part.getTypesAndValues()) {
                if (attribute.getType().equals(BCStyle.CN)) {
                    return text(attribute.getValue());
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> text(ASN1Encodable value) {
        // A NUL inside would let "app\0.example" be taken for "app" by whoever reads C strings.
        return value instanceof ASN1String string && !string.getString().isEmpty()
                && string.getString().indexOf('\0') < 0 ? Optional.of(string.getString()) : Optional.empty();
    }
}
