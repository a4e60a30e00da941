package dev.turnout.proxy.pg.session;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether SQL asks to leave a read-only mode that was set for its session. Looks at words, not at grammar: it errs towards
 * yes, as when the words stand in a literal, or where it cannot tell which setting is meant. What a function does out of
 * sight it does not see. Linear in the length of the SQL. Pure.
 */
public final class WriteIntent {
    private static final Pattern READ_WRITE = Pattern.compile("\\bread\\s++write\\b");
    /** Comments nest in PostgreSQL, so behind the beginning of one anything may be its end. */
    private static final Pattern READ_COMMENT = Pattern.compile("\\bread\\s*+(?:--|/\\*)");
    private static final Pattern WRITE = Pattern.compile("\\bwrite\\b");
    private static final String SETTING = "transaction_read_only";
    private static final Pattern SETS = Pattern.compile("\\b(?:set|set_config|reset)\\b");
    private static final String SET_CONFIG = "set_config";
    /** The name of a setting that is there to be read, without escapes and not put together. */
    private static final Pattern PLAIN_NAME = Pattern.compile("\\s*+\\(\\s*+'[^'\\\\]*+'\\s*+,");
    /** A view whose rule for UPDATE sets. */
    private static final String SETTINGS = "pg_settings";
    /** A name in which any letter may be escaped. */
    private static final String ESCAPED_NAME = "u&\"";

    private WriteIntent() {}

    public static boolean isIn(byte[] sql) {
        String text = new String(sql, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        return (text.contains("write") && beginsReadWrite(text))
                || (text.contains(SETTING) && SETS.matcher(text).find())
                || (text.contains(SET_CONFIG) && setsWhatIsNotPlain(text))
                || (text.contains(SETTINGS) && text.contains("update"))
                || text.contains(ESCAPED_NAME);
    }

    private static boolean beginsReadWrite(String text) {
        if (READ_WRITE.matcher(text).find()) {
            return true;
        }
        Matcher comment = READ_COMMENT.matcher(text);
        return comment.find() && WRITE.matcher(text).find(comment.end());
    }

    private static boolean setsWhatIsNotPlain(String text) {
        Matcher name = PLAIN_NAME.matcher(text);
        for (int at = text.indexOf(SET_CONFIG); at >= 0; at = text.indexOf(SET_CONFIG, at + 1)) {
            if (!name.region(at + SET_CONFIG.length(), text.length()).lookingAt()) {
                return true;
            }
        }
        return false;
    }
}
