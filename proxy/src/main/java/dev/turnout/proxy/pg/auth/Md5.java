package dev.turnout.proxy.pg.auth;

import dev.turnout.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** The MD5 authentication of PostgreSQL. Weak, and still what some servers ask for. */
public final class Md5 {
    private static final String PREFIX = "md5";
    private static final Pattern HASH = Pattern.compile("md5[0-9a-f]{32}");

    private Md5() {}

    /** What pg_authid keeps: {@code md5} and the hash of password and user. Whoever has it can log in. */
    public static String hash(String password, String user) {
        return hashed(password.getBytes(StandardCharsets.UTF_8), user.getBytes(StandardCharsets.UTF_8));
    }

    public static boolean isHash(String text) {
        return HASH.matcher(text).matches();
    }

    /**
     * The text of the password message that answers an AuthenticationMD5Password with this salt.
     *
     * @param hash of {@link #hash}, or from pg_authid
     */
    public static byte[] response(Secret hash, byte[] salt) {
        byte[] digits = hash.reveal().substring(PREFIX.length()).getBytes(StandardCharsets.US_ASCII);
        return hashed(digits, salt).getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether a client's answer to this salt is right, in a time that does not depend on it. */
    public static boolean matches(Secret hash, byte[] salt, byte[] answer) {
        return MessageDigest.isEqual(response(hash, salt), answer);
    }

    private static String hashed(byte[] first, byte[] second) {
        return PREFIX + HexFormat.of().formatHex(Sha256.hash("MD5", first, second));
    }
}
