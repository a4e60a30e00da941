package dev.turnout.proxy.pg.auth;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What both ends of a SCRAM exchange have in common. */
final class Scram {
    static final String PLAIN = "SCRAM-SHA-256";
    static final String PLUS = "SCRAM-SHA-256-PLUS";
    /** The channel-binding flag of RFC 5929, section 4. PostgreSQL knows no other kind. */
    static final String BINDING = "p=tls-server-end-point";
    /** The limit of PostgreSQL for what a client sends (PG_MAX_SASL_MESSAGE_LENGTH); servers send less. */
    static final int MAX_BYTES = 1024;
    private static final int NONCE_BYTES = 18;

    private Scram() {}

    static String nonce(RandomGenerator random) {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        return base64(bytes);
    }

    static boolean isNonce(String value) {
        return !value.isEmpty() && value.chars().allMatch(c -> c > ' ' && c < 0x7F && c != ',');
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** The bytes of strict base64: padded, nothing between, no other text for the same bytes; else null. */
    static byte @Nullable [] bytes(String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            return base64(bytes).equals(base64) ? bytes : null;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /** One char for each byte, so that a message can be hashed as it came. */
    static String text(byte[] message) throws AuthException {
        if (message.length == 0 || message.length > MAX_BYTES) {
            throw AuthException.malformed(
                    "SCRAM message: " + message.length + " bytes (expected: 1.." + MAX_BYTES + ")");
        }
        String text = new String(message, StandardCharsets.ISO_8859_1);
        if (text.indexOf('\0') >= 0) {
            throw AuthException.malformed("SCRAM message: a zero byte in it (expected: none)");
        }
        return text;
    }

    static byte[] bytesOf(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
