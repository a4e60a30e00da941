package dev.turnout.proxy.testkit;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemObjectGenerator;
import org.bouncycastle.util.io.pem.PemWriter;
import org.jspecify.annotations.Nullable;

/**
 * Certificates made for a test. {@code ca("name")} is an authority; what it {@linkplain #issue issues} is for servers
 * and clients alike, unless their names say otherwise.
 *
 * @param issuers from the one that issued it up to, but without, the authority at the top
 */
public record Certificates(X509Certificate certificate, KeyPair keys, List<X509Certificate> issuers) {
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Of what a key is. */
    public enum Kind {
        RSA("SHA256withRSA"), EC("SHA256withECDSA"), ED25519("Ed25519");

        private final String signature;

        Kind(String signature) {
            this.signature = signature;
        }

        KeyPair generate() {
            try {
                KeyPairGenerator generator = KeyPairGenerator
                        .getInstance(this == ED25519 ? "Ed25519" : name());
                switch (this) {
                    case RSA -> generator.initialize(2048);
                    case EC -> generator.initialize(new ECGenParameterSpec("secp256r1"));
                    case ED25519 -> {
                    }
                }
                return generator.generateKeyPair();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        private static Kind of(KeyPair keys) {
            return switch (keys.getPrivate().getAlgorithm()) {
                case "RSA" -> RSA;
                case "EC" -> EC;
                default -> ED25519;
            };
        }
    }

    /** How a key is written. */
    public enum Form {
        PKCS8, PKCS8_ENCRYPTED, TRADITIONAL, TRADITIONAL_ENCRYPTED
    }

    /** An authority that nobody vouches for. */
    public static Certificates ca(String name) {
        return make(Kind.EC, "CN=" + name, List.of(), validNow(), true, null);
    }

    /** Signed by itself. {@code names}: of the host, or IP literals. */
    public static Certificates selfSigned(String commonName, String... names) {
        return make(Kind.EC, "CN=" + commonName, List.of(names), validNow(), false, null);
    }

    /** With an EC key, valid now. {@code names}: of the host, or IP literals; none for a client. */
    public Certificates issue(String commonName, String... names) {
        return issue(Kind.EC, commonName, names);
    }

    public Certificates issue(Kind kind, String commonName, String... names) {
        return make(kind, "CN=" + commonName, List.of(names), validNow(), false, this);
    }

    /** With a subject as RFC 4514 writes it. */
    public Certificates issueTo(String subject) {
        return make(Kind.EC, subject, List.of(), validNow(), false, this);
    }

    /** As {@link #issue}, but it ended a day ago. */
    public Certificates issueExpired(String commonName, String... names) {
        Instant end = InstantSource.system().instant().minus(Duration.ofDays(1));
        return make(Kind.EC, "CN=" + commonName, List.of(names),
                new Validity(end.minus(Duration.ofDays(1)), end), false, this);
    }

    /** An authority below this one. */
    public Certificates issueCa(String name) {
        return make(Kind.EC, "CN=" + name, List.of(), validNow(), true, this);
    }

    private record Validity(Instant from, Instant to) {}

    private static Validity validNow() {
        Instant now = InstantSource.system().instant();
        return new Validity(now.minus(Duration.ofDays(2)), now.plus(Duration.ofDays(2)));
    }

    private static Certificates make(Kind kind, String subject, List<String> names, Validity validity,
            boolean ca,
            @Nullable Certificates issuer) {
        KeyPair keys = kind.generate();
        X500Name own = new X500Name(subject);
        X500Name from = issuer == null
                ? own
                : X500Name.getInstance(issuer.certificate.getSubjectX500Principal().getEncoded());
        KeyPair signer = issuer == null ? keys : issuer.keys;
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(from,
                    new BigInteger(64, RANDOM), Date.from(validity.from()), Date.from(validity.to()), own,
                    keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
            if (ca) {
                builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
            }
            if (!names.isEmpty()) {
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(
                        names.stream().map(Certificates::generalName).toArray(GeneralName[]::new)));
            }
            X509Certificate made = new JcaX509CertificateConverter().getCertificate(builder
                    .build(new JcaContentSignerBuilder(Kind.of(signer).signature)
                            .build(signer.getPrivate())));
            return new Certificates(made, keys, issuer == null ? List.of() : issuer.chain());
        } catch (IOException | OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static GeneralName generalName(String name) {
        boolean literal = NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name);
        return new GeneralName(literal ? GeneralName.iPAddress : GeneralName.dNSName, name);
    }

    /** What a server has to show: this, and its issuers without the one at the top. */
    private List<X509Certificate> chain() {
        if (certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
            return List.of();
        }
        return Stream.concat(Stream.of(certificate), issuers.stream()).toList();
    }

    /** The certificate and what is between it and its authority, as PEM. */
    public String pem() {
        StringBuilder text = new StringBuilder(pem(certificate));
        issuers.forEach(issuer -> text.append(pem(issuer)));
        return text.toString();
    }

    private static String pem(X509Certificate certificate) {
        try {
            return pem(new PemObject("CERTIFICATE", certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The key as PEM. {@code password}: for the forms that are encrypted. Ed25519 has no traditional form. */
    public String keyPem(Form form, String password) {
        try {
            return switch (form) {
                case PKCS8 -> pem(new JcaPKCS8Generator(keys.getPrivate(), null));
                case PKCS8_ENCRYPTED -> encrypted(PKCS8Generator.AES_256_CBC, password);
                case TRADITIONAL -> pem(new JcaMiscPEMGenerator(traditional()));
                case TRADITIONAL_ENCRYPTED -> pem(new JcaMiscPEMGenerator(traditional(),
                        new JcePEMEncryptorBuilder("AES-256-CBC").setProvider(new BouncyCastleProvider())
                                .build(password.toCharArray())));
            };
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private PrivateKeyInfo traditional() throws IOException {
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(keys.getPrivate().getEncoded());
        if (Kind.of(keys) != Kind.EC) {
            return info;
        }
        // RFC 5915 4: such a file names its curve, where PKCS#8 leaves it to what is around.
        AlgorithmIdentifier algorithm = info.getPrivateKeyAlgorithm();
        BigInteger secret = ((ECPrivateKey) keys.getPrivate()).getS();
        return new PrivateKeyInfo(algorithm,
                new org.bouncycastle.asn1.sec.ECPrivateKey(256, secret, algorithm.getParameters()));
    }

    private String encrypted(ASN1ObjectIdentifier cipher, String password)
            throws IOException, OperatorCreationException {
        return pem(new JcaPKCS8Generator(keys.getPrivate(),
                new JceOpenSSLPKCS8EncryptorBuilder(cipher).setProvider(new BouncyCastleProvider())
                        .setPassword(password.toCharArray()).build()));
    }

    private static String pem(PemObjectGenerator object) {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(object);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }

    /** Writes {@code <name>.crt}, or overwrites it. */
    public Path certificateIn(Path folder, String name) throws IOException {
        return Files.writeString(folder.resolve(name + ".crt"), pem());
    }

    /** Writes {@code <name>.key}, or overwrites it, for its owner only. */
    public Path keyIn(Path folder, String name) throws IOException {
        return keyIn(folder, name, Form.PKCS8, "");
    }

    public Path keyIn(Path folder, String name, Form form, String password) throws IOException {
        Path file = Files.writeString(folder.resolve(name + ".key"), keyPem(form, password));
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
