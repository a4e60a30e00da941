package dev.turnout.proxy.pg.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a server keeps of a password, as it stands in pg_authid: {@code
 * SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>}. Immutable, any thread. Whoever has it cannot log in with
 * it, but can try passwords on it and can pose as the server: it is never printed.
 */
public final class Verifier {
    private static final int MOCK_SALT_BYTES = 16;
    private static final int DEFAULT_ITERATIONS = 4096;
    private static final String PREFIX = "SCRAM-SHA-256$";
    private static final Pattern TEXT = Pattern
            .compile("SCRAM-SHA-256\\$([1-9][0-9]{0,8}):([^$:]+)\\$([^$:]+):([^$:]+)");

    private final int iterations;
    private final byte[] salt;
    private final byte[] storedKey;
    private final byte[] serverKey;
    private final boolean mock;

    private Verifier(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey, boolean mock) {
        this.iterations = iterations;
        this.salt = salt;
        this.storedKey = storedKey;
        this.serverKey = serverKey;
        this.mock = mock;
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException when it is none; the message does not show the text
     */
    public static Verifier parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (parts.matches()) {
            byte @Nullable [] salt = Scram.bytes(parts.group(2));
            byte @Nullable [] stored = Scram.bytes(parts.group(3));
            byte @Nullable [] server = Scram.bytes(parts.group(4));
            if (salt != null && isKey(stored) && isKey(server)) {
                return new Verifier(Integer.parseInt(parts.group(1)), salt, Objects.requireNonNull(stored),
                        Objects.requireNonNull(server), false);
            }
        }
        throw new IllegalArgumentException("verifier: not shown (expected: " + PREFIX
                + "<iterations>:<salt>$<StoredKey>:<ServerKey>, as pg_authid.rolpassword has it)");
    }

    private static boolean isKey(byte @Nullable [] bytes) {
        return bytes != null && bytes.length == Sha256.BYTES;
    }

    /** Whether it is meant to be one, not whether it is right. */
    public static boolean isVerifier(String text) {
        return text.startsWith(PREFIX);
    }

    /** What PostgreSQL would keep of this password. Costs two hashes per iteration. */
    public static Verifier of(String password, byte[] salt, int iterations) {
        byte[] salted = Sha256.salted(password, salt, iterations);
        byte[] clientKey = clientKey(salted);
        Verifier verifier = new Verifier(iterations, salt.clone(), Sha256.hash(clientKey), serverKey(salted),
                false);
        Arrays.fill(salted, (byte) 0);
        Arrays.fill(clientKey, (byte) 0);
        return verifier;
    }

    /**
     * For a user that does not exist, or has no password: always with the same salt, as a user that exists, and never
     * accepted.
     *
     * @param instanceNonce secret, so that nobody can tell the salt from a real one; the same on all instances
     */
    public static Verifier mock(String user, byte[] instanceNonce) {
        byte[] salt = Arrays.copyOf(Sha256.hash(user.getBytes(StandardCharsets.UTF_8), instanceNonce),
                MOCK_SALT_BYTES);
        return new Verifier(DEFAULT_ITERATIONS, salt, new byte[Sha256.BYTES], new byte[Sha256.BYTES], true);
    }

    static byte[] clientKey(byte[] salted) {
        return Sha256.hmac(salted, Scram.bytesOf("Client Key"));
    }

    static byte[] serverKey(byte[] salted) {
        return Sha256.hmac(salted, Scram.bytesOf("Server Key"));
    }

    /** Whether this is the key that the verifier was made of. At the same cost, a mock says no. */
    boolean accepts(byte[] clientKey) {
        boolean right = MessageDigest.isEqual(Sha256.hash(clientKey), storedKey);
        return right && !mock;
    }

    public int iterations() {
        return iterations;
    }

    public byte[] salt() {
        return salt.clone();
    }

    public byte[] storedKey() {
        return storedKey.clone();
    }

    public byte[] serverKey() {
        return serverKey.clone();
    }

    /** Whether it stands for a user that cannot log in. */
    public boolean isMock() {
        return mock;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Verifier that
                && iterations == that.iterations
                && mock == that.mock
                && MessageDigest.isEqual(salt, that.salt)
                && MessageDigest.isEqual(storedKey, that.storedKey)
                && MessageDigest.isEqual(serverKey, that.serverKey);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(salt);
    }

    @Override
    public String toString() {
        return "Verifier(redacted)";
    }
}
