package dev.turnout.proxy.pg.auth;

import dev.turnout.proxy.pg.auth.AuthException.Kind;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of one SCRAM exchange, with a password or with the keys that a {@link ScramServer} learnt.
 *
 * <pre>
 * server: SASL (mechanisms) -> constructor, mechanism, first -> SASLInitialResponse
 * server: SASLContinue      -> next                          -> SASLResponse
 * server: SASLFinal         -> last
 * </pre>
 *
 * An exchange that has failed cannot be continued.
 */
public final class ScramClient {
    /**
     * More than anybody has set, and less than a second of computing. PostgreSQL's default is 4096; its own limit,
     * 2147483647, would keep a core busy for a quarter of an hour.
     */
    static final int MAX_ITERATIONS = 1_000_000;
    /** RFC 5802, section 7, server-error-value. Others are not shown: nobody knows what a server puts there. */
    private static final Set<String> ERRORS = Set.of("invalid-encoding", "extensions-not-supported",
            "invalid-proof",
            "channel-bindings-dont-match", "server-does-support-channel-binding",
            "channel-binding-not-supported",
            "unsupported-channel-binding-type", "unknown-user", "invalid-username-encoding", "no-resources",
            "other-error");

    private enum Step {
        FIRST, NEXT, LAST, SUCCEEDED, FAILED
    }

    private final Credentials credentials;
    private final String mechanism;
    private final String gs2Header;
    private final byte[] binding;
    private final String nonce;
    private Step step = Step.FIRST;
    private byte[] expectedSignature = {};

    /**
     * @param offered the mechanisms of the server
     * @param endPoint hash of the certificate that the server showed ({@link EndPoint}); null when there is none
     * @param tls whether we speak TLS to the server
     * @param random a secure one
     */
    public ScramClient(Credentials credentials, List<String> offered, byte @Nullable [] endPoint, boolean tls,
            RandomGenerator random) throws AuthException {
        refuseWhatCannot(credentials);
        this.credentials = credentials;
        boolean plusOffered = offered.contains(Scram.PLUS);
        if (plusOffered && !tls) {
            throw serverWrong(
                    "SASL mechanisms: " + Scram.PLUS + " without TLS (expected: only over TLS; something "
                            + "between this proxy and the server ends it)");
        }
        boolean canBind = tls && endPoint != null;
        boolean binds = canBind && plusOffered;
        if (!binds && !offered.contains(Scram.PLAIN)) {
            throw serverWrong(
                    "SASL mechanisms: none that this proxy can use (expected: " + Scram.PLAIN + ")");
        }
        mechanism = binds ? Scram.PLUS : Scram.PLAIN;
        gs2Header = (binds ? Scram.BINDING : canBind ? "y" : "n") + ",,";
        byte[] header = Scram.bytesOf(gs2Header);
        binding = Arrays.copyOf(header, header.length + (binds && endPoint != null ? endPoint.length : 0));
        if (binds && endPoint != null) {
            System.arraycopy(endPoint, 0, binding, header.length, endPoint.length);
        }
        nonce = Scram.nonce(random);
    }

    private static void refuseWhatCannot(Credentials credentials) throws AuthException {
        switch (credentials) {
            case Credentials.None _ ->
                throw serverWrong("credentials: none (expected: a password; the server asks for SCRAM)");
            case Credentials.Md5 _ ->
                throw serverWrong(
                        "credentials: an MD5 hash (expected: a password or a SCRAM verifier of the role; "
                                + "the server asks for SCRAM)");
            case Credentials.Password _,Credentials.Keys _ -> {
            }
        }
    }

    public String mechanism() {
        return mechanism;
    }

    /** The client-first-message, with no user name: the server takes it from the startup packet. */
    public byte[] first() {
        enter(Step.FIRST);
        step = Step.NEXT;
        return Scram.bytesOf(gs2Header + firstBare());
    }

    private String firstBare() {
        return "n=,r=" + nonce;
    }

