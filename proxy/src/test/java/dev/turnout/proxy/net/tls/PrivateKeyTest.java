package dev.turnout.proxy.net.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.Secret;
import dev.turnout.proxy.testkit.Certificates;
import dev.turnout.proxy.testkit.Certificates.Form;
import dev.turnout.proxy.testkit.Certificates.Kind;
import dev.turnout.proxy.testkit.Tool;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from files, and what is said of those that are wrong. */
class PrivateKeyTest {
    private static final Certificates CA = Certificates.ca("Test CA");
    private static final String PASSWORD = "correct horse";

    @TempDir
    private Path folder;

    private Identity read(Path certificate, Path key, String password) throws IOException {
        return Identity.read(new PemFile("tls.certificate", certificate), new PemFile("tls.private-key", key),
                password.isEmpty() ? Optional.empty() : Optional.of(new Secret(password)));
    }

    private Identity read(Path certificate, Path key) throws IOException {
        return read(certificate, key, "");
    }

    private void refused(Certificates own, String keyText, String password, String message)
            throws IOException {
        Path key = Files.writeString(folder.resolve("server.key"), keyText);
        Path certificate = own.certificateIn(folder, "server");
        assertThatThrownBy(() -> read(certificate, key, password)).isInstanceOf(IOException.class)
                .hasMessage("tls.private-key: " + key + ": " + message)
                .hasNoCause();
    }

    @ParameterizedTest
    @CsvSource({"RSA, PKCS8", "RSA, PKCS8_ENCRYPTED", "RSA, TRADITIONAL", "RSA, TRADITIONAL_ENCRYPTED",
        "EC, PKCS8", "EC, PKCS8_ENCRYPTED", "EC, TRADITIONAL", "EC, TRADITIONAL_ENCRYPTED",
        "ED25519, PKCS8", "ED25519, PKCS8_ENCRYPTED"})
    void readsAKeyInEveryForm(Kind kind, Form form) throws IOException {
        Certificates own = CA.issue(kind, "server");
        Identity identity = read(own.certificateIn(folder, "server"),
                own.keyIn(folder, "server", form, PASSWORD), PASSWORD);
        assertThat(secretOf(identity.key())).isEqualTo(secretOf(own.keys().getPrivate()));
        assertThat(identity.certificate()).isEqualTo(own.certificate());
    }

