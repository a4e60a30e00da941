package dev.turnout.proxy.testkit;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/** Digests of text, one char for each byte. */
final class Digests {
    private Digests() {}

    static String sha256(String text) {
        return HexFormat.of().formatHex(digest("SHA-256", text));
    }

    static String sha1InBase64(String text) {
        return Base64.getEncoder().encodeToString(digest("SHA-1", text));
    }

    private static byte[] digest(String algorithm, String text) {
        try {
            return MessageDigest.getInstance(algorithm).digest(Bytes.bytes(text));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new AssertionError(everyJdkHasIt);
        }
    }
}