    /**
     * The client-final-message. With a password that was not used with this salt before it costs two hashes per
     * iteration, some 3 ms for 4096.
     */
    public byte[] next(byte[] serverFirst) throws AuthException {
        enter(Step.NEXT);
        String text = Scram.text(serverFirst);
        Attributes attributes = new Attributes(text);
        String bothNonces = attributes.takeNonce();
        if (!bothNonces.startsWith(nonce) || bothNonces.length() == nonce.length()) {
            throw AuthException.malformed("SCRAM nonce: not ours with the server's behind it");
        }
        byte[] salt = attributes.takeBytes('s', null);
        int iterations = iterations(attributes.take('i'));
        attributes.skipExtensions();
        String withoutProof = "c=" + Scram.base64(binding) + ",r=" + bothNonces;
        byte[] authMessage = Scram.bytesOf(firstBare() + "," + text + "," + withoutProof);
        byte[] proof = switch (credentials) {
            case Credentials.Password(var password, var keys) -> {
                PasswordKeys.Made made = keys.of(password.reveal(), salt, iterations);
                yield sign(made.clientKey(), made.serverKey(), authMessage);
            }
            case Credentials.Keys keys -> {
                refuseOtherVerifier(keys, salt, iterations);
                yield sign(keys.clientKey(), keys.serverKey(), authMessage);
            }
            case Credentials.None _,Credentials.Md5 _ ->
                throw new IllegalStateException("the constructor has refused them");
        };
        step = Step.LAST;
        return Scram.bytesOf(withoutProof + ",p=" + Scram.base64(proof));
    }

    private static int iterations(String text) throws AuthException {
        int iterations = text.matches("[1-9][0-9]{0,8}") ? Integer.parseInt(text) : 0;
        if (iterations < 1 || iterations > MAX_ITERATIONS) {
            throw serverWrong("SCRAM iterations: too many, or no number (expected: 1.." + MAX_ITERATIONS
                    + "; see scram_iterations of the server)");
        }
        return iterations;
    }

    private static void refuseOtherVerifier(Credentials.Keys keys, byte[] salt, int iterations)
            throws AuthException {
        if (!keys.belongTo(salt, iterations)) {
            throw serverWrong(
                    "verifier: the two sides have different ones for this role, even if the password is the "
                            + "same, or it was changed or expired just now (expected: the same one; read rolpassword "
                            + "from pg_authid on the side that clients are checked against and run ALTER ROLE ... "
                            + "PASSWORD 'SCRAM-SHA-256$...' with it on the other)");
        }
    }

    private byte[] sign(byte[] clientKey, byte[] serverKey, byte[] authMessage) {
        expectedSignature = Sha256.hmac(serverKey, authMessage);
        return Sha256.xor(clientKey, Sha256.hmac(Sha256.hash(clientKey), authMessage));
    }

    /** Checks that the server knows the role's verifier as well. */
    public void last(byte[] serverFinal) throws AuthException {
        enter(Step.LAST);
        Attributes attributes = new Attributes(Scram.text(serverFinal));
        if (attributes.isNext('e')) {
            String error = attributes.take('e');
            throw serverWrong("SCRAM: the server refuses: " + (ERRORS.contains(error) ? error : "not shown"));
        }
        byte[] signature = attributes.takeBytes('v', Sha256.BYTES);
        attributes.skipExtensions();
        if (!MessageDigest.isEqual(expectedSignature, signature)) {
            throw serverWrong(
                    "SCRAM server signature: wrong (expected: a server that knows this role; is it the right "
                            + "endpoint?)");
        }
        step = Step.SUCCEEDED;
    }

    /** Failed, until the step is through. */
    private void enter(Step expected) {
        if (step != expected) {
            throw new IllegalStateException("SCRAM step: " + step + " (expected: " + expected + ")");
        }
        step = Step.FAILED;
    }

    private static AuthException serverWrong(String message) {
        return new AuthException(Kind.SERVER_WRONG, message);
    }
}