    private static Object secretOf(PrivateKey key) {
        return switch (key) {
            case RSAPrivateKey rsa -> rsa.getPrivateExponent();
            case ECPrivateKey ec -> ec.getS();
            default -> key;
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "genpkey -algorithm RSA -out k",
        "genrsa -traditional -out k",
        "genrsa -traditional -aes128 -passout pass:correct -out k",
        "genrsa -traditional -des3 -passout pass:correct -out k",
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out k",
        "ecparam -genkey -name prime256v1 -out k",
        "genpkey -algorithm ED25519 -out k",
        "genpkey -algorithm RSA -aes-256-cbc -pass pass:correct -out k",
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -des3 -pass pass:correct -out k"})
    void readsWhatOpensslWrites(String command) throws Exception {
        Path made = folder.resolve("k");
        openssl(command);
        openssl("req -x509 -key k -passin pass:correct -subj /CN=server -days 2 -out c");
        assertThat(read(folder.resolve("c"), made, "correct").certificate().getSubjectX500Principal())
                .hasToString("CN=server");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-v2 aes-256-cbc -v2prf hmacWithSHA512", "-v2 des3", "-v1 PBE-SHA1-3DES",
        "-scrypt"})
    void readsWhateverPkcs8IsEncryptedWith(String how) throws Exception {
        openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out k");
        openssl("req -x509 -key k -subj /CN=server -days 2 -out c");
        openssl("pkcs8 -topk8 -in k -passout pass:correct -out e " + how);
        assertThat(read(folder.resolve("c"), folder.resolve("e"), "correct").key().getAlgorithm())
                .isEqualTo("EC");
    }

    private void openssl(String arguments) throws IOException, InterruptedException {
        Tool.require("openssl");
        try (Tool tool = Tool.start(folder, ("openssl " + arguments).split(" ", -1))) {
            assertThat(tool.lines()).isNotNull();
        }
    }

    @Test
    void readsTheKeyAndTheChainOfOneFile() throws IOException {
        Certificates own = CA.issueCa("Between").issue("server");
        Path both = Files.writeString(folder.resolve("both.pem"),
                own.keyPem(Form.TRADITIONAL, "") + own.pem());
        Files.setPosixFilePermissions(both, PosixFilePermissions.fromString("rw-------"));
        assertThat(read(both, both).chain()).hasSize(2).first().isEqualTo(own.certificate());
    }

    @ParameterizedTest
    @CsvSource({"RSA, PKCS8_ENCRYPTED", "RSA, TRADITIONAL_ENCRYPTED", "EC, TRADITIONAL_ENCRYPTED"})
    void saysThatAPasswordIsWrong(Kind kind, Form form) throws IOException {
        Certificates own = CA.issue(kind, "server");
        refused(own, own.keyPem(form, PASSWORD), "wrong",
                "not decrypted by tls.private-key-password (expected: the password of this key)");
    }

    @ParameterizedTest
    @CsvSource({"PKCS8_ENCRYPTED", "TRADITIONAL_ENCRYPTED"})
    void saysThatAPasswordIsMissing(Form form) throws IOException {
        Certificates own = CA.issue("server");
        refused(own, own.keyPem(form, PASSWORD), "",
                "encrypted (expected: tls.private-key-password, or a key that is not encrypted)");
    }

    @ParameterizedTest
    @CsvSource({"EC", "RSA", "ED25519"})
    void saysThatAKeyIsOfAnotherCertificate(Kind kind) throws IOException {
        refused(CA.issue("server"), CA.issue(kind, "other").keyPem(Form.PKCS8, ""), "",
                "not the key of the certificate " + folder.resolve("server.crt")
                        + " (expected: the key of the first certificate of that file)");
    }

    @Test
    void saysThatAFileIsEmpty() throws IOException {
        refused(CA.issue("server"), "", "",
                "empty (expected: a private key in PEM: PKCS#8, PKCS#1 or SEC1)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage-of-a-user", "-----BEGIN NOTHING-----\nAAAA\n-----END NOTHING-----\n"})
    void saysThatThereIsNoKey(String text) throws IOException {
        refused(CA.issue("server"), text, "",
                (text.startsWith("-") ? "damaged" : "no private key in it")
                        + " (expected: a private key in PEM: PKCS#8, PKCS#1 or SEC1)");
    }

    @Test
    void saysThatAKeyIsCutOff() throws IOException {
        Certificates own = CA.issue("server");
        refused(own, own.keyPem(Form.PKCS8, "").substring(0, 100), "",
                "damaged (expected: a private key in PEM: PKCS#8, PKCS#1 or SEC1)");
    }

    @Test
    void saysThatAKeyIsOfAKindThatNobodySpeaks() throws Exception {
        openssl("genpkey -algorithm X25519 -out k");
        refused(CA.issue("server"), Files.readString(folder.resolve("k")), "",
                "a key of another kind (expected: RSA, EC or Ed25519)");
    }

    @Test
    void saysThatAFileIsADirectory() throws IOException {
        Path certificate = CA.issue("server").certificateIn(folder, "server");
        assertThatThrownBy(() -> read(certificate, folder))
                .hasMessage("tls.private-key: " + folder + ": a directory (expected: a file)");
    }

    @Test
    void saysThatAFileIsNotThere() throws IOException {
        Path missing = folder.resolve("missing.crt");
        Path key = CA.issue("server").keyIn(folder, "server");
        assertThatThrownBy(() -> read(missing, key)).hasMessage("tls.certificate: " + missing
                + ": not there (expected: a file that this process may read)");
    }

    @Test
    void saysThatAFileMayNotBeRead() {
        assertThat(PemFile.reason(new AccessDeniedException("x"))).isEqualTo("not readable");
    }

    @Test
    void saysThatACertificateIsMissing() throws IOException {
        Path key = CA.issue("server").keyIn(folder, "server");
        assertThatThrownBy(() -> read(key, key)).hasMessage(
                "tls.certificate: " + key + ": no certificate in it (expected: certificates in PEM)");
    }

    @Test
    void warnsOfAKeyThatEverybodyMayRead() throws IOException {
        Certificates own = CA.issue("server");
        Path key = own.keyIn(folder, "server");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        try (Warnings warnings = new Warnings()) {
            read(own.certificateIn(folder, "server"), key);
            assertThat(warnings.said()).containsExactly("tls.private-key: " + key
                    + ": readable by everybody on this machine (expected: mode 0600 or 0640)");
        }
    }

    @Test
    void warnsOfACertificateThatHasExpired() throws IOException {
        Certificates own = CA.issueExpired("server");
        try (Warnings warnings = new Warnings()) {
            read(own.certificateIn(folder, "server"), own.keyIn(folder, "server"));
            assertThat(warnings.said()).singleElement().asString()
                    .startsWith("tls.certificate: " + folder.resolve("server.crt") + ": valid from ")
                    .endsWith(" only (expected: valid now; peers will refuse it)");
        }
    }

    @Test
    void warnsOfNothingElse() throws IOException {
        Certificates own = CA.issue("server");
        try (Warnings warnings = new Warnings()) {
            read(own.certificateIn(folder, "server"), own.keyIn(folder, "server"));
            assertThat(warnings.said()).isEmpty();
        }
    }
}
