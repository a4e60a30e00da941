package dev.turnout.proxy.app.soak;

import java.util.SplittableRandom;
import java.util.zip.CRC32;

/** Bytes that only one message can have: they follow from its token. Pure. */
final class Proof {
    /** Stands in everything that must never reach anybody. */
    static final String POISON = "POISON";

    private Proof() {}

    /** The body of a request. */
    static byte[] asked(String token, int bytes) {
        return bytes("asked " + token, bytes);
    }

    /** The body of its answer. */
    static byte[] answered(String token, int bytes) {
        return bytes("answered " + token, bytes);
    }

    private static byte[] bytes(String whose, int count) {
        long seed = 0;
        for (int i = 0; i < whose.length(); i++) {
            seed = seed * 1_000_003 + whose.charAt(i);
        }
        byte[] bytes = new byte[count];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    static String sum(byte[] bytes) {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        return Long.toHexString(sum.getValue());
    }
}
