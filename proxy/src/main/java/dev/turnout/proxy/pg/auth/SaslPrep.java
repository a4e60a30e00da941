package dev.turnout.proxy.pg.auth;

import com.ongres.stringprep.Tables;
import java.text.Normalizer;
import java.util.Arrays;

/**
 * A password as PostgreSQL hashes it (pg_saslprep): ASCII as it stands, control characters and all; the rest by RFC
 * 4013; and what that forbids, as it stands again. Only the tables are a library's: its SASLprep drops U+200B where
 * PostgreSQL makes it a space, looks for what is forbidden after normalising instead of before, and throws
 * ArrayIndexOutOfBoundsException when nothing is left.
 */
final class SaslPrep {
    private SaslPrep() {}

    static String prepare(String password) {
        if (password.chars().allMatch(c -> c < 0x80)) {
            return password;
        }
        int[] mapped = password.codePoints()
                .map(c -> Tables.prohibitionNonAsciiSpace(c) ? ' ' : c)
                .filter(c -> !Tables.mapToNothing(c))
                .toArray();
        if (mapped.length == 0 || Arrays.stream(mapped).anyMatch(SaslPrep::isForbidden)
                || mixesDirections(mapped)) {
            return password;
        }
        return Normalizer.normalize(new String(mapped, 0, mapped.length), Normalizer.Form.NFKC);
    }

    /** RFC 4013, sections 2.3 and 2.5. */
    private static boolean isForbidden(int c) {
        return Tables.prohibitionAsciiControl(c)
                || Tables.prohibitionNonAsciiControl(c)
                || Tables.prohibitionPrivateUse(c)
                || Tables.prohibitionNonCharacterCodePoints(c)
                || Tables.prohibitionSurrogateCodes(c)
                || Tables.prohibitionInappropriatePlainText(c)
                || Tables.prohibitionInappropriateCanonicalRepresentation(c)
                || Tables.prohibitionChangeDisplayProperties(c)
                || Tables.prohibitionTaggingCharacters(c)
                || Tables.unassignedCodePoints(c);
    }

    /** RFC 3454, section 6. */
    private static boolean mixesDirections(int[] text) {
        return Arrays.stream(text).anyMatch(Tables::bidirectionalPropertyRorAL)
                && (Arrays.stream(text).anyMatch(Tables::bidirectionalPropertyL)
                        || !Tables.bidirectionalPropertyRorAL(text[0])
                        || !Tables.bidirectionalPropertyRorAL(text[text.length - 1]));
    }
}
