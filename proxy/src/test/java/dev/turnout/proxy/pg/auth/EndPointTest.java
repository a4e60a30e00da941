package dev.turnout.proxy.pg.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndPointTest {
    private static X509Certificate certificate(String name) throws IOException, CertificateException {
        try (InputStream in = Objects.requireNonNull(EndPointTest.class.getResourceAsStream(name + ".pem"))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    @Test
    void isTheHashThatOpensslComputes() throws Exception {
        assertThat(EndPoint.of(certificate("ecdsa-sha384"))).isEqualTo(HexFormat.of()
                .parseHex(
                        "a8bee96f6612e04d4958c9366189246f01082ec780b642f8730c9032a9e828004632464b37c8f7663b9cdea85d76"
                                + "e6d5"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "rsassa-pss"})
    void isNoneWhereNobodyHasSaidWhichHash(String name) throws Exception {
        assertThat(EndPoint.of(certificate(name))).isNull();
    }

    @ParameterizedTest
    @CsvSource({"MD5withRSA, SHA-256", "SHA1withRSA, SHA-256", "SHA1withDSA, SHA-256",
        "SHA224withRSA, SHA-224",
        "SHA256withRSA, SHA-256", "SHA256WITHECDSA, SHA-256", "SHA384withRSA, SHA-384",
        "SHA512withECDSA, SHA-512",
        "RSASSA-PSS,", "Ed25519,", "Ed448,", "SHA512/256withRSA,", "SHA3-256withRSA,", "ML-DSA-65,"})
    void isOfTheHashOfTheSignature(String signature, String hash) {
        assertThat(EndPoint.hashOf(signature)).isEqualTo(hash);
    }
}
