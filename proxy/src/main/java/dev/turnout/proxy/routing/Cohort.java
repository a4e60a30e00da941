package dev.turnout.proxy.routing;

import dev.turnout.config.Share;
import dev.turnout.config.Target;

/**
 * Which side a key belongs to: green iff {@code mulHigh(XXH64(salt, 0x1F, key), 1 000 000) < green}, in parts per
 * million. Green's interval is anchored at 0, so raising the share only adds keys and lowering it only removes the
 * newest. The same on every instance, after every restart, and in every application that follows the golden vectors.
 */
public final class Cohort {
    /** Stands between salt and key; no salt contains it, so two pairs never make the same bytes. */
    static final byte SEPARATOR = 0x1F;

    private Cohort() {}

    /** @param hash any 64 bits that are spread evenly */
    static Target side(long hash, int greenPpm) {
        return bucket(hash) < greenPpm ? Target.GREEN : Target.BLUE;
    }

    /** The place of a hash between 0 and 999 999. */
    static int bucket(long hash) {
        return (int) Math.unsignedMultiplyHigh(hash, Share.WHOLE_PPM);
    }

    /** The side of a key, as an application may work it out for itself. */
    public static Target side(byte[] salt, byte[] key, Share green) {
        byte[] salted = new byte[salt.length + 1 + key.length];
        System.arraycopy(salt, 0, salted, 0, salt.length);
        salted[salt.length] = SEPARATOR;
        System.arraycopy(key, 0, salted, salt.length + 1, key.length);
        return side(Xxh64.hash(salted, salted.length), green.ppm());
    }
}
