package dev.turnout.proxy.pg.auth;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What SCRAM makes of one password with the salts of the servers that it was used with lately: to make it takes thousands of
 * hashes, and sessions begin all the time. Any thread.
 */
public final class PasswordKeys {
    /** Two sides, and what they had before a change. */
    private static final int MOST = 4;

    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReferenceArray<@Nullable Made> made = new AtomicReferenceArray<>(MOST);

    /** Both keys, for one salt and one number of iterations. */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    record Made(byte[] salt, int iterations, byte[] clientKey, byte[] serverKey) {}

    Made of(String password, byte[] salt, int iterations) {
        for (int i = 0; i < MOST; i++) {
            Made known = made.get(i);
            if (known != null && known.iterations == iterations && MessageDigest.isEqual(known.salt, salt)) {
                return known;
            }
        }
        byte[] salted = Sha256.salted(password, salt, iterations);
        Made fresh = new Made(salt.clone(), iterations, Verifier.clientKey(salted),
                Verifier.serverKey(salted));
        Arrays.fill(salted, (byte) 0);
        made.set(Math.floorMod(next.getAndIncrement(), MOST), fresh);
        return fresh;
    }
}
