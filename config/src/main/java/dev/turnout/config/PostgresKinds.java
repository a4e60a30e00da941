package dev.turnout.config;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kinds of values that only PostgreSQL routes have. */
final class PostgresKinds {
    /** NAMEDATALEN of PostgreSQL, without its final zero. */
    private static final int MAX_NAME_BYTES = 63;
    private static final int KEY_BYTES = 32;
    private static final String SCRAM = "SCRAM-SHA-256$";
    private static final Pattern SCRAM_VERIFIER = Pattern.compile(
            "SCRAM-SHA-256\\$[1-9]\\d{0,8}:([A-Za-z0-9+/]+=*)\\$([A-Za-z0-9+/]+=*):([A-Za-z0-9+/]+=*)");
    private static final Pattern MD5_VERIFIER = Pattern.compile("md5[0-9a-f]{32}");

    /** Of a user, a role or a database. */
    static final Kind<String> NAME = Kind.text("1 to 63 bytes of UTF-8, none a control character",
            text -> text.matches("[\\P{Cc}&&\\P{Cs}]+")
                    && text.getBytes(StandardCharsets.UTF_8).length <= MAX_NAME_BYTES);
    /** Of a startup parameter, so also of a setting that {@code options} names. */
    static final Kind<String> PARAMETER = Kind.matching("1 to 63 letters, digits and _ . $",
            "[A-Za-z0-9_.$]{1,63}");
    static final Kind<String> PARAMETER_VALUE = Kind.matching(
            "1 to 1024 characters, none a control character",
            "[\\P{Cc}&&\\P{Cs}]{1,1024}");
    static final Kind<String> SQL = Kind.text("a statement of at most 10000 characters with the parameter $1",
            text -> text.length() <= 10_000 && text.contains("$1"));
    /** As PostgreSQL does, what has the form of a verifier is taken for one; a broken one for a slip. */
    static final Kind<Secret> PASSWORD = Kind.text(
            "1 to 1024 characters, none a control character; a SCRAM verifier must be whole",
            text -> PARAMETER_VALUE.fit(text).isPresent() && (!text.startsWith(SCRAM) || isVerifier(text)))
            .andThen(Secret::new).asSecret();
    static final Kind<Secret> VERIFIER = Kind.text(
            "SCRAM-SHA-256$<iterations>:<salt>$<stored key>:<server key>, or md5 and 32 hexadecimal digits",
            PostgresKinds::isVerifier).andThen(Secret::new).asSecret();
    static final Kind<Secret> KEY_PASSWORD = Kind.text("1 to 1024 characters",
            text -> !text.isEmpty() && text.length() <= 1024).andThen(Secret::new).asSecret();

    private PostgresKinds() {}

    private static boolean isVerifier(String text) {
        Matcher scram = SCRAM_VERIFIER.matcher(text);
        return scram.matches()
                ? bytes(scram.group(1)) > 0 && bytes(scram.group(2)) == KEY_BYTES
                        && bytes(scram.group(3)) == KEY_BYTES
                : MD5_VERIFIER.matcher(text).matches();
    }

    /** How many bytes a base64 text stands for; 0 when it is none. */
    private static int bytes(String base64) {
        try {
            return base64.length() % 4 == 0 ? Base64.getDecoder().decode(base64).length : 0;
        } catch (IllegalArgumentException e) { // padding in a place where none can be
            return 0;
        }
    }
}
