package dev.turnout.proxy.routing;

import dev.turnout.config.CohortConfig;
import java.nio.charset.StandardCharsets;

/** What tells the users of a route apart, and where their keys fall. Immutable. */
final class UserKey {
    private final Fact.Kind kind;
    private final byte[] name;
    /** The salt and the separator: what stands before every key. */
    private final byte[] salted;
    private final boolean mint;

    UserKey(CohortConfig cohort, String salt) {
        Fact fact = Fact.of(cohort.key());
        kind = fact.kind();
        name = fact.nameBytes();
        salted = (salt + (char) Cohort.SEPARATOR).getBytes(StandardCharsets.UTF_8);
        mint = cohort.mint();
    }

    /** Whether a user without a key is given one. */
    boolean mints() {
        return mint;
    }

    /** The name of the cookie or header or parameter. */
    byte[] name() {
        return name;
    }

    /** Where the key stands in the scratch. */
    int start() {
        return salted.length;
    }

    /** Reads the key of a request and returns its length; 0: it has none, or an empty one. */
    int read(RequestFacts facts, byte[] scratch) {
        if (kind == Fact.Kind.CLIENT) {
            int behind = salted.length + AddressText.LONGEST;
            int length = facts.client(scratch, behind);
            return length < 0 ? 0 : AddressText.write(scratch, behind, length, salted.length);
        }
        return Math.max(0, Fact.read(kind, name, facts, scratch, salted.length));
    }

    /** The place of the key that stands in the scratch, between 0 and 999 999. */
    int bucket(byte[] scratch, int length) {
        System.arraycopy(salted, 0, scratch, 0, salted.length);
        return Cohort.bucket(Xxh64.hash(scratch, salted.length + length));
    }
}
