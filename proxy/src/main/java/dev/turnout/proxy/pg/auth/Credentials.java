package dev.turnout.proxy.pg.auth;

import dev.turnout.config.Secret;
import java.security.MessageDigest;
import java.util.Arrays;

/** What logs in to a server. */
public sealed interface Credentials {
    /** Nothing: only servers that ask for nothing let it in. */
    record None() implements Credentials {}

    /**
     * Good for whatever a server asks.
     *
     * @param keys remembers what was made of it
     */
    record Password(Secret password, PasswordKeys keys) implements Credentials {
        public Password(Secret password) {
            this(password, new PasswordKeys());
        }
    }

    /**
     * Good for MD5 only.
     *
     * @param hash {@code md5} and 32 hexadecimal digits, as pg_authid has it
     */
    record Md5(Secret hash) implements Credentials {
        public Md5 {
            if (!dev.turnout.proxy.pg.auth.Md5.isHash(hash.reveal())) {
                throw new IllegalArgumentException(
                        "hash: not shown (expected: md5 and 32 hexadecimal digits)");
            }
        }
    }

    /**
     * What a client's proof has told us: good for SCRAM with any server that has the same verifier for the role. They
     * belong to the identity that logged in and die with its session.
     */
    final class Keys implements Credentials {
        private final byte[] clientKey;
        private final byte[] serverKey;
        private final byte[] salt;
        private final int iterations;
        private boolean destroyed;

        /** Takes ownership of {@code clientKey}. */
        Keys(Verifier verifier, byte[] clientKey) {
            this.clientKey = clientKey;
            this.serverKey = verifier.serverKey();
            this.salt = verifier.salt();
            this.iterations = verifier.iterations();
        }

        /** Borrowed: destroyed with the keys. */
        byte[] clientKey() {
            return alive(clientKey);
        }

        byte[] serverKey() {
            return alive(serverKey);
        }

        private byte[] alive(byte[] key) {
            if (destroyed) {
                throw new IllegalStateException("keys: destroyed (expected: not used after their session)");
            }
            return key;
        }

        boolean belongTo(byte[] otherSalt, int otherIterations) {
            return iterations == otherIterations && MessageDigest.isEqual(salt, otherSalt);
        }

        /** Overwrites them; using them later is a bug. */
        public void destroy() {
            destroyed = true;
            Arrays.fill(clientKey, (byte) 0);
            Arrays.fill(serverKey, (byte) 0);
        }

        @Override
        public String toString() {
            return "Keys(redacted)";
        }
    }
}
