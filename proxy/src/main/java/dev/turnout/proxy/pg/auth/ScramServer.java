package dev.turnout.proxy.pg.auth;

import dev.turnout.proxy.pg.auth.AuthException.Kind;
import java.security.MessageDigest;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of one SCRAM exchange (RFC 5802, RFC 7677; PostgreSQL, "SASL Authentication"), which learns the
 * client's key on the way. The user name in it is ignored, as PostgreSQL does: the startup packet has it.
 *
 * <pre>
 * client: SASLInitialResponse -> clientFirst -> SASLContinue
 * client: SASLResponse        -> clientFinal -> SASLFinal, AuthenticationOk
 * </pre>
 *
 * An exchange that has failed cannot be continued.
 */
public final class ScramServer {
    private enum Step {
        FIRST, FINAL, SUCCEEDED, FAILED
    }

    private final Verifier verifier;
    /** Not null exactly when SCRAM-SHA-256-PLUS is offered. */
    private final byte @Nullable [] endPoint;
    private final String ownNonce;
    private Step step = Step.FIRST;
    private boolean bound;
    private String gs2Header = "";
    private String clientFirstBare = "";
    private String serverFirst = "";
    private String nonce = "";
    private Credentials.@Nullable Keys keys;

    /**
     * @param endPoint hash of our certificate ({@link EndPoint}); null when it has none
     * @param tls whether the client speaks TLS to us; without it there is nothing to bind to
     * @param random a secure one
     */
    public ScramServer(Verifier verifier, byte @Nullable [] endPoint, boolean tls, RandomGenerator random) {
        this(verifier, tls ? endPoint : null, Scram.nonce(random));
    }

    ScramServer(Verifier verifier, byte @Nullable [] endPoint, String ownNonce) {
        this.verifier = verifier;
        this.endPoint = endPoint == null ? null : endPoint.clone();
        this.ownNonce = ownNonce;
    }

    /** What is offered, best first. */
    public List<String> mechanisms() {
        return endPoint == null ? List.of(Scram.PLAIN) : List.of(Scram.PLUS, Scram.PLAIN);
    }

    /**
     * The server-first-message.
     *
     * @param mechanism the client's choice
     * @param message its client-first-message; empty when it sent none, which no client does
     */
    public byte[] clientFirst(String mechanism, byte[] message) throws AuthException {
        enter(Step.FIRST);
        if (!mechanisms().contains(mechanism)) {
            throw AuthException.malformed("SASL mechanism: not one that was offered (expected: "
                    + String.join(" or ", mechanisms()) + ")");
        }
        bound = mechanism.equals(Scram.PLUS);
        readClientFirst(Scram.text(message));
        serverFirst = "r=" + nonce + ",s=" + Scram.base64(verifier.salt()) + ",i=" + verifier.iterations();
        step = Step.FINAL;
        return Scram.bytesOf(serverFirst);
    }

    private void readClientFirst(String text) throws AuthException {
        int flagEnd = text.indexOf(',');
        int headerEnd = flagEnd < 0 ? -1 : text.indexOf(',', flagEnd + 1);
        if (headerEnd < 0) {
            throw AuthException.malformed("SCRAM message: it has no channel-binding flag");
        }
        checkFlag(text.substring(0, flagEnd));
        if (headerEnd > flagEnd + 1) {
            throw AuthException.malformed("SCRAM message: an authorization identity (expected: none)");
        }
        gs2Header = text.substring(0, headerEnd + 1);
        clientFirstBare = text.substring(headerEnd + 1);
        Attributes attributes = new Attributes(clientFirstBare);
        attributes.take('n');
        nonce = attributes.takeNonce() + ownNonce;
        attributes.skipExtensions();
    }

    /** RFC 5802, section 6. */
    private void checkFlag(String flag) throws AuthException {
        if (bound) {
            if (!flag.equals(Scram.BINDING)) {
                throw AuthException.malformed(
                        "SCRAM channel binding: not usable (expected: " + Scram.BINDING + ")");
            }
            return;
        }
        switch (flag) {
            case "n" -> {
            }
            case "y" -> refuseDowngrade();
            default -> throw AuthException
                    .malformed("SCRAM channel binding: wanted without " + Scram.PLUS + ", or unknown flag");
        }
    }

    private void refuseDowngrade() throws AuthException {
        if (endPoint != null) {
            throw new AuthException(Kind.CLIENT_WRONG,
                    "SCRAM channel binding: the client could and thinks that "
                            + "this proxy cannot (expected: " + Scram.PLUS
                            + "; something between the two takes the offer out)");
        }
    }

    /** The server-final-message; after it the client is who it says it is. */
    public byte[] clientFinal(byte[] message) throws AuthException {
        enter(Step.FINAL);
        String text = Scram.text(message);
        Attributes attributes = new Attributes(text);
        checkBinding(attributes.takeBytes('c', null));
        if (!attributes.takeNonce().equals(nonce)) {
            throw AuthException.malformed("SCRAM nonce: not the one of this exchange");
        }
        attributes.skipExtensionsTo('p');
        byte[] proof = attributes.takeBytes('p', Sha256.BYTES);
        attributes.end();
        byte[] authMessage = Scram.bytesOf(clientFirstBare + "," + serverFirst + ","
                + text.substring(0, text.lastIndexOf(',')));
        byte[] clientKey = Sha256.xor(proof, Sha256.hmac(verifier.storedKey(), authMessage));
        byte[] signature = Sha256.hmac(verifier.serverKey(), authMessage);
        if (!verifier.accepts(clientKey)) {
            throw new AuthException(Kind.CLIENT_WRONG,
                    "password: wrong, or the role is unknown or has no SCRAM verifier");
        }
        keys = new Credentials.Keys(verifier, clientKey);
        step = Step.SUCCEEDED;
        return Scram.bytesOf("v=" + Scram.base64(signature));
    }

    private void checkBinding(byte[] found) throws AuthException {
        byte[] header = Scram.bytesOf(gs2Header);
        if (!bound || endPoint == null) {
            if (!MessageDigest.isEqual(header, found)) {
                throw AuthException.malformed("SCRAM attribute c: not the header of the first message");
            }
            return;
        }
        byte[] expected = new byte[header.length + endPoint.length];
        System.arraycopy(header, 0, expected, 0, header.length);
        System.arraycopy(endPoint, 0, expected, header.length, endPoint.length);
        if (!MessageDigest.isEqual(expected, found)) {
            throw new AuthException(Kind.CLIENT_WRONG,
                    "SCRAM channel binding: the client sees another certificate "
                            + "than ours (expected: nothing between the two that ends TLS)");
        }
    }

    /** What the proof has told; one and the same for all calls. Whoever asks destroys them. */
    public Credentials.Keys keys() {
        if (keys == null) {
            throw new IllegalStateException("keys: none in step " + step + " (expected: SUCCEEDED)");
        }
        return keys;
    }

    /** Failed, until the step is through. */
    private void enter(Step expected) {
        if (step != expected) {
            throw new IllegalStateException("SCRAM step: " + step + " (expected: " + expected + ")");
        }
        step = Step.FAILED;
    }
}
