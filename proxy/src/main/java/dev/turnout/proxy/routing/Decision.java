package dev.turnout.proxy.routing;

import dev.turnout.config.Target;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where one request goes, and why. One for each connection, filled anew for each of its requests by
 * {@link Decider#decide}. Confined to its event loop.
 */
public final class Decision {
    /** Where there is no bucket, or no entry of a list. */
    public static final int NONE = -1;

    /** 128 bits: no two users draw the same. */
    private static final int ID_DIGITS = 32;
    private static final int DIGITS_OF_LONG = 16;

    Target target = Target.BLUE;
    Rung rung = Rung.UNKEYED;
    int bucket = NONE;
    int entry = NONE;
    boolean readOnly;
    long version;
    long epoch;
    byte @Nullable [] mintedName;
    /** Made for the first: most connections never draw one. */
    private byte[] mintedId = {};

    /** Begins anew; what is not set here every step of the ladder sets. */
    void reset(RoutingSnapshot snapshot) {
        bucket = NONE;
        entry = NONE;
        readOnly = false;
        version = snapshot.version();
        epoch = snapshot.epoch();
        mintedName = null;
    }

    /** Draws an id for a user who has none, copies it to {@code into} and returns its length. */
    int mint(byte[] name, LongSupplier random, byte[] into, int offset) {
        mintedName = name;
        if (mintedId.length == 0) {
            mintedId = new byte[ID_DIGITS];
        }
        long bits = 0;
        for (int i = 0; i < ID_DIGITS; i++) {
            bits = i % DIGITS_OF_LONG == 0 ? random.getAsLong() : bits >>> 4;
            mintedId[i] = (byte) Character.forDigit((int) (bits & 0xF), 16);
        }
        System.arraycopy(mintedId, 0, into, offset, ID_DIGITS);
        return ID_DIGITS;
    }

    public Target target() {
        return target;
    }

    public Rung rung() {
        return rung;
    }

    /** The place of the user's key between 0 and 999 999, or {@link #NONE} where no key decided. */
    public int bucket() {
        return bucket;
    }

    /** Which override or rule it was, from 0; {@link #NONE} on every other rung. */
    int entry() {
        return entry;
    }

    /** Whether an override or a rule declared that it only reads: it is to be held to that. */
    public boolean readOnly() {
        return readOnly;
    }

    /** Of the snapshot that decided. */
    public long version() {
        return version;
    }

    /** Of the snapshot that decided. */
    public long epoch() {
        return epoch;
    }

    /** The name of the cookie that the client is to be given, since it had none; null: none. */
    public byte @Nullable [] mintedName() {
        return mintedName;
    }

    /** The value of that cookie: hexadecimal digits. Valid until the next request. */
    public byte[] mintedId() {
        return mintedId;
    }

    /** The side had no healthy endpoint: the request goes to the other. */
    public void spill() {
        target = target.other();
        rung = Rung.SPILL;
    }
}
