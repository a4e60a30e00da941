package dev.turnout.proxy.net.tls;

import dev.turnout.config.Secret;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.bc.BcPEMDecryptorProvider;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

/** The first private key of a PEM file, in any of its four forms: PKCS#8 or traditional (PKCS#1, SEC1), encrypted or not. */
final class PemPrivateKey {
    private static final String EXPECTED = "a private key in PEM: PKCS#8, PKCS#1 or SEC1";
    private static final String KINDS = "RSA, EC or Ed25519";
    private static final Map<ASN1ObjectIdentifier, String> ALGORITHMS = Map.of(
            PKCSObjectIdentifiers.rsaEncryption, "RSA",
            X9ObjectIdentifiers.id_ecPublicKey, "EC",
            EdECObjectIdentifiers.id_Ed25519, "Ed25519");

    private PemPrivateKey() {}

    static PrivateKey read(PemFile file, Optional<Secret> password) throws IOException {
        for (Object object : file.read(EXPECTED)) {
            PrivateKeyInfo info = switch (object) {
                case PrivateKeyInfo plain -> plain;
                case PEMKeyPair pair -> pair.getPrivateKeyInfo();
                case PKCS8EncryptedPrivateKeyInfo encrypted ->
                    decrypted(file, password, secret -> decrypt(encrypted, secret));
                case PEMEncryptedKeyPair encrypted ->
                    decrypted(file, password, secret -> decrypt(encrypted, secret));
                // Parameters of a curve, or certificates in the same file.
                default -> null;
            };
            if (info != null) {
                return key(file, info);
            }
        }
        throw file.wrong("no private key in it", EXPECTED);
    }

    private interface Decryption {
        @Nullable
        PrivateKeyInfo with(char[] password) throws IOException, PKCSException, OperatorCreationException;
    }

    private static @Nullable PrivateKeyInfo decrypt(PKCS8EncryptedPrivateKeyInfo encrypted, char[] password)
            throws PKCSException, OperatorCreationException {
        // A provider for this one key: it is not registered, and not loaded for keys that are not encrypted.
        return encrypted.decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder()
                .setProvider(new BouncyCastleProvider()).build(password));
    }

    private static @Nullable PrivateKeyInfo decrypt(PEMEncryptedKeyPair encrypted, char[] password)
            throws IOException {
        return encrypted.decryptKeyPair(new BcPEMDecryptorProvider(password)).getPrivateKeyInfo();
    }

    private static @Nullable PrivateKeyInfo decrypted(PemFile file, Optional<Secret> password, Decryption key)
            throws IOException {
        if (password.isEmpty()) {
            throw file.wrong("encrypted", "tls.private-key-password, or a key that is not encrypted");
        }
        try {
            return key.with(password.get().reveal().toCharArray());
        } catch (IOException | PKCSException | OperatorCreationException | RuntimeException _) {
            // What is not decrypted by the right password does not parse: the two cannot be told apart.
            throw file.wrong("not decrypted by tls.private-key-password", "the password of this key");
        }
    }

    private static PrivateKey key(PemFile file, PrivateKeyInfo info) throws IOException {
        String algorithm = ALGORITHMS.get(info.getPrivateKeyAlgorithm().getAlgorithm());
        if (algorithm == null) {
            throw file.wrong("a key of another kind", KINDS);
        }
        try {
            return KeyFactory.getInstance(algorithm)
                    .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
        } catch (GeneralSecurityException _) {
            throw file.wrong("a key that Java cannot read", KINDS);
        }
    }
}
